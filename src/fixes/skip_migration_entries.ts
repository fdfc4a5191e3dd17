// The first of the three ways that Jann Horn named on 7 June 2021: an entry of a page that is on the move counts for nothing. For pagemap
// it stays what it is, a swap entry, and nobody asks how often its page is mapped.

import type {Op} from "../sim/index.ts";
import {PageAnon} from "../mm/page-flags.ts";
import {pte_dirty, pte_page, pte_present, pte_young, type Pte} from "../mm/pgtable.ts";
import {
  is_mapped_once,
  page_of_entry,
  pagemap_entry,
  PAGEMAP_HOLE,
  smaps_account,
  type MemSizeStats,
  type PagemapEntry,
} from "../mm/task_mmu.ts";

export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (!pte_present(pte)) return;
  yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
}

export function* pte_to_pagemap_entry(pte: Pte): Op<PagemapEntry> {
  const page = yield* page_of_entry(pte);
  if (page === null) return PAGEMAP_HOLE;
  yield* PageAnon(page);
  const exclusive = pte_present(pte) && (yield* is_mapped_once(page));
  return pagemap_entry(pte, exclusive);
}
