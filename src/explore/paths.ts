// The best stories: for everything that was sighted, a shortest schedule, and one with the fewest preemptions.
//
// Both are searches over all states, without any reduction, that end as soon as everything has been reached: breadth first
// for the shortest, and for the other Dijkstra's over (preemptions, switches, steps). Where that is too much, the schedules of
// some threads alone are looked at, and the best of those told.

import {isThread, threadOf} from "./movers.ts";
import {BLOCKED, ENDS, FINISHED, placeKey, type Space} from "./space.ts";
import {Bits, IntList} from "./int_list.ts";
import type {Search, Watch} from "./watch.ts";

/** States between two looks at the clock. */
const PATIENCE = 64;

type Schedules = Map<string, number[]>;

/** What is still to be found, and what was. */
class Quest {
  readonly found: Schedules = new Map();
  private readonly space: Space;
  private readonly wanted: Set<string>;

  constructor(space: Space, ids: ReadonlySet<string>) {
    this.space = space;
    this.wanted = new Set(ids);
  }

  get isOver(): boolean {
    return this.wanted.size === 0;
  }

  /** What was sighted at `thread`'s step in `state`, or in the state itself if `thread` is -1, is reached by `path`. */
  look(state: number, thread: number, path: () => number[]): void {
    const ids = this.space.sightedAt.get(placeKey(this.space, {state, thread})) ?? [];
    for (const id of ids) {
      if (this.wanted.delete(id)) this.found.set(id, thread < 0 ? path() : [...path(), thread]);
    }
  }
}

/** A shortest schedule to each of `ids`, or to those that were reached before `watch` said stop. */
export function* shortest(
  space: Space,
  ids: ReadonlySet<string>,
  watch: Watch,
  threads = everybody(space),
): Search<Schedules> {
  const quest = new Quest(space, ids);
  const queue = new IntList();
  const seen = new Bits();
  // For each entry of the queue: the entry and the thread that led there first.
  const cameFrom = new IntList();
  const by = new IntList();
  const add = (state: number, from: number, thread: number): void => {
    if (!seen.add(state)) return;
    queue.push(state);
    cameFrom.push(from);
    by.push(thread);
  };
  const pathTo = (place: number): number[] => {
    const path: number[] = [];
    for (let at = place; at > 0; at = cameFrom.at(at)) path.push(by.at(at));
    return path.reverse();
  };
  add(0, -1, -1);

  for (let head = 0; head < queue.length && !quest.isOver; head++) {
    if (head % PATIENCE === 0 && !(yield* watch.mayGoOn())) break;
    const state = queue.at(head);
    quest.look(state, -1, () => pathTo(head));
    let possible = false;
    for (const thread of moversAmong(space, state, threads)) {
      const next = space.successor(state, thread);
      if (next === BLOCKED || next === FINISHED) continue;
      possible = true;
      quest.look(state, thread, () => pathTo(head));
      if (next > ENDS) add(next, head, thread);
    }
    if (possible || space.enabledThreads(state).length > 0) continue;
    space.judgeEnd(state);
    quest.look(state, -1, () => pathTo(head));
  }
  return quest.found;
}

/** A schedule with the fewest preemptions to each of `ids`; among those the fewest switches, then steps. */
export function* fewestPreemptions(
  space: Space,
  ids: ReadonlySet<string>,
  watch: Watch,
  threads = everybody(space),
): Search<Schedules> {
  const quest = new Quest(space, ids);
  const visits = new Visits(space.threads);
  visits.add(0, {by: -1, last: -1}, -1, {preemptions: 0, switches: 0, steps: 0});
  let turn = 0;
  for (let visit = visits.cheapest(); visit >= 0 && !quest.isOver; visit = visits.cheapest()) {
    if (turn++ % PATIENCE === 0 && !(yield* watch.mayGoOn())) break;
    const {state, by, last, from} = visits.at(visit);
    if (from >= 0) quest.look(visits.at(from).state, by, () => visits.pathTo(from));
    if (state > ENDS && visits.isFirst(state, last)) goOn(space, quest, visits, visit, threads);
  }
  return quest.found;
}

