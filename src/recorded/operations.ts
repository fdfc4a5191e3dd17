// What the model does for each operation of a trace. Those that are not in the table it does not do (yet).

import {failed, OK} from "./answers.ts";
import type {LinkedMachine} from "./linked_machine.ts";
import {pageOperations} from "./page_operations.ts";
import {rangeOperations} from "./range_operations.ts";
import type {Done, Op} from "./trace.ts";

export type Operation = (machine: LinkedMachine, op: Op) => Done;

export const operations: Readonly<Record<string, Operation>> = {
  ...rangeOperations,
  ...pageOperations,
  read: (machine, op) =>
    touch(machine, op, (mm, address) => {
      const value = machine.run(machine.kernel.user_read(mm, address));
      return value !== null;
    }),
  write: (machine, op) =>
    touch(machine, op, (mm, address, page) =>
      machine.run(machine.kernel.user_write(mm, address, machine.contents(page))),
    ),
  clear_refs: (machine, {proc, c}) => {
    const done = machine.run(machine.kernel.clear_refs_write(machine.process(proc), c));
    return done ? OK : failed("EINVAL");
  },
};

type Access = (
  mm: ReturnType<LinkedMachine["process"]>,
  address: number,
  page: number,
) => boolean;

/** Every c-th page of `b` from `a` on, until one may not be used. */
function touch(machine: LinkedMachine, {proc, a, b, c}: Op, access: Access): Done {
  const mm = machine.process(proc);
  const stride = Math.max(c, 1);
  for (let page = a; page < a + b; page += stride) {
    if (!access(mm, machine.address(page), page)) return failed("SIGSEGV");
  }
  return OK;
}
