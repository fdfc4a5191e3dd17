// teacher-only
// student: s2

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_cmpxchg, READ_ONCE} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  let value = yield* READ_ONCE(counter);
  let found = yield* atomic_cmpxchg(counter, value, value + 1);
  while (found !== value) {
    value = found;
    found = yield* atomic_cmpxchg(counter, value, value + 1);
  }
}

// cell 30
export const lost = "lost_update~cpus-3~00000000~ac2b2a";
