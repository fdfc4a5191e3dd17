// A race: a first state, some threads, and what must always hold. It is a function of the linked kernel, so it judges
// v5.13, a fix and a reader's edit alike.

import type {EndInvariant, Ending, Monitor} from "../explore/program.ts";
import type {Cell, Machine, MachineOptions, Op} from "../sim/index.ts";
import type * as mm from "../mm/index.ts";
import type {Parameter, Parameters} from "./parameter.ts";

/** The kernel's functions, as they were linked. */
export type Kernel = typeof mm;

export type {Parameter, Parameters};

/** What the threads run and what is to be watched: everything about a race but its machine. */
export type Scene = {
  readonly threads: readonly {readonly name: string; run(): Op<unknown>}[];
  readonly invariants: readonly EndInvariant[];
  /** What need not hold, and is asked where fixes are compared: does the split succeed? */
  readonly asks?: readonly EndInvariant[];
  readonly monitors: readonly Monitor[];
  outcome(ending: Ending): string | null;
  readonly shows: readonly Cell[];
};

export type Race = {
  readonly name: string;
  /** One sentence: who does what to whom. */
  readonly about: string;
  /** One sentence: what is at stake. */
  readonly stake: string;
  readonly parameters: readonly Parameter[];
  /** What a reader should know of these parameters, or null. */
  note(parameters: Parameters): string | null;
  machine(parameters: Parameters): MachineOptions;
  /** The functions of the kernel that the threads call: the hash of a schedule covers what they reach. */
  roots(parameters: Parameters): readonly string[];
  /** Brings the machine to the first state and says what happens then. */
  stage(kernel: Kernel, machine: Machine, parameters: Parameters): Scene;
};
