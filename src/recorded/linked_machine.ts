// The model's side: a linked kernel that does what was done on a real one.

import type {LinkedKernel} from "../livepatch/index.ts";
import type {Boot, RecordedMachine} from "./machine.ts";
import {operations} from "./operations.ts";
import type {Done, Op, State, Vmstat} from "./trace.ts";

/** Machines with this kernel, each fresh. */
export function bootWith(linked: LinkedKernel): Boot {
  return () => new LinkedMachine(linked);
}

export class LinkedMachine implements RecordedMachine {
  readonly linked: LinkedKernel;

  constructor(linked: LinkedKernel) {
    this.linked = linked;
  }

  do(op: Op): Done | "unsupported" {
    if (!Object.hasOwn(operations, op.name)) return "unsupported";
    return operations[op.name](this, op);
  }

  observe(): State {
    return {parent: {vmas: [], pages: {flags: {}}}};
  }

  vmstat(): Vmstat {
    return {};
  }
}
