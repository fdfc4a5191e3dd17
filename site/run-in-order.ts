// A run with nobody in between.

import type {Program, Running} from "../src/explore/index.ts";

/** The threads one after the other; all of them in their order, if none is given. */
export function inOrder(program: Program, order: readonly number[]): Running {
  const runOn = order.length > 0 ? order : [...program.threads.keys()];
  return {runOn, placesOfLast: Infinity};
}
