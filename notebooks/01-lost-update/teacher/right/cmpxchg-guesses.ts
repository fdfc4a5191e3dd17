// teacher-only
// student: s2

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  let expected = 0;
  for (;;) {
    const found = yield* atomic_cmpxchg(counter, expected, expected + 1);
    if (found === expected) return;
    expected = found;
  }
}

// cell 30
export const lost = "lost_update~cpus-3~02e0ryf0~ab2c2a";
