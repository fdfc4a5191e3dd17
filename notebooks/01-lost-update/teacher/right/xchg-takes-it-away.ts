// teacher-only
// student: s3

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_set, atomic_xchg} from "../../../../src/sim/atomic.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  const taken = -1;
  const value = yield* spin_until_cond(function* () {
    const found = yield* atomic_xchg(counter, taken);
    return found === taken ? null : String(found);
  });
  yield* atomic_set(counter, Number(value) + 1);
}
