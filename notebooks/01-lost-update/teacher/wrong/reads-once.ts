// teacher-only
// loses: none-lost-of-two, none-lost-of-three, only-that-one
// because: after a failure it expects what was there before: it tries for ever.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const value = yield* atomic_read(counter);
  for (;;) {
    const stored = yield* atomic_try_cmpxchg(counter, value, value + 1);
    if (stored) return;
  }
}
