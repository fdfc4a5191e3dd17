// The best stories: for everything that was sighted, a shortest schedule, and one with the fewest preemptions.
//
// Both are searches over all states, without any reduction, that end as soon as everything has been reached: breadth first
// for the shortest, and for the other Dijkstra's over (preemptions, switches, steps).

import TinyQueue from "tinyqueue";
import {BLOCKED, ENDS, FINISHED, placeKey, type Space} from "./space.ts";
import type {Watch} from "./watch.ts";

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
export function shortest(space: Space, ids: ReadonlySet<string>, watch: Watch): Schedules {
  const quest = new Quest(space, ids);
  const queue = [0];
  const seen = new Set(queue);
  // For each entry of the queue: the entry and the thread that led there first.
  const cameFrom = [-1];
  const by = [-1];
  const pathTo = (place: number): number[] => {
    const path: number[] = [];
    for (let at = place; at > 0; at = cameFrom[at]) path.push(by[at]);
    return path.reverse();
  };

  for (let head = 0; head < queue.length && !quest.isOver; head++) {
    if (head % 1024 === 0 && watch.isOver()) break;
    const state = queue[head];
    let possible = false;
    for (let thread = 0; thread < space.threads; thread++) {
      const next = space.successor(state, thread);
      if (next === BLOCKED || next === FINISHED) continue;
      possible = true;
      quest.look(state, thread, () => pathTo(head));
      if (next <= ENDS || seen.has(next)) continue;
      seen.add(next);
      cameFrom.push(head);
      by.push(thread);
      queue.push(next);
    }
    if (possible) continue;
    space.judgeEnd(state);
    quest.look(state, -1, () => pathTo(head));
  }
  return quest.found;
}

// Costs are compared as one number: preemptions first, then switches, then steps.
const STEP = 1;
const SWITCH = 2 ** 20;
const PREEMPTION = 2 ** 36;

/** A schedule with the fewest preemptions to each of `ids`; among those the fewest switches, then steps. */
export function fewestPreemptions(space: Space, ids: ReadonlySet<string>, watch: Watch): Schedules {
  const quest = new Quest(space, ids);
  // A visit is a state and the thread that made the last step. Each is one entry in these.
  const stateOf = [0];
  const lastOf = [-1];
  const costOf = [0];
  const cameFrom = [-1];
  const seen = new Set<number>();
  const queue = new TinyQueue<number>([0], (a, b) => costOf[a] - costOf[b]);
  const pathTo = (visit: number): number[] => {
    const path: number[] = [];
    for (let at = visit; at > 0; at = cameFrom[at]) path.push(lastOf[at]);
    return path.reverse();
  };

  for (let turn = 0; queue.length > 0 && !quest.isOver; turn++) {
    if (turn % 1024 === 0 && watch.isOver()) break;
    const visit = queue.pop()!;
    const state = stateOf[visit];
    const last = lastOf[visit];
    const path = (): number[] => pathTo(visit);
    if (state <= ENDS) {
      quest.look(stateOf[cameFrom[visit]], last, () => pathTo(cameFrom[visit]));
      continue;
    }
    const key = state * (space.threads + 1) + last + 1;
    if (seen.has(key)) continue;
    seen.add(key);
    if (visit > 0) quest.look(stateOf[cameFrom[visit]], last, () => pathTo(cameFrom[visit]));

    const next = Array.from({length: space.threads}, (_, thread) => space.successor(state, thread));
    const possible = next.map((to) => to !== BLOCKED && to !== FINISHED);
    if (!possible.includes(true)) {
      space.judgeEnd(state);
      quest.look(state, -1, path);
    }
    next.forEach((to, thread) => {
      if (!possible[thread]) return;
      const switched = last >= 0 && thread !== last;
      const preempted = switched && possible[last];
      stateOf.push(to);
      lastOf.push(thread);
      costOf.push(costOf[visit] + STEP + (switched ? SWITCH : 0) + (preempted ? PREEMPTION : 0));
      cameFrom.push(visit);
      queue.push(stateOf.length - 1);
    });
  }
  return quest.found;
}
