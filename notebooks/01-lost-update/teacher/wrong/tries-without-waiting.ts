// teacher-only
// student: s3
// loses: none-lost-of-two, none-lost-of-three, only-that-one
// because: whoever waits tries again and again, and never says that there is nothing to do until the counter changes: that has no end.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_xchg, store} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  let value = yield* atomic_xchg(counter, -1);
  while (value === -1) value = yield* atomic_xchg(counter, -1);
  yield* store(counter, value + 1);
}
