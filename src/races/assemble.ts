// A race and a linked kernel become a program that can be explored. Each call makes a machine of its own.

import type {Program} from "../explore/index.ts";
import {cpu_interrupts, seal, type Machine, type MachineOptions} from "../sim/index.ts";
import type {Kernel, Parameters, Race} from "./race.ts";

/** What livepatch/link.ts makes, as far as it matters here. */
export type Linked = {
  readonly livepatches: readonly {readonly name: string}[];
  hashOf(roots: readonly string[]): string;
  place(line: number): {file: string; line: number} | null;
  boot(options: MachineOptions): {machine: Machine; kernel: Record<string, never>};
};

export type Asking = {
  /** What a scene asks is taken for what must hold: then whether it does is explored, and there is a schedule if it does not. */
  readonly asks?: boolean;
};

export function assemble(
  race: Race,
  linked: Linked,
  parameters: Parameters,
  {asks = false}: Asking = {},
): Program {
  const {machine, kernel: functions} = linked.boot(race.machine(parameters));
  const kernel = functions as unknown as Kernel;
  const scene = race.stage(kernel, machine, parameters);
  const interrupts = scene.threads.map((_, cpu) => cpu_interrupts(cpu, machine));
  // The explorer names local states by what decides them (local_state.ts): nothing but memory may change.
  seal(machine);
  return {
    ...scene,
    invariants: [...scene.invariants, ...((asks && scene.asks) || [])],
    race: race.name,
    parameters,
    livepatches: linked.livepatches.map(({name}) => name),
    code: linked.hashOf(race.roots(parameters)),
    machine,
    interrupts,
    print: kernel.print_value,
    names: kernel.named_by,
    place: linked.place,
  };
}
