// teacher-only
// student: s4
// loses: adds-one, none-lost-of-two, none-lost-of-three, only-that-one, cheap-alone
// because: the bit is set and stays set: the second CPU waits for ever.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {load, store, test_and_set_bit} from "../../../../src/sim/atomic.ts";
import {wait_on_bit} from "../../../../src/sim/lock.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  while (yield* test_and_set_bit(31, counter)) yield* wait_on_bit(31, counter);
  const value = yield* load(counter);
  yield* store(counter, value + 1);
}

// cell 30
export const lost = "lost_update~cpus-3~02e0ryf0~ab2c2a";
