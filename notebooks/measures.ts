// What several assignments count.

import type {Measure} from "../src/explore/index.ts";

/** Accesses to shared memory that are made in `name`, or in what it calls. */
export function accessesIn(name: string): Measure {
  return {
    name: `accesses in ${name}()`,
    weigh: ({operation, functions}) =>
      "cell" in operation && functions.includes(name) ? 1 : 0,
  };
}
