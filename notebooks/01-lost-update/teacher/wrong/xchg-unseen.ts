// teacher-only
// student: s3
// loses: none-lost-of-two, none-lost-of-three, only-that-one
// because: it does not look at what the exchange gave back: two CPUs may have read the same value.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_read, atomic_xchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const value = yield* atomic_read(counter);
  yield* atomic_xchg(counter, value + 1);
}
