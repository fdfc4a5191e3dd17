// teacher-only
// loses: none-lost-of-two, none-lost-of-three, only-that-one, cheap-alone, lost-by-schedule, one-preemption
// because: between the load and the store the counter may change; and the schedule lets nobody in between.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {load, store} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const before = yield* load(counter);
  yield* store(counter, before + 1);
}

// cell 30
export const lost = "lost_update~cpus-4~02e0ryf0~a2b2c2d2";
