// teacher-only
// loses: none-lost-of-three, one-preemption
// because: with two CPUs the second attempt cannot fail, with three it can; and the schedule leaves two CPUs in the middle.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  for (let i = 0; i < 2; i++) {
    const value = yield* atomic_read(counter);
    const stored = yield* atomic_try_cmpxchg(counter, value, value + 1);
    if (stored) return;
  }
}

// cell 30
export const lost = "lost_update~cpus-4~02e0ryf0~abcabcd2";
