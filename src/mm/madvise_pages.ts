// Advice about the pages of a range: MADV_WILLNEED, MADV_FREE, MADV_COLD and MADV_PAGEOUT. Models mm/madvise.c, v5.13.
//
// A huge page is treated as a whole where the advice is about all of it, and is split where it is about a part, unless somebody else maps it,
// too. Leaves out: TLB gathering.

import {load} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {
  is_huge_zero_pmd,
  is_only_mapping,
  madvise_free_huge_pmd,
  pmd_trans_huge_lock,
  split_huge_page,
} from "./huge_memory.ts";
import {vm_normal_page} from "./memory.ts";
import {get_page, page_mapcount, put_page} from "./mm.ts";
import {hpage_pmd_size, PAGE_SIZE, type Page, type PageTable, type VmArea} from "./mm_types.ts";
import {
  ClearPageDirty,
  ClearPageReferenced,
  lock_page,
  PageDirty,
  PageSwapCache,
  PageTransCompound,
  PageUnevictable,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {
  is_swap_pte,
  pmd_addr_end,
  pmd_mkclean,
  pmd_mkold,
  pmd_offset,
  pmd_page,
  pmd_present,
  pmd_trans_huge,
  pmd_trans_unstable,
  pmd_young,
  pmd_dirty,
  pmdp_invalidate,
  pte_dirty,
  pte_index,
  pte_mkclean,
  pte_mkold,
  pte_none,
  pte_offset_map_lock,
  pte_present,
  pte_unmap_unlock,
  pte_young,
  ptep_get_and_clear,
  set_pmd_at,
  set_pte_at,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {
  deactivate_page,
  isolate_lru_page,
  mark_page_lazyfree,
  putback_lru_page,
} from "./swap.ts";
import {read_swap_cache_async} from "./swap_state.ts";
import {free_swap_and_cache, try_to_free_swap} from "./swapfile.ts";
import {is_migration_entry} from "./swapops.ts";
import {reclaim_pages} from "./vmscan.ts";

// MADV_WILLNEED: what is in swap space will be needed

/** Reads it back: a fault finds it in the swap cache. Leaves out: shared memory. Caller holds the mmap_lock for reading. */
export function* madvise_willneed(vma: VmArea, start: number, end: number): Op<void> {
  if (vma.vm_file !== null) return;
  let address = start;
  while (address < end) {
    const next = pmd_addr_end(address, end);
    yield* swapin_walk_pmd_entry(vma, address, next);
    address = next;
  }
}

/** What lies below one PMD. */
export function* swapin_walk_pmd_entry(vma: VmArea, start: number, end: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, start);
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;
  for (let address = start; address < end; address += PAGE_SIZE) {
    const table = yield* pte_offset_map_lock(pmdp);
    const pte = yield* load(table.pte[pte_index(address)]);
    yield* pte_unmap_unlock(table);
    const swapped = is_swap_pte(pte) && !is_migration_entry(pte);
    const page = swapped ? yield* read_swap_cache_async(pte) : null;
    if (page !== null) yield* put_page(page);
  }
}

// MADV_FREE: nobody needs what is there, unless it is written to again

/** Caller holds the mmap_lock for reading. */
export function* madvise_free_single_vma(vma: VmArea, start: number, end: number): Op<void> {
  let address = start;
  while (address < end) {
    const next = pmd_addr_end(address, end);
    yield* madvise_free_pmd_range(vma, address, next);
    address = next;
  }
}

/** What lies below one PMD. Models madvise_free_pte_range(). */
export function* madvise_free_pmd_range(vma: VmArea, address: number, end: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_trans_huge(pmd)) {
    const whole = end - address === hpage_pmd_size();
    if (whole) yield* madvise_free_whole_pmd(vma, address);
    else if (!is_huge_zero_pmd(pmd)) yield* madvise_free_huge_pmd(vma, address);
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (!unstable) yield* madvise_free_ptes(vma, address, end);
}

/** The part of madvise_free_huge_pmd() for a whole huge page. */
export function* madvise_free_whole_pmd(vma: VmArea, address: number): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl === null) return;
  const pmd = yield* load(pmdp);
  const page = is_huge_zero_pmd(pmd) || !pmd_present(pmd) ? null : pmd_page(pmd);
  const sole = page !== null && (yield* is_only_mapping(page));
  const locked = sole && (yield* trylock_page(page));
  if (locked) {
    yield* ClearPageDirty(page);
    yield* unlock_page(page);
    if (pmd_young(pmd) || pmd_dirty(pmd)) {
      yield* pmdp_invalidate(mm, pmdp);
      yield* set_pmd_at(pmdp, pmd_mkold(pmd_mkclean(pmd)));
    }
    yield* mark_page_lazyfree(page);
  }
  yield* spin_unlock(ptl);
}

