// Operations on pages: those that ask the kernel to split, to move or to hold them.

import {OK} from "./answers.ts";
import type {Operation} from "./operations.ts";

export const pageOperations: Readonly<Record<string, Operation>> = {
  drop_slab: (machine) => {
    machine.run(machine.kernel.drop_slab());
    return OK;
  },
  debugfs_split: (machine, {proc, a, b}) => {
    const mm = machine.process(proc);
    const split = machine.kernel.split_huge_pages_pid(
      mm,
      machine.address(a),
      machine.address(a + b),
    );
    machine.run(split);
    return OK;
  },
};
