// teacher-only
// student: s4

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {load, store, test_and_set_bit} from "../../../../src/sim/atomic.ts";
import {wait_on_bit} from "../../../../src/sim/lock.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const LOCK = 30;
  while (yield* test_and_set_bit(LOCK, counter)) yield* wait_on_bit(LOCK, counter);
  const value = yield* load(counter);
  yield* store(counter, (value + 1) & ~(1 << LOCK));
}

// cell 30
export const lost = "lost_update~cpus-3~02e0ryf0~ab2c2a";
