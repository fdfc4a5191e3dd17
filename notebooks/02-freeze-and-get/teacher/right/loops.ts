// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_cmpxchg, atomic_read} from "../../../../src/sim/atomic.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  const found = yield* atomic_cmpxchg(page._refcount, count, 0);
  return found === count;
}

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  let count = yield* atomic_read(page._refcount);
  while (count !== 0) {
    const found = yield* atomic_cmpxchg(page._refcount, count, count + 1);
    if (found === count) return true;
    count = found;
  }
  return false;
}