/** The huge page of a PMD, if it is nobody else's: null stands for the zero page as well. Caller holds the pmd lock. */
export function* sole_huge_page(pmd: Pmd): Op<Page | null> {
  if (is_huge_zero_pmd(pmd) || !pmd_present(pmd)) return null;
  const page = pmd_page(pmd);
  const mapcount = yield* page_mapcount(page);
  return mapcount === 1 ? page : null;
}

/** The small pages, and those of huge ones that PTEs map: at one that cannot be split it ends. */
export function* madvise_free_ptes(vma: VmArea, start: number, end: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, start);
  const table = yield* pte_offset_map_lock(pmdp);
  for (let address = start; address < end; address += PAGE_SIZE) {
    const ptep = table.pte[pte_index(address)];
    const go_on = yield* madvise_free_pte(ptep, table);
    if (!go_on) break;
  }
  yield* pte_unmap_unlock(table);
}

/** One entry. Caller holds the ptl. */
export function* madvise_free_pte(ptep: Cell<Pte>, table: PageTable): Op<boolean> {
  const pte = yield* load(ptep);
  if (pte_none(pte)) return true;
  if (!pte_present(pte)) {
    // To read it back would cost more than zeros do.
    if (!is_migration_entry(pte)) yield* free_swap_entry(ptep, pte);
    return true;
  }
  const page = vm_normal_page(pte);
  if (page === null) return true;
  const compound = yield* PageTransCompound(page);
  if (compound) {
    const split = yield* split_sole_page(page, table);
    return split && (yield* madvise_free_pte(ptep, table));
  }
  const clean = yield* clean_sole_page(page);
  if (clean) yield* free_mapped_page(ptep, pte, page);
  return true;
}

export function* free_swap_entry(ptep: Cell<Pte>, entry: Pte): Op<void> {
  yield* free_swap_and_cache(entry);
  yield* ptep_get_and_clear(ptep);
}

/** Splits the huge page that a PTE maps a part of, if nobody else maps that part. Caller holds the ptl, which is let go of meanwhile. */
export function* split_sole_page(page: Page, table: PageTable): Op<boolean> {
  const mapcount = yield* page_mapcount(page);
  if (mapcount !== 1) return false;
  yield* get_page(page);
  const locked = yield* trylock_page(page);
  if (!locked) {
    yield* put_page(page);
    return false;
  }
  yield* pte_unmap_unlock(table);
  const error = yield* split_huge_page(page);
  yield* unlock_page(page);
  yield* put_page(page);
  yield* spin_lock(table.ptl);
  return error === 0;
}

/** Forgets that a page was written to. False if that is not this process's to say, or if it keeps its slot of swap space. */
export function* clean_sole_page(page: Page): Op<boolean> {
  const cached = yield* PageSwapCache(page);
  const dirty = yield* PageDirty(page);
  if (!cached && !dirty) return true;
  const locked = yield* trylock_page(page);
  if (!locked) return false;
  const mapcount = yield* page_mapcount(page);
  const ours = mapcount === 1 && (!cached || (yield* try_to_free_swap(page)));
  if (ours) yield* ClearPageDirty(page);
  yield* unlock_page(page);
  return ours;
}

export function* free_mapped_page(ptep: Cell<Pte>, pte: Pte, page: Page): Op<void> {
  if (pte_young(pte) || pte_dirty(pte)) {
    yield* ptep_get_and_clear(ptep);
    yield* set_pte_at(ptep, pte_mkold(pte_mkclean(pte)));
  }
  yield* mark_page_lazyfree(page);
}

// MADV_COLD and MADV_PAGEOUT: nobody will need it soon

/** The pages of a range move down in the list of those that were used. Caller holds the mmap_lock for reading. */
export function* madvise_cold(vma: VmArea, start: number, end: number): Op<void> {
  yield* madvise_cold_or_pageout(vma, start, end, false);
}

