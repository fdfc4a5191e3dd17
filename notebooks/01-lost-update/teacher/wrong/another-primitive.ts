// teacher-only
// loses: only-that-one, cheap-alone
// because: atomic_add_return() reads and writes in one step as well, and was not given.

import type {Cell, Op} from "../../../../src/sim/index.ts";
import {atomic_add_return} from "../../../../src/sim/atomic.ts";

// cell 20
export function* atomic_inc(counter: Cell): Op<void> {
  yield* atomic_add_return(counter, 1);
}
