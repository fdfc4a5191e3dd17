// teacher-only
// loses: alone-once-frozen
// because: it freezes first, and where it finds another count it stores that again: what has happened meanwhile is undone.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_set, atomic_xchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  const found = yield* atomic_xchg(page._refcount, 0);
  if (found === count) return true;
  yield* atomic_set(page._refcount, found);
  return false;
}