/** The pages of a range are put out at once. Caller holds the mmap_lock for reading. */
export function* madvise_pageout(vma: VmArea, start: number, end: number): Op<void> {
  yield* madvise_cold_or_pageout(vma, start, end, true);
}

export function* madvise_cold_or_pageout(
  vma: VmArea,
  start: number,
  end: number,
  pageout: boolean,
): Op<void> {
  let address = start;
  while (address < end) {
    const next = pmd_addr_end(address, end);
    yield* madvise_cold_or_pageout_pte_range(vma, address, next, pageout);
    address = next;
  }
}

/** What lies below one PMD. */
export function* madvise_cold_or_pageout_pte_range(
  vma: VmArea,
  address: number,
  end: number,
  pageout: boolean,
): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_trans_huge(pmd)) {
    const whole = end - address === hpage_pmd_size();
    if (whole) yield* cold_huge_pmd(vma, address, pageout);
    const split = !whole && (yield* split_huge_pmd_page(vma, address));
    if (!split) return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (!unstable) yield* cold_ptes(vma, address, end, pageout);
}

/** A whole huge page. */
export function* cold_huge_pmd(vma: VmArea, address: number, pageout: boolean): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl === null) return;
  const pmd = yield* load(pmdp);
  const page = yield* sole_huge_page(pmd);
  const isolated: Page[] = [];
  if (page !== null) {
    if (pmd_young(pmd)) {
      yield* pmdp_invalidate(mm, pmdp);
      yield* set_pmd_at(pmdp, pmd_mkold(pmd));
    }
    yield* cold_page(page, pageout, isolated);
  }
  yield* spin_unlock(ptl);
  yield* reclaim_pages(isolated);
}

/** Splits the huge page that a PMD maps, if that is the only one. */
export function* split_huge_pmd_page(vma: VmArea, address: number): Op<boolean> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const ptl = yield* pmd_trans_huge_lock(vma.vm_mm, pmdp);
  if (ptl === null) return false;
  const pmd = yield* load(pmdp);
  const page = yield* sole_huge_page(pmd);
  if (page !== null) yield* get_page(page);
  yield* spin_unlock(ptl);
  if (page === null) return false;
  yield* lock_page(page);
  const error = yield* split_huge_page(page);
  yield* unlock_page(page);
  yield* put_page(page);
  return error === 0;
}

/** The small pages, and those of huge ones that PTEs map: at one that cannot be split it ends. */
export function* cold_ptes(
  vma: VmArea,
  start: number,
  end: number,
  pageout: boolean,
): Op<void> {
  const isolated: Page[] = [];
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, start));
  for (let address = start; address < end; address += PAGE_SIZE) {
    const ptep = table.pte[pte_index(address)];
    const go_on = yield* cold_pte(ptep, table, pageout, isolated);
    if (!go_on) break;
  }
  yield* pte_unmap_unlock(table);
  yield* reclaim_pages(isolated);
}

/** One entry. Caller holds the ptl. */
export function* cold_pte(
  ptep: Cell<Pte>,
  table: PageTable,
  pageout: boolean,
  isolated: Page[],
): Op<boolean> {
  const pte = yield* load(ptep);
  const page = pte_present(pte) ? vm_normal_page(pte) : null;
  if (page === null) return true;
  const compound = yield* PageTransCompound(page);
  if (compound) {
    const split = yield* split_sole_page(page, table);
    return split && (yield* cold_pte(ptep, table, pageout, isolated));
  }
  // Others who map it may be using it.
  const mapcount = yield* page_mapcount(page);
  if (mapcount !== 1) return true;
  if (pte_young(pte)) {
    yield* ptep_get_and_clear(ptep);
    yield* set_pte_at(ptep, pte_mkold(pte));
  }
  yield* cold_page(page, pageout, isolated);
  return true;
}

/** Forgets that the page was used, and moves it down, or takes it off the LRU list for those who put it out. */
export function* cold_page(page: Page, pageout: boolean, isolated: Page[]): Op<void> {
  yield* ClearPageReferenced(page);
  if (!pageout) {
    yield* deactivate_page(page);
    return;
  }
  const taken = yield* isolate_lru_page(page);
  if (!taken) return;
  const unevictable = yield* PageUnevictable(page);
  if (unevictable) yield* putback_lru_page(page);
  else isolated.push(page);
}
