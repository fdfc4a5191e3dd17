// A program of threads on a machine, and nothing else: nobody looks on, nothing has to hold, nothing comes out.

import type {Program} from "../../src/explore/index.ts";
import {cpu_interrupts, type Machine, type Op} from "../../src/sim/index.ts";

export function bareProgram(machine: Machine, runs: readonly (() => Op<unknown>)[]): Program {
  return {
    race: "random",
    parameters: {},
    livepatches: [],
    code: "00000000",
    machine,
    threads: runs.map((run, i) => ({name: `T${i}`, run})),
    interrupts: runs.map((_, i) => cpu_interrupts(i, machine)),
    invariants: [],
    monitors: [],
    outcome: () => null,
    shows: [],
    print: (_cell, value) => String(value),
    place: () => null,
  };
}
