// How findings are named and said: the search and a single run must say the same of the same thing.

import {cell_name, type MemoryOperation} from "../sim/index.ts";
import type {Program} from "./program.ts";

export type Named = {
  /** Invariant, function and cell: the same whatever path leads to it. */
  readonly id: string;
  readonly invariant: string;
  readonly message: string;
  readonly function: string;
};

/** `where` is the function it happened in, `about` what it is about (a page that was dumped); either may be "". */
export function named(invariant: string, message: string, where = "", about = ""): Named {
  const id = `${message}${where ? ` in ${where}` : ""}${about ? ` of ${about}` : ""}`;
  return {id, invariant, message, function: where};
}

/** A check of the kernel's own. */
export function failed(message: string, functions: readonly string[], about: string): Named {
  const invariant = message.startsWith("WARN") ? "no WARN" : "no BUG";
  return named(invariant, message, functions[0] ?? "", about);
}

export function unlockedByAnother(
  {threads}: Program,
  thread: number,
  operation: MemoryOperation,
  functions: readonly string[],
): Named {
  const message = `${operation.kind} of ${cell_name(operation.cell)}, which ${threads[thread].name} does not hold`;
  return named("locks are released by their holder", message, functions[0] ?? "");
}

export type Waiting = {
  readonly thread: number;
  readonly operation: MemoryOperation;
  readonly functions: readonly string[];
};

export function deadlocked({threads}: Program, waiting: readonly Waiting[]): Named {
  const waits = waiting.map(({thread, operation, functions}) => {
    const where = functions[0] ? ` in ${functions[0]}()` : "";
    return `${threads[thread].name} waits for ${cell_name(operation.cell)}${where}`;
  });
  const cause = "(a missing unlock, or locks taken in two orders?)";
  return named("no deadlock", `no thread can run: ${waits.join("; ")} ${cause}`);
}