/** Those of `threads` and of their buffers that may be able to make a step. */
function moversAmong(
  space: Space,
  state: number,
  threads: readonly number[],
): readonly number[] {
  if (!space.buffers) return threads;
  return space.moversIn(state).filter((mover) => threads.includes(threadOf(mover)));
}

function everybody({threads}: Space): readonly number[] {
  return Array.from({length: threads}, (_, thread) => thread);
}

/** Adds what can be visited next. */
function goOn(
  space: Space,
  quest: Quest,
  visits: Visits,
  visit: number,
  threads: readonly number[],
): void {
  const {state, last, cost} = visits.at(visit);
  quest.look(state, -1, () => visits.pathTo(visit));
  const isPossible = (thread: number): boolean => {
    const to = space.successor(state, thread);
    return to !== BLOCKED && to !== FINISHED;
  };
  const lastCan =
    last >= 0 && (space.buffers ? space.couldGoOn(state, last) : isPossible(last));
  let possible = false;
  for (const thread of moversAmong(space, state, threads)) {
    if (!isPossible(thread)) continue;
    possible = true;
    const moved = {by: thread, last: isThread(thread) ? thread : last};
    const switched = last >= 0 && moved.last !== last;
    visits.add(space.successor(state, thread), moved, visit, {
      preemptions: cost.preemptions + (switched && lastCan ? 1 : 0),
      switches: cost.switches + (switched ? 1 : 0),
      steps: cost.steps + 1,
    });
  }
  if (possible || space.enabledThreads(state).length > 0) return;
  space.judgeEnd(state);
  quest.look(state, -1, () => visits.pathTo(visit));
}

type Cost = {readonly preemptions: number; readonly switches: number; readonly steps: number};

/**
 * A visit is a state, the thread that made the last step, who moved last (a thread or a store buffer), and the visit before. They wait in lists by their cost, since costs
 * are small whole numbers: by preemptions, then switches, then steps.
 */
class Visits {
  private readonly threads: number;
  private readonly states = new IntList();
  private readonly by = new IntList();
  private readonly last = new IntList();
  private readonly from = new IntList();
  private readonly preemptions = new IntList();
  private readonly switches = new IntList();
  private readonly steps = new IntList();
  private readonly waiting: number[][][][] = [];
  private readonly seen = new Bits();
  // Nothing that is cheaper than this waits any more.
  private p = 0;
  private s = 0;
  private n = 0;

  constructor(threads: number) {
    this.threads = threads;
  }

  at(visit: number) {
    const {states, by, last, from, preemptions, switches, steps} = this;
    return {
      state: states.at(visit),
      by: by.at(visit),
      last: last.at(visit),
      from: from.at(visit),
      cost: {
        preemptions: preemptions.at(visit),
        switches: switches.at(visit),
        steps: steps.at(visit),
      },
    };
  }

  add(state: number, {by, last}: {by: number; last: number}, from: number, cost: Cost): void {
    const visit = this.states.length;
    const {preemptions: p, switches: s, steps: n} = cost;
    this.states.push(state);
    this.by.push(by);
    this.last.push(last);
    this.from.push(from);
    this.preemptions.push(p);
    this.switches.push(s);
    this.steps.push(n);
    (((this.waiting[p] ??= [])[s] ??= [])[n] ??= []).push(visit);
  }

  /** Takes out the cheapest visit; -1 if none waits. */
  cheapest(): number {
    for (; this.p < this.waiting.length; this.p++, this.s = 0, this.n = 0) {
      const bySwitches = this.waiting[this.p] ?? [];
      for (; this.s < bySwitches.length; this.s++, this.n = 0) {
        const bySteps = bySwitches[this.s] ?? [];
        for (; this.n < bySteps.length; this.n++) {
          const visit = bySteps[this.n]?.pop();
          if (visit !== undefined) return visit;
        }
      }
    }
    return -1;
  }

  /** False if the state was visited before after the same thread's step: then it was cheaper. */
  isFirst(state: number, last: number): boolean {
    return this.seen.add(state * (this.threads + 1) + last + 1);
  }

  pathTo(visit: number): number[] {
    const path: number[] = [];
    for (let v = visit; this.from.at(v) >= 0; v = this.from.at(v)) path.push(this.by.at(v));
    return path.reverse();
  }
}
