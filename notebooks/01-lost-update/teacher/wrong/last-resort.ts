// teacher-only
// loses: only-that-one
// because: when the primitive fails it takes another one.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_add, atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const value = yield* atomic_read(counter);
  const stored = yield* atomic_try_cmpxchg(counter, value, value + 1);
  if (!stored) yield* atomic_add(counter, 1);
}
