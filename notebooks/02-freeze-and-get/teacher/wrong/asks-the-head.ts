// teacher-only
// loses: one-on-this-page, not-on-a-stranger
// because: it takes the reference on the head, which may no longer be the head of that page.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_inc_not_zero, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  return yield* atomic_try_cmpxchg(page._refcount, count, 0);
}

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  return yield* atomic_inc_not_zero(head._refcount);
}

// cell 40
export const raised = "freeze_vs_try_get_page~pages-2~03widpk1~a2b163a";
