// teacher-only
// loses: none-lost-of-two, none-lost-of-three, only-that-one, lost-by-schedule, one-preemption
// because: it does not look whether it has stored; and three are lost by the schedule where it should be two.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const value = yield* atomic_read(counter);
  yield* atomic_try_cmpxchg(counter, value, value + 1);
}

// cell 30
export const lost = "lost_update~cpus-4~02e0ryf0~ab2c2d2a";
