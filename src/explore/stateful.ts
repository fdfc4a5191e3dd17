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
  private seen = new Uint8Array(1 << 12);
  private transitions = 0;

  constructor(space: Space, watch: Watch) {
    this.space = space;
    this.watch = watch;
    this.futures = new Futures(space);
    this.seen[0] = 1;
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
    const alone =
      threads.length > 1 ? threads.find((t) => futures.commutes(state, t)) : undefined;
    // A step that ends the run commutes with nothing: the others' steps are no longer made.
    if (alone !== undefined && this.step(state, alone) !== ENDS) return;
    for (const thread of threads) if (thread !== alone) this.step(state, thread);
  }

  private step(state: number, thread: number): number {
    this.transitions++;
    const next = this.space.successor(state, thread);
    if (next <= ENDS) return next;
    if (next >= this.seen.length) this.makeRoom(next);
    if (this.seen[next] === 0) {
      this.seen[next] = 1;
      this.queue.push(next);
    }
    return next;
  }

  private makeRoom(state: number): void {
    const seen = new Uint8Array(state * 2);
    seen.set(this.seen);
    this.seen = seen;
  }

  result() {
    return {states: this.queue.length, transitions: this.transitions};
  }
}
