// A sequence of operations, run for somebody who reads: what each of them answered, and what can be seen after it.

import {UserError, type LinkedKernel} from "../livepatch/index.ts";
import {LinkedMachine, RECORDED} from "./linked_machine.ts";
import {lookAt, type Look} from "./look.ts";
import {changes} from "./run.ts";
import {operationText, parseSequence} from "./parse_sequence.ts";
import type {Op, Vmstat} from "./trace.ts";

export type SequenceStep = Look & {
  /** As it is written. */
  readonly op: string;
  readonly proc: Op["proc"];
  readonly ret: number;
  readonly err: string;
  /** Counters that have changed, and by how much. */
  readonly vmstat: Vmstat;
};

export type SequenceRun = {
  /** Parts of a huge page. */
  readonly pages: number;
  readonly steps: readonly SequenceStep[];
};

export type SequenceOptions = {
  /** Parts of a huge page: 512, as on x86-64, unless fewer are to be looked at. */
  readonly pages?: number;
};

/** Throws a UserError if the text is no sequence, and what the kernel throws. */
export function runSequence(
  linked: LinkedKernel,
  text: string,
  {pages = RECORDED.pages}: SequenceOptions = {},
): SequenceRun {
  if (![4, 8, 16, 32, 64, 128, 256, 512].includes(pages))
    throw new UserError(`a huge page of ${pages} parts cannot be: 4, 8, 16 ... 512 can`);
  const ops = parseSequence(text);
  const machine = new LinkedMachine(linked, {
    ...RECORDED,
    pages,
    nodes: [40 * pages, 12 * pages],
  });
  return {pages, steps: ops.map((op) => step(machine, op))};
}

function step(machine: LinkedMachine, op: Op): SequenceStep {
  const before = machine.vmstat();
  const done = machine.do(op);
  const {ret, err} = done === "unsupported" ? {ret: -1, err: "unsupported"} : done;
  const counted = Object.entries(changes(before, machine.vmstat()));
  const vmstat = Object.fromEntries(counted.filter(([, by]) => by !== 0));
  return {op: operationText(op), proc: op.proc, ret, err, vmstat, ...lookAt(machine)};
}
