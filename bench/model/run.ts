// One sequence on a machine of its own, with a look at everything after each operation; and what is to be kept of one that fails.

import type {LinkedKernel} from "../../src/livepatch/index.ts";
import {CheckedMachine, LinkedMachine, machineOf, type Op} from "../../src/recorded/index.ts";
import {possible, type Size} from "./sequences.ts";

/** All end, and let go of what they hold: then nothing may be left. */
const CLOSING: readonly Op[] = (
  [
    ["child2", "exit"],
    ["child1", "exit"],
    ["parent", "pipe_close"],
    ["parent", "uring_unpin"],
    ["parent", "exit"],
  ] as const
).map(([proc, name]) => ({proc, name, a: 0, b: 0, c: 0}));

export type Failure = {
  /** Up to the one after which something is wrong. */
  readonly ops: readonly Op[];
  /** What is wrong, in sentences; or where the kernel has stopped. */
  readonly wrong: readonly string[];
};

/** Null if everything is as it has to be after each operation. */
export function failureOf(
  linked: LinkedKernel,
  size: Size,
  sequence: readonly Op[],
): Failure | null {
  const ops = possible([...sequence, ...CLOSING]);
  const machine = new CheckedMachine(new LinkedMachine(linked, machineOf(size)));
  for (const [i, op] of ops.entries()) {
    const wrong = wrongAfter(machine, op);
    if (wrong instanceof Error) {
      if (isKernelsOwn(wrong, ops.slice(0, i + 1))) return null;
      return {ops: ops.slice(0, i + 1), wrong: [wrong.stack ?? wrong.message]};
    }
    if (wrong.length > 0) return {ops: ops.slice(0, i + 1), wrong};
  }
  return null;
}

/**
 * Where v5.14 itself stops: a huge page that is locked in memory and is mapped by PMDs and PTEs loses PG_double_map when it moves. Then it is locked
 * again, and who unmaps a PTE of it unlocks a tail.
 */
function isKernelsOwn(error: Error, ops: readonly Op[]): boolean {
  const stack = error.stack ?? "";
  const moved = ops.some(({name}) => name === "move_pages");
  const tail = stack.includes("1 && PageTail(page)");
  return moved && tail && /\b(clear_page_mlock|munlock_vma_page)\b/.test(stack);
}

function wrongAfter(machine: CheckedMachine, op: Op): readonly string[] | Error {
  try {
    if (machine.do(op) === "unsupported") return [`the model does not do ${op.name}`];
    return machine.violations();
  } catch (error) {
    return error as Error;
  }
}
