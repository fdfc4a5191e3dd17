// teacher-only
// student: s4

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {load, store, test_and_set_bit, test_bit} from "../../../../src/sim/atomic.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  yield* spin_until_cond(function* () {
    const taken = yield* test_bit(31, counter);
    if (taken) return false;
    const held = yield* test_and_set_bit(31, counter);
    return !held;
  });
  const value = yield* load(counter);
  yield* store(counter, (value & ~(1 << 31)) + 1);
}

// cell 30
export const lost = "lost_update~cpus-3~02e0ryf0~ab2c2a";
