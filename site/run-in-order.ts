// A run with nobody in between.

import type {Program, Running} from "../src/explore/index.ts";

/** The threads one after the other; all of them in their order, if none is given. `places`: steps say where in the source they stand. */
export function inOrder(program: Program, order: readonly number[], places: boolean): Running {
  const runOn = order.length > 0 ? order : [...program.threads.keys()];
  return {runOn, placesOfLast: places ? Infinity : 0};
}
