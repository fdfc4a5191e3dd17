// Stateful search: every schedule of a program, each state once.
//
// Where one thread's step commutes with all that the others may still do (futures.ts), only that step is made. What they may
// still do is read off their observation trees, which the search itself makes grow. So the search is repeated, each time with
// what the one before has learnt, until it learns nothing new: the last one relied on nothing that is not true.

import {Futures} from "./futures.ts";
import {ENDS, type Space} from "./space.ts";
import {Watch, type Budget} from "./watch.ts";

export type Explored = {
  /** Every schedule was covered. */
  readonly complete: boolean;
  /** States visited in the last round. */
  readonly states: number;
  readonly transitions: number;
  readonly rounds: number;
  /** A path to each place where something was sighted, as threads in their order. */
  path(state: number): number[];
};

export function search(space: Space, budget: Budget): Explored {
  const watch = new Watch(space, budget);
  for (;;) {
    const asked = space.asks;
    const round = new Round(space, watch);
    const complete = round.run();
    const learnt = space.asks > asked || watch.round === 1;
    if (!complete || !learnt) return {...round.result(), complete, rounds: watch.round};
    watch.round++;
  }
}

class Round {
  private readonly space: Space;
  private readonly watch: Watch;
  private readonly futures: Futures;
  private readonly queue = [0];
  /** For each state that was visited: 1 + the state and the thread that led there first. */
  private parent = new Int32Array(1 << 12);
  private by = new Int8Array(1 << 12);
  private transitions = 0;

  constructor(space: Space, watch: Watch) {
    this.space = space;
    this.watch = watch;
    this.futures = new Futures(space);
  }

  /** False if it was stopped. */
  run(): boolean {
    const {queue, watch} = this;
    for (let head = 0; head < queue.length; head++) {
      if (head % 1024 === 0 && watch.isOver()) return false;
      this.visit(queue[head]);
    }
    return true;
  }

  private visit(state: number): void {
    const {space, futures} = this;
    const threads = space.enabledThreads(state);
    if (threads.length === 0) space.judgeEnd(state);
    const alone = threads.length > 1 ? threads.find((t) => futures.commutes(state, t)) : undefined;
    if (alone !== undefined) return this.step(state, alone);
    for (const thread of threads) this.step(state, thread);
  }

  private step(state: number, thread: number): void {
    this.transitions++;
    const next = this.space.successor(state, thread);
    if (next <= ENDS) return;
    if (next >= this.parent.length) this.makeRoom(next);
    if (next === 0 || this.parent[next] !== 0) return;
    this.parent[next] = 1 + state;
    this.by[next] = thread;
    this.queue.push(next);
  }

  private makeRoom(state: number): void {
    const parent = new Int32Array(state * 2);
    parent.set(this.parent);
    this.parent = parent;
    const by = new Int8Array(state * 2);
    by.set(this.by);
    this.by = by;
  }

  result() {
    const {queue, transitions, parent, by} = this;
    const path = (state: number): number[] => {
      const threads: number[] = [];
      for (let s = state; s !== 0; s = parent[s] - 1) threads.push(by[s]);
      return threads.reverse();
    };
    return {states: queue.length, transitions, path};
  }
}
