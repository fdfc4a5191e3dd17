// The best stories: for everything that was sighted, a shortest schedule, and one with the fewest preemptions.
//
// Both are searches over all states, without any reduction, that end as soon as everything has been reached: breadth first
// for the shortest, and for the other Dijkstra's over (preemptions, switches, steps).

import TinyQueue from "tinyqueue";
import {BLOCKED, ENDS, FINISHED, placeKey, type Space} from "./space.ts";
import type {Watch} from "./watch.ts";

export type Story = {readonly schedule: readonly number[]; readonly preemptions: number};

/** A shortest schedule to each of `ids`, or to those that were reached before `watch` said stop. */
export function shortest(space: Space, ids: ReadonlySet<string>, watch: Watch): Map<string, number[]> {
  const wanted = new Set(ids);
  const found = new Map<string, number[]>();
  const queue = [0];
  const cameFrom = new Map<number, {state: number; thread: number}>([[0, {state: -1, thread: -1}]]);
  const pathTo = (state: number): number[] => {
    const path: number[] = [];
    for (let at = cameFrom.get(state)!; at.state >= 0; at = cameFrom.get(at.state)!) path.push(at.thread);
    return path.reverse();
  };
  const note = (state: number, thread: number): void => {
    for (const id of space.sightedAt.get(placeKey(space, {state, thread})) ?? []) {
      if (!wanted.delete(id)) continue;
      found.set(id, thread < 0 ? pathTo(state) : [...pathTo(state), thread]);
    }
  };

  for (let head = 0; head < queue.length && wanted.size > 0; head++) {
    if (head % 1024 === 0 && watch.isOver()) break;
    const state = queue[head];
    let possible = false;
    for (let thread = 0; thread < space.threads; thread++) {
      const next = space.successor(state, thread);
      if (next !== BLOCKED && next !== FINISHED) possible = true;
      note(state, thread);
      if (next <= ENDS || cameFrom.has(next)) continue;
      cameFrom.set(next, {state, thread});
      queue.push(next);
    }
    if (!possible) space.judgeEnd(state);
    note(state, -1);
  }
  return found;
}

type Visit = {
  readonly state: number;
  /** The thread that made the last step. */
  readonly last: number;
  readonly preemptions: number;
  readonly switches: number;
  readonly steps: number;
  readonly from: Visit | null;
  /** What the last step, or the state after it, has shown. */
  readonly sighted: readonly string[];
};

function cheaper(a: Visit, b: Visit): number {
  return a.preemptions - b.preemptions || a.switches - b.switches || a.steps - b.steps;
}

/** A schedule with the fewest preemptions to each of `ids`; among those the fewest switches, then steps. */
export function fewestPreemptions(space: Space, ids: ReadonlySet<string>, watch: Watch): Map<string, Story> {
  const wanted = new Set(ids);
  const found = new Map<string, Story>();
  const start: Visit = {state: 0, last: -1, preemptions: 0, switches: 0, steps: 0, from: null, sighted: []};
  const queue = new TinyQueue<Visit>([start], cheaper);
  const seen = new Set<number>();

  for (let turn = 0; queue.length > 0 && wanted.size > 0; turn++) {
    if (turn % 1024 === 0 && watch.isOver()) break;
    const visit = queue.pop()!;
    for (const id of visit.sighted) {
      if (wanted.delete(id)) found.set(id, {schedule: scheduleOf(visit), preemptions: visit.preemptions});
    }
    if (visit.state <= ENDS) continue;
    const key = visit.state * (space.threads + 1) + visit.last + 1;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const next of steps(space, visit)) queue.push(next);
  }
  return found;
}

function steps(space: Space, visit: Visit): Visit[] {
  const {state, last} = visit;
  const next = Array.from({length: space.threads}, (_, thread) => space.successor(state, thread));
  const possible = (thread: number): boolean => next[thread] !== BLOCKED && next[thread] !== FINISHED;
  const canGoOn = last >= 0 && possible(last);
  const threads = next.map((_, thread) => thread).filter(possible);
  return threads.map((thread) => {
    const switched = last >= 0 && thread !== last;
    return {
      state: next[thread],
      last: thread,
      preemptions: visit.preemptions + (switched && canGoOn ? 1 : 0),
      switches: visit.switches + (switched ? 1 : 0),
      steps: visit.steps + 1,
      from: visit,
      sighted: sightedAfter(space, state, thread, next[thread]),
    };
  });
}

/** What is sighted at a step, and at the end of a run if the step leads there. */
function sightedAfter(space: Space, state: number, thread: number, next: number): readonly string[] {
  const atStep = space.sightedAt.get(placeKey(space, {state, thread})) ?? [];
  if (next <= ENDS) return atStep;
  if (space.enabledThreads(next).length === 0) space.judgeEnd(next);
  return [...atStep, ...(space.sightedAt.get(placeKey(space, {state: next, thread: -1})) ?? [])];
}

function scheduleOf(visit: Visit): number[] {
  const schedule: number[] = [];
  for (let v: Visit | null = visit; v && v.last >= 0; v = v.from) schedule.push(v.last);
  return schedule.reverse();
}
