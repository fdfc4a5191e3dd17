// A program whose livepatched functions run in a sandbox. The machine, the rest of the kernel, what must hold and what is watched run here.
//
// So the explorer searches as fast as ever: it asks once for each observation that is new.

import type {Program} from "../explore/index.ts";
import {linkApart, type PreparedLivepatch, type SourceFile} from "../livepatch/index.ts";
import {
  assemble,
  type Linked,
  type OwnKernel,
  type Parameters,
  type Race,
} from "../races/index.ts";
import {run_alone, seal, type Machine, type MachineOptions} from "../sim/index.ts";
import {Calls} from "./calls.ts";
import type {Sandbox} from "./sandbox.ts";

/** v5.13, and what somebody has put into it. */
export type Patched = {
  readonly sources: readonly SourceFile[];
  readonly livepatches: readonly PreparedLivepatch[];
};

/** Far more than any function takes with nobody else there: asked alone, or on the way to the first state of a race. */
const MOST_STEPS = 10_000;

/** Makes programs of races, as assemble() does, with that code shut away in `sandbox`. */
export function assembleApart({sources, livepatches}: Patched, sandbox: Sandbox) {
  const apart = linkApart(sources, livepatches);
  return (race: Race, parameters: Parameters): Program => {
    const calls = new Calls(apart, sandbox);
    const linked: Linked = {
      ...apart,
      boot(options) {
        const booted = apart.boot(options, calls);
        calls.on(booted.machine, booted.kernel);
        return booted;
      },
    };
    calls.bear(MOST_STEPS);
    const program = assemble(race, linked, parameters);
    calls.bear(Infinity);
    calls.forbid(
      program.monitors.flatMap(({ghosts}) => ghosts),
      program.interrupts,
    );
    return {...program, renew: () => sandbox.renew()};
  };
}

/** A machine with that code in its kernel and nothing on it: for functions that are asked one by one. */
export function bootApart(
  {sources, livepatches}: Patched,
  sandbox: Sandbox,
  options: MachineOptions,
): {machine: Machine; kernel: OwnKernel} {
  const apart = linkApart(sources, livepatches);
  const calls = new Calls(apart, sandbox);
  const {machine, kernel: functions} = apart.boot(options, calls);
  calls.on(machine, functions);
  const kernel = functions as unknown as OwnKernel;
  run_alone(kernel.start_kernel(), machine);
  seal(machine);
  calls.forbid([], []);
  calls.bear(MOST_STEPS);
  return {machine, kernel};
}
