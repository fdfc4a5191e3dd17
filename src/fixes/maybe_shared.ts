// David Hildenbrand's rule of June 2024 (v6.11): of an entry that is not present nobody knows how often its page is mapped. It may be
// shared: so it counts in full, and never as private.

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

/** `migration` says that the page is on the move: neither of its counts means anything now. */
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

  const whole_pss = size * 2 ** PSS_SHIFT;
  if (migration) {
    yield* smaps_page_accumulate(mss, page, size, whole_pss, dirty, false);
    return;
  }
  const sole = yield* page_count_is_one(page);
  if (sole) {
    yield* smaps_page_accumulate(mss, page, size, whole_pss, dirty, true);
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

/** Only what is present can be said to be mapped only here. */
export function* pte_to_pagemap_entry(pte: Pte): Op<PagemapEntry> {
  const page = yield* page_of_entry(pte);
  if (page === null) return PAGEMAP_HOLE;
  yield* PageAnon(page);
  const exclusive = pte_present(pte) && (yield* is_mapped_once(page));
  return pagemap_entry(pte, exclusive);
}
