// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";
import {page_ref_add_unless, page_ref_count} from "../../../../src/mm/page_ref.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  const now = yield* page_ref_count(page);
  if (now !== count) return false;
  return yield* atomic_try_cmpxchg(page._refcount, count, 0);
}

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  const now = yield* page_ref_count(page);
  if (now === 0) return false;
  return yield* page_ref_add_unless(page, 1, 0);
}
