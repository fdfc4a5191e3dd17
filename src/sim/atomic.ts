// Loads, stores and the kernel's atomic read-modify-writes. Each is one step, and each answers exactly what
// the kernel's function of that name answers: an increment nothing, a test one bit.
//
// What each of them orders on a CPU with a store buffer is in ordering.ts; without one, all are sequentially consistent.

import type {Cell} from "./cell.ts";
import {announce, type Act, type Answer, type MemoryOperation, type Op} from "./operation.ts";

function access(
  kind: string,
  act: Act,
  cell: Cell,
  operand: number,
  answer: Answer,
  expected = 0,
): MemoryOperation {
  const plain = kind === "load" || kind === "store";
  return announce({kind, act, cell, operand, expected, answer, plain});
}

/** A plain C read of a shared field. */
export function* load<T extends number>(cell: Cell<T>): Op<T> {
  return (yield access("load", "load", cell, 0, "old")) as T;
}

/** A plain C write of a shared field. */
export function* store<T extends number>(cell: Cell<T>, value: T): Op<void> {
  yield access("store", "store", cell, value, "nothing");
}

export function* READ_ONCE<T extends number>(cell: Cell<T>): Op<T> {
  return (yield access("READ_ONCE", "load", cell, 0, "old")) as T;
}

export function* WRITE_ONCE<T extends number>(cell: Cell<T>, value: T): Op<void> {
  yield access("WRITE_ONCE", "store", cell, value, "nothing");
}

export function* smp_load_acquire<T extends number>(cell: Cell<T>): Op<T> {
  return (yield access("smp_load_acquire", "load", cell, 0, "old")) as T;
}

export function* smp_store_release<T extends number>(cell: Cell<T>, value: T): Op<void> {
  yield access("smp_store_release", "store", cell, value, "nothing");
}

export function* xchg<T extends number>(cell: Cell<T>, value: T): Op<T> {
  return (yield access("xchg", "exchange", cell, value, "old")) as T;
}

export function* cmpxchg<T extends number>(cell: Cell<T>, expected: T, value: T): Op<T> {
  return (yield access("cmpxchg", "compare_exchange", cell, value, "old", expected)) as T;
}

export function* atomic_read(cell: Cell): Op<number> {
  return yield access("atomic_read", "load", cell, 0, "old");
}

export function* atomic_set(cell: Cell, value: number): Op<void> {
  yield access("atomic_set", "store", cell, value, "nothing");
}

export function* atomic_set_release(cell: Cell, value: number): Op<void> {
  yield access("atomic_set_release", "store", cell, value, "nothing");
}

export function* atomic_add(cell: Cell, value: number): Op<void> {
  yield access("atomic_add", "add", cell, value, "nothing");
}

export function* atomic_sub(cell: Cell, value: number): Op<void> {
  yield access("atomic_sub", "add", cell, -value, "nothing");
}

export function* atomic_inc(cell: Cell): Op<void> {
  yield access("atomic_inc", "add", cell, 1, "nothing");
}

export function* atomic_dec(cell: Cell): Op<void> {
  yield access("atomic_dec", "add", cell, -1, "nothing");
}

export function* atomic_add_return(cell: Cell, value: number): Op<number> {
  return yield access("atomic_add_return", "add", cell, value, "new");
}

export function* atomic_inc_and_test(cell: Cell): Op<boolean> {
  return (yield access("atomic_inc_and_test", "add", cell, 1, "is_zero")) !== 0;
}

export function* atomic_dec_and_test(cell: Cell): Op<boolean> {
  return (yield access("atomic_dec_and_test", "add", cell, -1, "is_zero")) !== 0;
}

export function* atomic_sub_and_test(cell: Cell, value: number): Op<boolean> {
  return (yield access("atomic_sub_and_test", "add", cell, -value, "is_zero")) !== 0;
}

export function* atomic_add_negative(cell: Cell, value: number): Op<boolean> {
  return (yield access("atomic_add_negative", "add", cell, value, "is_negative")) !== 0;
}

/** Adds unless the cell holds `unless`; true if it did add. */
export function* atomic_add_unless(cell: Cell, value: number, unless: number): Op<boolean> {
  return (
    (yield access("atomic_add_unless", "add_unless", cell, value, "success", unless)) !== 0
  );
}

export function* atomic_inc_not_zero(cell: Cell): Op<boolean> {
  return (yield access("atomic_inc_not_zero", "add_unless", cell, 1, "success", 0)) !== 0;
}

export function* atomic_xchg(cell: Cell, value: number): Op<number> {
  return yield access("atomic_xchg", "exchange", cell, value, "old");
}

/** Answers the old value, as the kernel's does; compare it with `expected` to know whether it stored. */
export function* atomic_cmpxchg(cell: Cell, expected: number, value: number): Op<number> {
  return yield access("atomic_cmpxchg", "compare_exchange", cell, value, "old", expected);
}

/** True if the cell held `expected` and holds `value` now. */
export function* atomic_try_cmpxchg(cell: Cell, expected: number, value: number): Op<boolean> {
  return (
    (yield access(
      "atomic_try_cmpxchg",
      "compare_exchange",
      cell,
      value,
      "success",
      expected,
    )) !== 0
  );
}

/** Bits 0 to 31 of a word. */
export function* test_bit(bit: number, cell: Cell): Op<boolean> {
  return (yield access("test_bit", "load", cell, bit, "bit")) !== 0;
}

export function* set_bit(bit: number, cell: Cell): Op<void> {
  yield access("set_bit", "set_bit", cell, bit, "nothing");
}

export function* clear_bit(bit: number, cell: Cell): Op<void> {
  yield access("clear_bit", "clear_bit", cell, bit, "nothing");
}

/** Answers the bit as it was. */
export function* test_and_set_bit(bit: number, cell: Cell): Op<boolean> {
  return (yield access("test_and_set_bit", "set_bit", cell, bit, "bit")) !== 0;
}

export function* test_and_clear_bit(bit: number, cell: Cell): Op<boolean> {
  return (yield access("test_and_clear_bit", "clear_bit", cell, bit, "bit")) !== 0;
}

/** Answers the bit as it was: 0 if the caller has the lock now. The caller does not wait. */
export function* test_and_set_bit_lock(bit: number, cell: Cell): Op<boolean> {
  return (yield access("test_and_set_bit_lock", "set_bit", cell, bit, "bit")) !== 0;
}

/**
 * `op` of these arguments, ordering nothing: what the kernel spells atomic_xchg_relaxed() where it has one. Not to be found in the model's
 * own kernel: it is there so that one can see what the order is good for.
 */
export function* unordered<A extends unknown[], T>(
  op: (...args: A) => Op<T>,
  ...args: A
): Op<T> {
  const ordered = op(...args);
  for (let turn = ordered.next(0); ;) {
    if (turn.done) return turn.value;
    const operation = turn.value;
    const isAccess = "cell" in operation;
    turn = ordered.next(
      yield isAccess ? {...operation, kind: `${operation.kind}_relaxed`} : operation,
    );
  }
}
