// A run with nobody in between.

import {execute, type Program, type Trace} from "../src/explore/index.ts";
import {defaultsOf, type Race} from "../src/races/index.ts";

/** The threads one after the other; all of them in their order, if none is given. */
export function runInOrder(program: Program, race: Race, order: readonly number[]): Trace {
  const runOn = order.length > 0 ? order : [...program.threads.keys()];
  return execute(program, [], defaultsOf(race), {runOn, placesOfLast: Infinity});
}
