// teacher-only
// loses: cheap-alone
// because: it looks again at what it knows: the primitive has said whether it stored.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  for (;;) {
    const value = yield* atomic_read(counter);
    const stored = yield* atomic_try_cmpxchg(counter, value, value + 1);
    const now = yield* atomic_read(counter);
    if (stored && now > value) return;
  }
}
