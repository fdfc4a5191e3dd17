// Upstream's fix, 24d7275ce279 (v5.17), in the words of this book: a migration entry is counted as one mapping, and nobody asks
// how often its page is mapped. That is what smaps always did for small pages under migration.

import type {Op} from "../sim/index.ts";
import {compound_nr, page_mapcount} from "../mm/mm.ts";
import {nth_page, PAGE_SIZE, type Page} from "../mm/mm_types.ts";
import {PageAnon} from "../mm/page-flags.ts";
import {pte_dirty, pte_page, pte_present, pte_young, type Pte} from "../mm/pgtable.ts";
import {is_migration_entry, migration_entry_to_page} from "../mm/swapops.ts";
import {
  is_mapped_once,
  page_count_is_one,
  page_of_entry,
  pagemap_entry,
  PAGEMAP_HOLE,
  PSS_SHIFT,
  smaps_account_size,
  smaps_page_accumulate,
  type MemSizeStats,
  type PagemapEntry,
} from "../mm/task_mmu.ts";

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false, true);
  }
}

/** `migration` says that the page may be falling apart right now: its mapcount is not to be asked for. */
export function* smaps_account(
  mss: MemSizeStats,
  page: Page,
  compound: boolean,
  young: boolean,
  dirty: boolean,
  migration = false,
): Op<void> {
  const nr = compound ? yield* compound_nr(page) : 1;
  const size = nr * PAGE_SIZE;
  yield* smaps_account_size(mss, page, size, young, dirty);

  const sole = yield* page_count_is_one(page);
  if (sole || migration) {
    yield* smaps_page_accumulate(mss, page, size, size * 2 ** PSS_SHIFT, dirty, true);
    return;
  }
  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(page, i);
    const mapcount = yield* page_mapcount(subpage);
    const whole = PAGE_SIZE * 2 ** PSS_SHIFT;
    const pss = mapcount >= 2 ? Math.floor(whole / mapcount) : whole;
    yield* smaps_page_accumulate(mss, subpage, PAGE_SIZE, pss, dirty, mapcount < 2);
  }
}

/** The same for pagemap: of a migration entry nobody says that it is mapped only here. */
export function* pte_to_pagemap_entry(pte: Pte): Op<PagemapEntry> {
  const page = yield* page_of_entry(pte);
  if (page === null) return PAGEMAP_HOLE;
  yield* PageAnon(page);
  const exclusive = pte_present(pte) && (yield* is_mapped_once(page));
  return pagemap_entry(pte, exclusive);
}
