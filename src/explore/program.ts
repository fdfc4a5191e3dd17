// What is explored: a first state, some threads, and what must always hold. Plain enough that a race of the kernel, a
// litmus test and a student's answer look the same from here.

import type {Cell, Machine, Memory, MemoryModel, MemoryOperation, Op} from "../sim/index.ts";
import type {Naming} from "./trace.ts";

export type Thread = {
  readonly name: string;
  /**
   * A fresh run from the beginning. Deterministic: what it does next is decided by what it has observed. Threads with the
   * same `run`, name and `prints` are equal: nothing that the race asks for may depend on which of them is which.
   */
  run(): Op<unknown>;
  /**
   * What the thread's result adds to the outcomes of the race, or null. A thread that has this finishes in one and the
   * same state whatever its result is, so that `outcome` does not get to see it.
   */
  readonly prints?: (result: unknown) => string | null;
};

/** A check of the kernel's own that failed, and where. */
export type Failure = {
  readonly message: string;
  /** The functions it happened in, innermost first; macros, in capitals, are left out. */
  readonly functions: readonly string[];
  /** What was dumped: `page[3]`, or ""; and its words. */
  readonly about: string;
  readonly dump: readonly Cell[];
  readonly thread: number;
};

/** The state in which a run ended. Memory is as it was then: read it now, do not keep it. */
export type Ending = {
  readonly memory: Memory;
  /** What each thread returned; undefined for those that had not finished. */
  readonly results: readonly unknown[];
  /** The BUG that ended the run. */
  readonly bug: Failure | null;
};

/** Must hold in every state in which all threads have finished. */
export type EndInvariant = {
  readonly name: string;
  /** A sentence that says what is wrong, or null. */
  check(memory: Memory): string | null;
};

/**
 * Watches a run from outside. What it remembers it keeps in ghost words, memory that no thread can see: they belong to
 * the state, so that no two states are taken for one that the monitor tells apart.
 */
export type Monitor = {
  readonly name: string;
  readonly ghosts: readonly Cell[];
  /** Those of them that belong to one thread, by thread. The others must not depend on which of two equal threads is which. */
  readonly own?: readonly (readonly Cell[])[];
  /** Does it want to see this operation, made in these functions, innermost first? Asked once for each place in the code. */
  watches(operation: MemoryOperation, functions: readonly string[]): boolean;
  /** The words that it looks at when it sees this operation, made in these functions. */
  looksAt(operation: MemoryOperation, functions: readonly string[]): readonly Cell[];
  /**
   * Memory as it is before the operation; a sentence that says what is wrong with it, or null. May write ghosts that
   * belong to the thread or to the word, and no others.
   */
  before(step: WatchedStep, memory: Memory): string | null;
  /** The function whose answers it judges, if there is one. */
  readonly judges?: string;
  /** The function has answered, judged by ghosts alone: a sentence that says what is wrong, or null. `functions` are its callers. */
  answered?(
    value: unknown,
    functions: readonly string[],
    thread: number,
    memory: Memory,
  ): string | null;
  /** A thread has finished, judged by its ghosts alone: a sentence that says what is wrong, or null. */
  finished?(thread: number, memory: Memory): string | null;
};

/** A step that a monitor looks at: `functions` are those it is made in, innermost first. */
export type WatchedStep = {
  readonly operation: MemoryOperation;
  readonly functions: readonly string[];
  readonly thread: number;
};

export type Program = {
  readonly race: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly livepatches: readonly string[];
  /** Hash of the code that the threads can reach. */
  readonly code: string;
  readonly machine: Machine;
  /** Sequentially consistent, unless it says not. */
  readonly memoryModel?: MemoryModel;
  /** What is looked at is a thread that never ends: one that makes more steps than this. */
  readonly endless?: number;
  readonly threads: readonly Thread[];
  /** The interrupt flag of each thread's CPU. */
  readonly interrupts: readonly Cell[];
  readonly invariants: readonly EndInvariant[];
  readonly monitors: readonly Monitor[];
  /** The result of a run, as the race declares it; null where it declares none or leaves it to `prints`. */
  outcome(ending: Ending): string | null;
  /** Words that a reader wants to see whether or not a run touches them. */
  readonly shows: readonly Cell[];
  print(cell: Cell, value: number): string;
  /** What a value names, if it names something that a reader knows. */
  names?(cell: Cell, value: number): Naming | null;
  /** Forgets whatever threads may have kept outside of their runs, before they are asked again. */
  renew?(): void;
  /** Where a line of the threads' code stands in the sources. */
  place(line: number): {file: string; line: number} | null;
};

/** The same program on a machine with this memory model. */
export function under(memoryModel: MemoryModel, program: Program): Program {
  return memoryModel === (program.memoryModel ?? "sc") ? program : {...program, memoryModel};
}

/** The same program as it was when a schedule of it was recorded. */
export function recorded(
  program: Program,
  {memoryModel = "sc", endless}: Pick<Program, "memoryModel" | "endless">,
): Program {
  const same = under(memoryModel, program);
  return endless === undefined ? same : {...same, endless};
}

/** In capitals: a macro of the kernel, which is no function of its own in a backtrace. */
export function isMacro(name: string): boolean {
  return /^_*[A-Z][A-Z_0-9]*$/.test(name);
}
