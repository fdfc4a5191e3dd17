// teacher-only
// student: s4
// loses: none-lost-of-two, none-lost-of-three
// because: what was read before the lock was taken is old news inside.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {load, store, test_and_set_bit} from "../../../../src/sim/atomic.ts";
import {wait_on_bit} from "../../../../src/sim/lock.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  let value = yield* load(counter);
  while (yield* test_and_set_bit(31, counter)) {
    yield* wait_on_bit(31, counter);
    value = yield* load(counter);
  }
  yield* store(counter, (value & 0x7fffffff) + 1);
}

// cell 30
export const lost = "lost_update~cpus-3~02e0ryf0~ab2c2a";
