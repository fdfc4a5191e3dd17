// What an operation orders, on a machine whose CPUs have store buffers. One table, after the kernel's own documents:
// Documentation/atomic_t.txt and atomic_bitops.txt (read-modify-writes, tests of bits, acquire and release),
// Documentation/memory-barriers.txt (locks, barriers, interrupts), all of v5.13.
//
// Loads are made in the order of the program and at once, so nothing here makes one wait but a barrier that empties the buffer.

import type {MemoryModel} from "./memory_model.ts";
import type {MemoryOperation, StepOperation} from "./operation.ts";
import {only_reads} from "./perform.ts";

/** What the CPU has promised to have in memory when an operation is made. */
export type Strength =
  /** What it writes comes after what was written to the same word, and behind an smp_wmb(). */
  | "relaxed"
  /** Everything that was stored before. */
  | "release"
  /** Everything that was stored before, and nothing later comes earlier. */
  | "full";

export type Ordering = {
  /** Only reads; or is a store, which waits in the buffer; or reads and writes memory in one step; or does so if a condition holds. */
  readonly does:
    "read" | "store" | "update" | "conditional" | "switch interrupts" | "interrupt";
  readonly strength: Strength;
};

/**
 * Read-modify-writes that answer nothing are unordered, those that answer are fully ordered (atomic_t.txt, ORDERING), and whoever
 * takes a lock orders what comes later only (memory-barriers.txt, ACQUIRE operations): that is relaxed, as loads are in order.
 * clear_bit_unlock() and the end of a semaphore's section are releases by a read-modify-write.
 */
const STRENGTHS: Readonly<Record<string, Strength>> = {
  atomic_add: "relaxed",
  atomic_sub: "relaxed",
  atomic_inc: "relaxed",
  atomic_dec: "relaxed",
  set_bit: "relaxed",
  clear_bit: "relaxed",

  spin_lock: "relaxed",
  spin_trylock: "relaxed",
  down_read: "relaxed",
  down_write: "relaxed",
  wait_on_bit_lock: "relaxed",
  test_and_set_bit_lock: "relaxed",

  store: "relaxed",
  WRITE_ONCE: "relaxed",
  atomic_set: "relaxed",
  smp_store_release: "release",
  atomic_set_release: "release",
  spin_unlock: "release",

  clear_bit_unlock: "release",
  up_read: "release",
  up_write: "release",

  xchg: "full",
  cmpxchg: "full",
  atomic_add_return: "full",
  atomic_inc_and_test: "full",
  atomic_dec_and_test: "full",
  atomic_sub_and_test: "full",
  atomic_add_negative: "full",
  atomic_add_unless: "full",
  atomic_inc_not_zero: "full",
  atomic_xchg: "full",
  atomic_cmpxchg: "full",
  atomic_try_cmpxchg: "full",
  test_and_set_bit: "full",
  test_and_clear_bit: "full",
};

/** How a call by that name orders; null if it is none that does anything to memory. */
export function strength_of(kind: string): Strength | null {
  return STRENGTHS[kind] ?? null;
}

/** Null where it orders nothing: under sequential consistency everything is in order, and who only waits for a change has no access. */
export function ordering_of(operation: StepOperation, model: MemoryModel): Ordering | null {
  if (model === "sc" || operation.act === "await") return null;
  if (operation.act === "interrupts") return {does: "switch interrupts", strength: "relaxed"};
  if (only_reads(operation)) return {does: "read", strength: "relaxed"};
  if (operation.kind === "send_call_function_ipi") return {does: "interrupt", strength: "full"};
  // Whatever is not in the table orders everything.
  const strength = is_relaxed(operation) ? "relaxed" : (strength_of(operation.kind) ?? "full");
  if (is_store(operation)) return {does: "store", strength};
  return {does: is_conditional(operation) ? "conditional" : "update", strength};
}

/** Made by unordered() (atomic.ts). */
function is_relaxed({kind}: MemoryOperation): boolean {
  return kind.endsWith("_relaxed");
}

/** A plain store, or one that is a release: it takes no part in the value that was there. */
function is_store({act}: MemoryOperation): boolean {
  return act === "store" || act === "unlock";
}

/** Unordered on failure: then it is a load (atomic_t.txt; for test_and_set_bit_lock() atomic_bitops.txt). */
function is_conditional({act, kind}: MemoryOperation): boolean {
  const tries = act === "compare_exchange" || act === "add_unless" || act === "try_lock";
  return tries || kind === "test_and_set_bit_lock";
}

/** A barrier between two steps of a CPU. */
export type Fence = 0 | 1 | 2;
export const NO_FENCE = 0;
/** smp_wmb(): what is stored before is in memory before what is stored later. */
export const STORE_FENCE = 1;
/** smp_mb(): what is stored before is in memory before anything later happens. */
export const FULL_FENCE = 2;

/** Two barriers one after the other are the stronger of them. */
export function stronger(a: Fence, b: Fence): Fence {
  return a > b ? a : b;
}

/** What this barrier orders in this model, where loads are in order anyway. */
export function fence_of(kind: string, model: MemoryModel): Fence {
  if (model === "sc") return NO_FENCE;
  if (kind === "smp_mb") return FULL_FENCE;
  return kind === "smp_wmb" && model === "pso" ? STORE_FENCE : NO_FENCE;
}
