// How findings are named and said: the search and a single run must say the same of the same thing.

import {cell_name, type MemoryOperation, type StepOperation} from "../sim/index.ts";
import {awaited, holds, type Carried, type Held} from "./carried.ts";
import {isMacro, type Program} from "./program.ts";

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

/** A thread that goes on after so many steps: nobody waits any longer. */
export function sayEndless(steps: number): string {
  return `${ENDLESS}: more than ${steps} steps (a loop whose condition nobody makes false?)`;
}

export function isEndless(message: string): boolean {
  return message.startsWith(ENDLESS);
}

const ENDLESS = "a thread that never ends";

/** A lock that a thread did not release before it finished. */
export function leftLocked({threads}: Program, thread: number, {cell, bit}: Held): Named {
  const lock = bit < 0 ? cell_name(cell) : `bit ${bit} of ${cell_name(cell)}`;
  const message = `${threads[thread].name} has finished and still holds ${lock} (a missing unlock?)`;
  return named("locks are released", message);
}

/** A thread that has not finished: the step that it cannot make, where, and what it carries. */
export type Waiting = {
  readonly thread: number;
  readonly operation: StepOperation;
  readonly functions: readonly string[];
};

/** Nobody can make a step: a deadlock, or a livelock if somebody goes round in a loop. `carried` is what each thread carries. */
export function stuck(
  program: Program,
  waiting: readonly Waiting[],
  carried: readonly Carried[],
): Named {
  const each = waiting.map((w) => sayWaiting(program, w, carried)).join("; ");
  if (waiting.some(({operation}) => operation.act === "await")) {
    const cause = "(did nobody write what is waited for?)";
    return named("no livelock", `nobody gets any further: ${each} ${cause}`);
  }
  const cause = "(a missing unlock, or locks taken in two orders?)";
  return named("no deadlock", `no thread can run: ${each} ${cause}`);
}

function sayWaiting(
  {threads}: Program,
  {thread, operation, functions}: Waiting,
  carried: readonly Carried[],
): string {
  const {name} = threads[thread];
  const inside = functions.find((f) => !isMacro(f));
  const where = inside ? ` in ${inside}()` : "";
  if (!("cell" in operation)) {
    const cells = awaited(operation, carried[thread]);
    return `${name} goes round${where} until ${cells.join(" or ")} changes`;
  }
  const holders = threads.filter((_, t) => holds(carried[t], operation)).map((t) => t.name);
  const held = holders.length > 0 ? `, held by ${holders.join(" and ")}` : "";
  return `${name} waits for ${cell_name(operation.cell)}${where}${held}`;
}

/** Threads go round and round, and whatever the others do, they do not get out. */
export function circling({threads}: Program, going: readonly Waiting[]): Named {
  const each = going.map(({thread, functions}) => {
    const inside = functions.find((f) => !isMacro(f));
    return `${threads[thread].name} goes round${inside ? ` in ${inside}()` : ""}`;
  });
  const message = `nobody gets any further: ${each.join("; ")} (each undoing what the other waits for?)`;
  return named("no livelock", message);
}
