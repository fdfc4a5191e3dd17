// Jann Horn's sketch of 7 June 2021: take the reference, look whether the page still belongs to the head, and if not, or if there is no
// reference to be had, begin again. No page is left out; whoever shatters the page needs no lock that is held here.

import type {Op} from "../sim/index.ts";
import {spin_until_cond} from "../sim/lock.ts";
import {get_page_unless_zero, page_mapcount, put_page} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {compound_head, PageSlab} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";
import {pte_dirty, pte_young, type Pte} from "../mm/pgtable.ts";
import {page_of_entry, smaps_account, type MemSizeStats} from "../mm/task_mmu.ts";

/** A reference on the head of `page`, as soon as there is one. */
export function* get_compound_head(page: Page): Op<Page> {
  for (;;) {
    const head = yield* spin_until_cond(function* () {
      return yield* get_head_unless_frozen(page);
    });
    const again = yield* compound_head(page);
    if (again === head) return head;
    yield* put_page(head);
  }
}

export function* get_head_unless_frozen(page: Page): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* get_page_unless_zero(head);
  return got ? head : null;
}

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const page = yield* page_of_entry(pte);
  if (page === null) return;
  const head = yield* get_compound_head(page);
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
  yield* put_page(head);
}

/** The same for pagemap. */
export function* is_mapped_once(page: Page): Op<boolean> {
  const head = yield* get_compound_head(page);
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
  const head = yield* get_compound_head(page);
  const mapcount = yield* page_mapcount(page);
  yield* put_page(head);
  return mapcount;
}
