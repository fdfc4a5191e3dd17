// The page lock around the look: who splits or moves a page holds it. One must not sleep for it under the page table's lock, so it is
// only tried, and a page that somebody else has locked is not counted.

import type {Op} from "../sim/index.ts";
import {page_mapcount} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {PageSlab, trylock_page, unlock_page} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";
import {pte_dirty, pte_young, type Pte} from "../mm/pgtable.ts";
import {page_of_entry, smaps_account, type MemSizeStats} from "../mm/task_mmu.ts";

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const page = yield* page_of_entry(pte);
  if (page === null) return;
  const got = yield* trylock_page(page);
  if (!got) return;
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
  yield* unlock_page(page);
}

/** The same for pagemap. */
export function* is_mapped_once(page: Page): Op<boolean> {
  const got = yield* trylock_page(page);
  if (!got) return false;
  const mapcount = yield* page_mapcount(page);
  yield* unlock_page(page);
  return mapcount === 1;
}

/** The same for kpagecount. */
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const got = yield* trylock_page(page);
  if (!got) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* unlock_page(page);
  return mapcount;
}
