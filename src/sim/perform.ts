// Performing an operation: the one place that says what each of them does to memory. An announced operation is
// first compiled for the thread that announced it, to a transition that names halves of memory by index, since the
// explorer performs the same one millions of times.

import {cell_name, type Cell} from "./cell.ts";
import {high_half, type Memory} from "./memory.ts";
import type {Act, Answer, InterruptOperation, MemoryOperation} from "./operation.ts";

const TWO_32 = 2 ** 32;

export type Transition = {
  readonly act: Act;
  readonly answer: Answer;
  readonly half: number;
  readonly bytes: 1 | 4 | 8;
  /** Position of a byte within its half; the number of the bit, for operations on bits. */
  readonly shift: number;
  readonly operand: number;
  readonly expected: number;
};

/** What the kernel says when an address is nobody's. */
export function wildAccess(cell: Cell): string {
  return `BUG: unable to handle page fault for address ${hex(cell.address)} (${cell_name(cell)})`;
}

/** An address as the kernel prints it. */
export function hex(address: number): string {
  return `0x${BigInt.asUintN(64, BigInt(address)).toString(16)}`;
}

/** The operation's address must be in memory. `interrupts` are the cells of the CPUs' interrupt flags, one a thread. */
export function compile(
  operation: MemoryOperation | InterruptOperation,
  memory: Memory,
  thread: number,
  interrupts: readonly Cell[],
): Transition {
  if (operation.act === "interrupts") {
    const half = memory.half(interrupts[thread].address);
    const {operand} = operation;
    return {act: "store", answer: "nothing", half, bytes: 4, shift: 0, operand, expected: 0};
  }
  const {act, answer, cell, expected} = operation;
  const half = memory.half(cell.address);
  const onBit = is_on_bit(operation);
  const bytes = onBit ? 4 : cell.bytes;
  const shift = onBit ? operation.operand : (cell.address & 3) * 8;
  const operand = LOCKING.has(act) ? 1 : operation.operand;
  return {act, answer, half, bytes, shift, operand, expected};
}

/** Is it about one bit of its word? Then `shift` is the number of the bit. */
export function is_on_bit({act, answer}: Pick<Transition, "act" | "answer">): boolean {
  return answer === "bit" || ON_BIT.has(act);
}

const ON_BIT = new Set<Act>(["set_bit", "clear_bit", "lock_bit", "wait_bit", "unlock_bit"]);

/** Acts that have no operand of their own: a lock's word is 0, or says who holds it. */
const LOCKING = new Set<Act>([
  ...(["lock", "lock_read", "lock_write", "try_lock"] as const),
  ...(["unlock", "unlock_read", "unlock_write"] as const),
]);

/** The halves that `t` reads or writes. */
export function halves_touched({half, bytes}: Pick<Transition, "half" | "bytes">): number[] {
  return bytes === 8 ? [half, half + 1] : [half];
}

/** Whether `t` can be performed now. Only taking a lock or waiting for a bit can be impossible. */
export function enabled(t: Transition, halves: Int32Array): boolean {
  switch (t.act) {
    case "lock":
    case "lock_write":
      return halves[t.half] === 0;
    case "lock_read":
      return halves[t.half] >= 0;
    case "lock_bit":
    case "wait_bit":
      return ((halves[t.half] >>> t.shift) & 1) === 0;
    default:
      return true;
  }
}

/** Performs `t` and returns what its thread observes (0 where it observes nothing). */
export function perform(t: Transition, halves: Int32Array): number {
  const {half} = t;
  const old = read(t, halves);
  let now = old;
  switch (t.act) {
    case "load":
    case "wait_bit":
      break;
    case "store":
    case "exchange":
      now = t.operand;
      break;
    case "add":
      now = old + t.operand;
      break;
    case "add_unless":
      if (old !== t.expected) now = old + t.operand;
      break;
    case "compare_exchange":
      if (old === t.expected) now = t.operand;
      break;
    case "set_bit":
    case "lock_bit":
      now = old | (1 << t.shift);
      break;
    case "clear_bit":
    case "unlock_bit":
      now = old & ~(1 << t.shift);
      break;
    case "lock":
      now = t.operand;
      break;
    case "try_lock":
      if (old === 0) now = t.operand;
      break;
    case "unlock":
    case "unlock_write":
      now = 0;
      break;
    case "lock_read":
      now = old + 1;
      break;
    case "unlock_read":
      now = old - 1;
      break;
    case "lock_write":
      now = -t.operand;
  }
  if (now !== old) write(t, halves, half, now);
  return observe(t, old, now);
}

/** Does `t` never write, whatever it finds? */
export function only_reads({act}: Pick<Transition, "act">): boolean {
  return act === "load" || act === "wait_bit";
}

/** Can it be impossible to make `t`, until somebody else writes? */
export function may_wait({act}: Pick<Transition, "act">): boolean {
  return act.startsWith("lock") || act === "wait_bit";
}

/** Does `t` write if it is made now? A conditional one that changes nothing only reads. */
export function writes_now(t: Transition, halves: Int32Array): boolean {
  if (only_reads(t)) return false;
  const isConditional = ["compare_exchange", "add_unless", "try_lock"].includes(t.act);
  if (!isConditional && t.answer !== "bit") return true;
  const low = halves[t.half];
  const high = halves[t.half + 1];
  perform(t, halves);
  const changed = halves[t.half] !== low || halves[t.half + 1] !== high;
  halves[t.half] = low;
  if (t.bytes === 8) halves[t.half + 1] = high;
  return changed;
}

/** What `t` would answer if it were made now. */
export function would_observe(t: Transition, halves: Int32Array): number {
  const low = halves[t.half];
  const high = halves[t.half + 1];
  const answer = perform(t, halves);
  halves[t.half] = low;
  if (t.bytes === 8) halves[t.half + 1] = high;
  return answer;
}

function read(t: Transition, halves: Int32Array): number {
  const low = halves[t.half];
  if (t.bytes === 4) return low;
  if (t.bytes === 8) return halves[t.half + 1] * TWO_32 + (low >>> 0);
  return (low >>> t.shift) & 0xff;
}

function write(t: Transition, halves: Int32Array, half: number, value: number): void {
  if (t.bytes === 1) {
    halves[half] = (halves[half] & ~(0xff << t.shift)) | ((value & 0xff) << t.shift);
    return;
  }
  halves[half] = value | 0;
  if (t.bytes === 8) halves[half + 1] = high_half(value);
}

function observe(t: Transition, old: number, now: number): number {
  switch (t.answer) {
    case "nothing":
      return 0;
    case "old":
      return old;
    case "new":
      return now | 0;
    case "is_zero":
      return (now | 0) === 0 ? 1 : 0;
    case "is_negative":
      return (now | 0) < 0 ? 1 : 0;
    case "bit":
      return (old >>> t.shift) & 1;
    case "success":
      return succeeded(t, old) ? 1 : 0;
  }
}

/** Is the condition met on which a conditional operation writes? */
export function succeeds(t: Transition, halves: Int32Array): boolean {
  const old = read(t, halves);
  return t.answer === "bit" ? observe(t, old, old) === 0 : succeeded(t, old);
}

function succeeded(t: Transition, old: number): boolean {
  if (t.act === "add_unless") return old !== t.expected;
  if (t.act === "try_lock") return old === 0;
  return old === t.expected;
}
