// What one thread's accesses cost, as the explorer weighs them: accesses to shared memory, the atomic ones among them, and those made
// while a spinlock is held, which others may be spinning for.

import type {Access, Measure} from "../explore/index.ts";
import type {Act} from "../sim/index.ts";

/** Acts that a CPU performs as a locked read-modify-write, which needs the cache line for itself. */
const ATOMIC: ReadonlySet<Act> = new Set([
  "exchange",
  "add",
  "add_unless",
  "compare_exchange",
  "set_bit",
  "clear_bit",
  "lock",
  "lock_bit",
  "lock_read",
  "lock_write",
  "unlock_bit",
  "unlock_read",
  "unlock_write",
  "try_lock",
]);

/** Does a CPU need the cache line for itself for this? */
export function isAtomic({act}: {readonly act: Act}): boolean {
  return ATOMIC.has(act);
}

export const ACCESSES = "accesses";
export const ATOMICS = "atomics";
export const UNDER_SPINLOCK = "under a spinlock";

export function measuresOf(thread: number): Measure[] {
  const counting = (name: string, counts: (access: Access) => boolean): Measure => ({
    name,
    weigh: (access) =>
      access.thread === thread && "cell" in access.operation && counts(access) ? 1 : 0,
  });
  return [
    counting(ACCESSES, () => true),
    counting(ATOMICS, ({operation}) => "cell" in operation && isAtomic(operation)),
    counting(UNDER_SPINLOCK, ({held}) => held.some(({spins}) => spins)),
  ];
}
