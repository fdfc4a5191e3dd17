// Stateful search: every schedule of a program, each state once.
//
// Of states that differ only in which of two equal threads is which, one is enough (symmetry.ts).
//
// Where one thread's step commutes with all that the others may still do (futures.ts), only that step is made. What they may
// still do is read off their observation trees, which the search itself makes grow. So when it is through, every state in
// which only one step was made is looked at again, with what has been learnt since; where the step no longer commutes, the
// others are made up for. The search is over when nothing has to be made up for: then no choice relied on what is not true.

import {Futures} from "./futures.ts";
import {IntList} from "./int_list.ts";
import {findLivelocks} from "./livelock.ts";
import type {LoneStep} from "./most.ts";
import {sample} from "./sampling.ts";
import {BLOCKED, ELSEWHERE, ENDS, FINISHED, type Space} from "./space.ts";
import {Symmetry} from "./symmetry.ts";
import {Watch, type Budget, type Estimate, type Search} from "./watch.ts";

export type Explored = {
  /** Every schedule was covered. */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Which steps were made. */
  readonly loneStep: LoneStep;
};

export function* search(space: Space, budget: Budget): Search<Explored> {
  yield* lookFirst(space, budget);
  return yield* new Exploration(space, new Watch(space, budget)).run();
}

/** Schedules that are drawn before the search, a few at a time, for as long as they show anything new. */
const FIRST_LOOKS = 8;
const FIRST_LOOK = {runs: 8, depth: 3, maxStates: 20_000};

/** A few schedules drawn at random show most of what the threads do: the less has to be made up for. */
function* lookFirst(space: Space, budget: Budget): Search<void> {
  let known = -1;
  for (let seed = 1; seed <= FIRST_LOOKS && known !== space.asks; seed++) {
    known = space.asks;
    yield* sample(space, "pos", {...budget, ...FIRST_LOOK, seed});
  }
}

/** States between two looks at the clock, where steps are made and where they are only looked at again. */
const PATIENCE = 32;
const MORE_PATIENCE = 1024;

class Exploration {
  private readonly space: Space;
  private readonly watch: Watch;
  private futures: Futures;
  private readonly queue = new IntList();
  private seen = new Uint8Array(1 << 12);
  /** States in which only one thread's step was made, and the thread. */
  private reduced = new IntList();
  private alone = new IntList();
  private readonly symmetry: Symmetry;
  private transitions = 0;

  constructor(space: Space, watch: Watch) {
    this.space = space;
    this.watch = watch;
    this.futures = new Futures(space);
    this.symmetry = new Symmetry(space);
    this.queue.push(0);
    this.seen[0] = 1;
  }

  *run(): Search<Explored> {
    let head = 0;
    for (let learnt = -1; learnt !== this.space.asks;) {
      for (; head < this.queue.length; head++) {
        if (head % PATIENCE === 0 && !(yield* this.watch.mayGoOn(this.progress(head))))
          return this.result(false);
        this.visit(this.queue.at(head));
      }
      learnt = this.space.asks;
      this.futures = new Futures(this.space);
      if (!(yield* this.makeUp())) return this.result(false);
      if (head < this.queue.length) learnt = -1;
    }
    const isThrough =
      !this.space.hasCycles || (yield* findLivelocks(this.space, this.queue, this.watch));
    return this.result(isThrough);
  }

  /** States that wait are still to be looked at, and what lies behind them. */
  private progress(head: number): {left: Estimate} {
    return {left: {unit: "states", done: head, from: this.queue.length - head, to: null}};
  }

  private result(complete: boolean): Explored {
    const {queue, transitions} = this;
    // A store that found no room in a buffer had to wait: that is a bound.
    const isBounded = this.space.buffers?.hasWaitedForRoom ?? false;
    const isAll = complete && !isBounded;
    return {complete: isAll, states: queue.length, transitions, loneStep: this.loneSteps()};
  }

  private loneSteps(): LoneStep {
    const {reduced, alone} = this;
    let byState: Int16Array | null = null;
    return (state) => {
      if (!byState) {
        byState = new Int16Array(this.space.size).fill(-1);
        for (let i = 0; i < reduced.length; i++) byState[reduced.at(i)] = alone.at(i);
      }
      return byState[state];
    };
  }

  private visit(state: number): void {
    const {space} = this;
    const alone = this.loneStep(state);
    if (alone < 0) return this.stepAll(state, -1);
    // A step that ends the run commutes with nothing: the others' steps are no longer made.
    if (this.step(state, alone) === ENDS) return this.stepAll(state, alone);
    if (space.threads > 1) {
      this.reduced.push(state);
      this.alone.push(alone);
    }
  }

  /** A thread, or a buffer, whose step is enough; -1 if there is none. */
  private loneStep(state: number): number {
    const {space, futures} = this;
    for (const t of space.moversIn(state)) {
      if (futures.commutes(state, t) && space.isEnabled(state, t) && this.isHere(state, t))
        return t;
    }
    return -1;
  }

  /** Is the step not left to another part of the search? */
  private isHere(state: number, thread: number): boolean {
    const {space} = this;
    return space.gates === null || space.successor(state, thread) !== ELSEWHERE;
  }

  private stepAll(state: number, except: number): void {
    let possible = except >= 0;
    for (const t of this.space.moversIn(state)) {
      if (t === except) continue;
      const next = this.step(state, t);
      if (next !== BLOCKED && next !== FINISHED) possible = true;
    }
    if (!possible) this.space.judgeEnd(state);
  }

  private step(state: number, thread: number): number {
    const next = this.space.successor(state, thread);
    if (next === BLOCKED || next === FINISHED) return next;
    this.transitions++;
    if (next === ENDS || next === ELSEWHERE) return next;
    if (next >= this.seen.length) this.makeRoom(next);
    if (this.seen[next] === 0) {
      this.seen[next] = 1;
      if (this.symmetry.isFirst(next)) this.queue.push(next);
    }
    return next;
  }

  /** Looks again at the states in which steps were left out for a reason that does not hold. */
  private *makeUp(): Search<boolean> {
    const {reduced, alone, futures} = this;
    this.reduced = new IntList();
    this.alone = new IntList();
    let visited = 0;
    for (let i = 0; i < reduced.length; i++) {
      if (i % MORE_PATIENCE === 0 && !(yield* this.watch.mayGoOn())) return false;
      const state = reduced.at(i);
      const thread = alone.at(i);
      if (!futures.commutes(state, thread)) {
        this.visit(state);
        if (++visited % PATIENCE === 0 && !(yield* this.watch.mayGoOn())) return false;
        continue;
      }
      this.reduced.push(state);
      this.alone.push(thread);
    }
    return true;
  }

  private makeRoom(state: number): void {
    const seen = new Uint8Array(state * 2);
    seen.set(this.seen);
    this.seen = seen;
  }
}
