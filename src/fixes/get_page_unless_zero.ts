// The primitive by which one takes a reference to a page that one has no right to, on the page itself and not on its head. It is no
// mistake anywhere; but a tail has a count of its own only when it is no tail any more.

import type {Op} from "../sim/index.ts";
import {get_page_unless_zero, page_mapcount, put_page} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {PageSlab} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";
import {pte_dirty, pte_young, type Pte} from "../mm/pgtable.ts";
import {page_of_entry, smaps_account, type MemSizeStats} from "../mm/task_mmu.ts";

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const page = yield* page_of_entry(pte);
  if (page === null) return;
  const got = yield* get_page_unless_zero(page);
  if (!got) return;
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
  yield* put_page(page);
}

/** The same for pagemap. */
export function* is_mapped_once(page: Page): Op<boolean> {
  const got = yield* get_page_unless_zero(page);
  if (!got) return false;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(page);
  return mapcount === 1;
}

/** The same for kpagecount. */
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const got = yield* get_page_unless_zero(page);
  if (!got) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(page);
  return mapcount;
}
