// teacher-only
// loses: freezes-exactly, alone-once-frozen
// because: it takes away all that were expected, and where there was one more it has taken too many.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_sub_and_test} from "../../../../src/sim/atomic.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  return yield* atomic_sub_and_test(page._refcount, count);
}
