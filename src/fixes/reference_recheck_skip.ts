// A reference, and then the look again that Jann Horn had in mind on 7 June 2021 and put into GUP-fast four days later (c24d37322548): if the
// page has left its head meanwhile the reference is put back, and the page is not counted. Whoever uses try_get_compound_head() gets
// the recheck with it.

import type {Op} from "../sim/index.ts";
import {WARN_ON_ONCE} from "../sim/bug.ts";
import {page_mapcount, put_page} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {compound_head, PageSlab} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";
import {page_cache_add_speculative} from "../mm/pagemap.ts";
import {page_ref_count, page_ref_sub} from "../mm/page_ref.ts";
import {pte_dirty, pte_young, type Pte} from "../mm/pgtable.ts";
import {page_of_entry, smaps_account, type MemSizeStats} from "../mm/task_mmu.ts";

/** As it is since v5.14: null as well if `page` is no part of that huge page any more. */
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  const overflown = yield* WARN_ON_ONCE(count < 0, "page_ref_count(head) < 0");
  if (overflown) return null;
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;

  const again = yield* compound_head(page);
  if (again === head) return head;
  if (refs > 1) yield* page_ref_sub(head, refs - 1);
  yield* put_page(head);
  return null;
}

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const page = yield* page_of_entry(pte);
  if (page === null) return;
  const head = yield* try_get_compound_head(page, 1);
  if (head === null) return;
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
  yield* put_page(head);
}

/** The same for pagemap. */
export function* is_mapped_once(page: Page): Op<boolean> {
  const head = yield* try_get_compound_head(page, 1);
  if (head === null) return false;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(head);
  return mapcount === 1;
}

/** The same for kpagecount. */
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const head = yield* try_get_compound_head(page, 1);
  if (head === null) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(head);
  return mapcount;
}
