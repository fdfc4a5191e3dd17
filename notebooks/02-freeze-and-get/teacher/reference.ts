// teacher-only

import type {Op} from "../../../src/sim/index.ts";
import type {Page} from "../../../src/mm/mm_types.ts";
import {atomic_inc_not_zero, atomic_try_cmpxchg} from "../../../src/sim/atomic.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  return yield* atomic_try_cmpxchg(page._refcount, count, 0);
}

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  return yield* atomic_inc_not_zero(page._refcount);
}

// cell 40
export const raised = "freeze_vs_try_get_page~pages-2~03widpk1~a2b163a";
