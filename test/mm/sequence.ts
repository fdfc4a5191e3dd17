// What the recorded machine says after a few operations.

import {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import type {Done, ProcessName, Vmstat} from "../../src/recorded/trace.ts";
import {v5_13} from "../support.ts";

/** The recorded machine after these operations, each as `child1 write 1 1`; the parent's need not say whose they are. */
export function after(...lines: string[]) {
  const machine = new LinkedMachine(v5_13);
  let before: Vmstat = {};
  let done: Done | "unsupported" = "unsupported";
  for (const line of lines) {
    const words = /^(child|parent)/.test(line)
      ? line.split(" ")
      : ["parent", ...line.split(" ")];
    const [a = 0, b = 0, c = 0] = words.slice(2).map(Number);
    before = machine.vmstat();
    done = machine.do({proc: words[0] as ProcessName, name: words[1], a, b, c});
  }
  const state = machine.observe();
  return {
    done,
    pages: (process: ProcessName) => state[process]!.pages,
    vmas: (process: ProcessName) => state[process]!.vmas,
    counted: (name: string) => (machine.vmstat()[name] ?? 0) - (before[name] ?? 0),
  };
}

export const SMALL = ["mmap 0 16", "madv_nohugepage 0 16", "write 0 4"];
export const HUGE = ["mmap 0 512", "madv_hugepage 0 512", "write 0 512"];
