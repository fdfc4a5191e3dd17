// Runs one computation to its end, with nobody else there: how a first state is built and how a test calls the kernel.

import {compile, enabled, perform} from "./perform.ts";
import type {Machine} from "./machine.ts";
import type {Op, Operation} from "./operation.ts";

/** Throws where the computation hits a BUG or would wait for ever. */
export function run_alone<T>(op: Op<T>, machine: Machine): T {
  let answer = 0;
  for (;;) {
    const {done, value} = op.next(answer);
    if (done) return value;
    answer = perform_alone(value, machine);
  }
}

/** One operation of such a computation, and what it observes. */
export function perform_alone(operation: Operation, {memory}: Machine): number {
  if (operation.act === "bug") throw new Error(`${operation.message} (${operation.about})`);
  // What is no access to memory needs nobody to perform it.
  if (!("cell" in operation)) return 0;
  const transition = compile(operation, memory, 0, []);
  if (transition.half < 0) throw new Error(`no memory at ${operation.cell.address}`);
  if (!enabled(transition, memory.halves))
    throw new Error(`${operation.kind} would wait for ever`);
  return perform(transition, memory.halves);
}
