// Runs one computation to its end, with nobody else there: how a first state is built and how a test calls the kernel.

import {compile, enabled, perform} from "./perform.ts";
import type {Machine} from "./machine.ts";
import type {Op} from "./operation.ts";

/** Throws where the computation hits a BUG or would wait for ever. */
export function run_alone<T>(op: Op<T>, machine: Machine): T {
  let answer = 0;
  for (;;) {
    const {done, value} = op.next(answer);
    if (done) return value;
    answer = 0;
    if (value.act === "bug") throw new Error(`${value.message} (${value.about})`);
    // What is no access to memory needs nobody to perform it.
    if (!("cell" in value)) continue;
    const {memory} = machine;
    if (memory.half(value.cell.address) < 0)
      throw new Error(`no memory at ${value.cell.address}`);
    const transition = compile(value, memory, 0, []);
    if (!enabled(transition, memory.halves))
      throw new Error(`${value.kind} would wait for ever`);
    answer = perform(transition, memory.halves);
  }
}
