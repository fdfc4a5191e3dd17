// teacher-only
// loses: freezes-exactly, alone-once-frozen
// because: the old count is no answer to whether it was frozen.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  const found = yield* atomic_cmpxchg(page._refcount, count, 0);
  return found !== 0;
}
