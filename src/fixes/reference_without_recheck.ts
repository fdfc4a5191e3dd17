// What Matthew Wilcox suggested on 7 June 2021, in the words of v5.13: take a reference before looking, the way GUP-fast does, and do
// not count the page where there is none to be had. try_get_compound_head() was still without its recheck that day.

import type {Op} from "../sim/index.ts";
import {try_get_compound_head} from "../mm/gup.ts";
import {page_mapcount, put_page} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {PageSlab} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";
import {pte_dirty, pte_young, type Pte} from "../mm/pgtable.ts";
import {page_of_entry, smaps_account, type MemSizeStats} from "../mm/task_mmu.ts";

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
