// What a thread may ask of the machine. An operation is announced as data, with `yield`, and performed by
// whoever runs the thread (perform.ts); what was observed is sent back. Nothing but this folder yields.

import type {Cell} from "./cell.ts";
import {machine} from "./machine.ts";

/** A computation that another CPU may interrupt at each of its operations. */
export type Op<T> = Generator<Operation, T, number>;

/** What an operation does to its word. */
export type Act =
  | "load"
  | "store"
  | "exchange"
  | "add"
  | "add_unless"
  | "compare_exchange"
  | "set_bit"
  | "clear_bit"
  // Not enabled while somebody holds the lock:
  | "lock"
  | "lock_bit"
  | "lock_read"
  | "lock_write"
  // Not enabled while the bit is set:
  | "wait_bit"
  | "unlock"
  | "unlock_bit"
  | "unlock_read"
  | "unlock_write"
  | "try_lock";

/** How much of it the thread learns: never more than the kernel's own function answers. */
export type Answer = "nothing" | "old" | "new" | "success" | "is_zero" | "is_negative" | "bit";

/** One access to one word of shared memory: the unit of every schedule. */
export type MemoryOperation = {
  /** The kernel's word for it: `atomic_inc`, `spin_lock`. */
  readonly kind: string;
  readonly act: Act;
  readonly cell: Cell;
  /** The value stored or added, the number of the bit. */
  readonly operand: number;
  /** The value that compare_exchange expects and that add_unless avoids. */
  readonly expected: number;
  readonly answer: Answer;
  /** A C access that nothing marks as shared: the compiler and KCSAN may take offence. */
  readonly plain: boolean;
  readonly stack?: string;
};

/** Switches the interrupts of the CPU that runs the thread. */
export type InterruptOperation = {
  readonly kind: "local_irq_disable" | "local_irq_enable";
  readonly act: "interrupts";
  readonly operand: 0 | 1;
  readonly stack?: string;
};

/**
 * The end of a turn of a loop that only waits: there is nothing to be done until something that was seen in this turn
 * changes. When the thread goes on, it stands where the turn began, and the turn is forgotten.
 */
export type AwaitOperation = {
  readonly kind: "cpu_relax";
  readonly act: "await";
  readonly operand: 0;
  readonly stack?: string;
};

/** Stands in the trace, costs no step, and no other thread can tell when it happened. */
export type Announcement = (
  | {readonly kind: string; readonly act: "barrier"}
  /** A turn of a loop that ends with an AwaitOperation begins; or the last one has ended, with what it waited for. */
  | {readonly kind: string; readonly act: "turn" | "turned"}
  | Complaint
  | {
      readonly kind: "call";
      readonly act: "call";
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | {
      readonly kind: "return";
      readonly act: "return";
      readonly name: string;
      readonly value: unknown;
    }
) & {readonly stack?: string};

/** A check of the kernel's own that failed. */
export type Complaint = {
  readonly kind: "BUG" | "WARN";
  readonly act: "bug" | "warn";
  readonly message: string;
  /** What is dumped, by name, and its words. */
  readonly about: string;
  readonly dump: readonly Cell[];
};

/** A step: what a schedule orders. */
export type StepOperation = MemoryOperation | InterruptOperation | AwaitOperation;

export type Operation = StepOperation | Announcement;

/** Remembers where the operation stands in the source, if the machine is asked to (for a trace). */
export function announce<O extends Operation>(operation: O): O {
  machine.turns = 0;
  return machine.backtraces ? {...operation, stack: new Error().stack ?? ""} : operation;
}
