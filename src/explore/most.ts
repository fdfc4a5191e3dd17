// What a run can cost at the most: each access is weighed, and of all schedules the heaviest is found.
//
// A reduced search visits, of all schedules that differ only in the order of steps which commute, one at least, and all of these
// make the same accesses. So the heaviest path through the states that it visited, along the steps that it made there, is the
// heaviest of all.

import type {StepOperation} from "../sim/index.ts";
import type {Held} from "./carried.ts";
import {isThread} from "./movers.ts";
import type {Node} from "./observation_tree.ts";
import {BLOCKED, ENDS, FINISHED, type Space} from "./space.ts";

/** An access that a thread is about to make, in these functions, innermost first. */
export type Access = {
  readonly thread: number;
  readonly operation: StepOperation;
  readonly functions: readonly string[];
  /** The locks that it holds. */
  readonly held: readonly Held[];
};

export type Measure = {
  readonly name: string;
  /** What an access counts: a whole number from 0. */
  weigh(access: Access): number;
};

/** What a measure comes to at the most, and a schedule on which it does. */
export type Most = {
  readonly name: string;
  readonly most: number;
  readonly threads: readonly number[];
};

/** The thread whose step alone was made in this state, or -1 where all were. */
export type LoneStep = (state: number) => number;

/** Null where a run can go round for ever, or where equal threads make one state stand for others: then nothing is said. */
export function mostOf(space: Space, loneStep: LoneStep, measure: Measure): Most | null {
  if (space.hasCycles || new Set(space.trees).size < space.threads) return null;
  const weights = new Weights(space, measure);
  const heaviest = new HeaviestPaths(space, loneStep, weights);
  return {name: measure.name, ...heaviest.from(0)};
}

/** The weight of each thread's next access, by its node. */
class Weights {
  private readonly space: Space;
  private readonly measure: Measure;
  private readonly known: Map<Node, number>[];

  constructor(space: Space, measure: Measure) {
    this.space = space;
    this.measure = measure;
    this.known = Array.from({length: space.threads}, () => new Map<Node, number>());
  }

  of(state: number, thread: number): number {
    // A store was counted when it was made.
    if (!isThread(thread)) return 0;
    const node = this.space.node(state, thread);
    const known = this.known[thread].get(node);
    if (known !== undefined) return known;
    const {operation, functions, frame} = node;
    const {held} = frame.carried;
    const weight = operation ? this.measure.weigh({thread, operation, functions, held}) : 0;
    this.known[thread].set(node, weight);
    return weight;
  }
}

const UNSEEN = -1;

/** States form no cycles here, so what is heaviest from one is known once it is known from those behind it. */
class HeaviestPaths {
  private readonly space: Space;
  private readonly loneStep: LoneStep;
  private readonly weights: Weights;
  private readonly heaviest: Int32Array;
  private readonly first: Int16Array;

  constructor(space: Space, loneStep: LoneStep, weights: Weights) {
    this.space = space;
    this.loneStep = loneStep;
    this.weights = weights;
    this.heaviest = new Int32Array(space.size).fill(UNSEEN);
    this.first = new Int16Array(space.size).fill(-1);
  }

  from(state: number): {most: number; threads: number[]} {
    const waiting = [state];
    while (waiting.length > 0) {
      const next = waiting[waiting.length - 1];
      const unseen = this.steps(next).filter(({to}) => to > ENDS && this.isUnseen(to));
      if (unseen.length === 0) this.settle(waiting.pop()!);
      else for (const {to} of unseen) waiting.push(to);
    }
    return {most: this.heaviest[state], threads: this.pathFrom(state)};
  }

  private isUnseen(state: number): boolean {
    return this.heaviest[state] === UNSEEN;
  }

  private settle(state: number): void {
    let most = 0;
    let first = -1;
    for (const {thread, to} of this.steps(state)) {
      const weight = this.weights.of(state, thread) + (to > ENDS ? this.heaviest[to] : 0);
      if (first >= 0 && weight <= most) continue;
      most = weight;
      first = thread;
    }
    this.heaviest[state] = most;
    this.first[state] = first;
  }

  private steps(state: number): {thread: number; to: number}[] {
    const lone = this.loneStep(state);
    const threads = lone >= 0 ? [lone] : this.space.enabledThreads(state);
    return threads
      .map((thread) => ({thread, to: this.space.successor(state, thread)}))
      .filter(({to}) => to !== BLOCKED && to !== FINISHED);
  }

  private pathFrom(state: number): number[] {
    const threads: number[] = [];
    for (let at = state; at > ENDS && this.first[at] >= 0;) {
      const thread = this.first[at];
      threads.push(thread);
      at = this.space.successor(at, thread);
    }
    return threads;
  }
}
