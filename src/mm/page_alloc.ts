// Making a compound page. Models mm/page_alloc.c, v5.13. Leaves out: the allocator; pages come ready from boot.

import {atomic_set, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {compound_mapcount_ptr} from "./mm.ts";
import {hpage_pmd_nr, nth_page, type Page} from "./mm_types.ts";
import {__SetPageHead, set_compound_head, TAIL_MAPPING} from "./page-flags.ts";
import {set_page_count} from "./page_ref.ts";

export const TRANSHUGE_PAGE_DTOR = 3;

/** Joins the pages from `page` on. Nobody else can see them; the head keeps the allocator's reference. */
export function* prep_compound_page(page: Page): Op<void> {
  const nr = hpage_pmd_nr();
  yield* __SetPageHead(page);
  for (let i = 1; i < nr; i++) {
    const tail = nth_page(page, i);
    yield* set_page_count(tail, 0);
    yield* store(tail.mapping, TAIL_MAPPING);
    yield* set_compound_head(tail, page);
  }
  const first = nth_page(page, 1);
  yield* store(first.compound_dtor, TRANSHUGE_PAGE_DTOR);
  yield* store(first.compound_order, Math.log2(nr));
  yield* store(first.compound_nr, nr);
  yield* atomic_set(compound_mapcount_ptr(page), -1);
  if (nr > 2) yield* atomic_set(nth_page(page, 2).hpage_pinned_refcount, 0);
}
