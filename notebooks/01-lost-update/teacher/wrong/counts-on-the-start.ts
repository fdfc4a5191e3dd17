// teacher-only
// loses: adds-one
// because: it counts up from 0 until it meets the counter, and goes no further than a few.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  for (let value = 0; ; value = (value + 1) % 5) {
    const stored = yield* atomic_try_cmpxchg(counter, value, value + 1);
    if (stored) return;
  }
}
