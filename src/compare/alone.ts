// A thread with nobody else there: what its accesses cost and what it prints when nothing moves.

import {Space, type Measure, type Program} from "../explore/index.ts";

export type Alone = {
  /** By the name of the measure. */
  readonly costs: ReadonlyMap<string, number>;
  readonly printed: string | null;
};

/** Longer than any run of one thread. */
const MOST_STEPS = 1_000_000;

export function runAlone(
  program: Program,
  thread: number,
  measures: readonly Measure[],
): Alone {
  const space = new Space(program, MOST_STEPS);
  const costs = new Map(measures.map(({name}) => [name, 0]));
  let state = 0;
  while (space.isEnabled(state, thread)) {
    const {operation, functions, frame} = space.node(state, thread);
    const access = {thread, operation: operation!, functions, held: frame.carried.held};
    for (const {name, weigh} of measures) costs.set(name, costs.get(name)! + weigh(access));
    state = space.successor(state, thread);
  }
  const [printed = null] = space.outcomes.keys();
  return {costs, printed};
}
