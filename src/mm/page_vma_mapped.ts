// The entries of one VMA that map one page, or a part of one huge page. Models mm/page_vma_mapped.c, v5.13.
// Leaves out: hugetlb pages, migration entries in a PMD, the loads that work
// out again, for each entry, where the page begins and ends; a huge PMD that maps the page (no caller meets one here).

import {load, READ_ONCE} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {thp_nr_pages} from "./mm.ts";
import {
  hpage_pmd_size,
  page_to_pfn,
  PAGE_SIZE,
  type Page,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
import {PageTransCompound, PageTransHuge} from "./page-flags.ts";
import {
  is_swap_pte,
  pmd_addr_end,
  pmd_lock,
  pmd_none,
  pmd_offset,
  pmd_present,
  pmd_table,
  pmd_trans_huge,
  pte_index,
  pte_none,
  pte_pfn,
  pte_present,
  type Pte,
} from "./pgtable.ts";
import {__vma_address, vma_address} from "./rmap.ts";
import {is_migration_entry, swp_offset} from "./swapops.ts";

/** Where a walk is. What it has found is the entry for `address` in `table`, under the lock `ptl`. */
export type PageVmaMappedWalk = {
  readonly page: Page;
  readonly vma: VmArea;
  /** PVMW_SYNC: take the lock before the first look. */
  readonly sync: boolean;
  /** PVMW_MIGRATION: look for migration entries, not for mappings. */
  readonly migration: boolean;
  address: number;
  /** Where `vma` ends, or a huge page would. */
  readonly end: number;
  table: PageTable | null;
  ptl: Cell | null;
};

/** Before the first entry of a page that begins at `pgoff`. */
export function begin_walk(
  page: Page,
  vma: VmArea,
  pgoff: number,
  looks: Pick<PageVmaMappedWalk, "sync" | "migration">,
): PageVmaMappedWalk {
  const end = Math.min(vma.vm_end, __vma_address(pgoff, vma) + hpage_pmd_size());
  return {page, vma, ...looks, address: vma_address(pgoff, vma), end, table: null, ptl: null};
}

/** The entry where a walk is. */
export function ptep_of({table, address}: PageVmaMappedWalk): Cell<Pte> {
  return table!.pte[pte_index(address)];
}

/** Moves on to the next entry: true with its lock held, or false, with no lock held, when there is none. */
export function* page_vma_mapped_walk(pvmw: PageVmaMappedWalk): Op<boolean> {
  if (pvmw.table === null) {
    const table = yield* next_table(pvmw);
    if (!table) return false;
    const locked = yield* map_pte(pvmw);
    const found = locked && (yield* check_pte(pvmw));
    if (found) return true;
  }

  // Only a huge page can have more than one entry here.
  for (;;) {
    const huge = yield* PageTransHuge(pvmw.page);
    const more = huge && (yield* next_pte(pvmw));
    if (!more) return yield* not_found(pvmw);
    const found = yield* check_pte(pvmw);
    if (found) return true;
  }
}

/** Looks for a table at the place where the walk is, and behind it: a huge page that has been moved may lie across two. */
export function* next_table(pvmw: PageVmaMappedWalk): Op<boolean> {
  while (pvmw.address < pvmw.end) {
    const found = yield* find_table(pvmw);
    if (found) return true;
    pvmw.address = pmd_addr_end(pvmw.address, pvmw.end);
  }
  return false;
}

/** False if there is no table to look into: the range is empty, or mapped by a huge PMD. */
export function* find_table(pvmw: PageVmaMappedWalk): Op<boolean> {
  const {vm_mm} = pvmw.vma;
  const pmd = yield* READ_ONCE(pmd_offset(vm_mm, pvmw.address));
  if (pmd_trans_huge(pmd)) {
    const ptl = yield* pmd_lock(vm_mm);
    yield* spin_unlock(ptl);
    return false;
  }
  if (pmd_none(pmd) || !pmd_present(pmd)) return false;
  pvmw.table = pmd_table(pmd);
  return true;
}

/** Looks at the first entry, without a lock unless asked to; takes the lock if it may be one of ours. */
export function* map_pte(pvmw: PageVmaMappedWalk): Op<boolean> {
  const table = pvmw.table!;
  if (!pvmw.sync) {
    const pte = yield* load(ptep_of(pvmw));
    const wanted = pvmw.migration ? is_swap_pte(pte) : pte_present(pte);
    if (!wanted) return false;
  }
  pvmw.ptl = table.ptl;
  yield* spin_lock(table.ptl);
  return true;
}

/** Goes to the next entry that is not empty, and takes the lock if nobody has yet. */
export function* next_pte(pvmw: PageVmaMappedWalk): Op<boolean> {
  const table = pvmw.table!;
  for (;;) {
    pvmw.address += PAGE_SIZE;
    if (pvmw.address >= pvmw.end) return false;
    if (pte_index(pvmw.address) === 0) return yield* first_of_next_table(pvmw);
    const pte = yield* load(ptep_of(pvmw));
    if (!pte_none(pte)) break;
  }
  if (pvmw.ptl === null) {
    pvmw.ptl = table.ptl;
    yield* spin_lock(table.ptl);
  }
  return true;
}

/** Lets go of the table that ends here, and begins with the next. */
export function* first_of_next_table(pvmw: PageVmaMappedWalk): Op<boolean> {
  if (pvmw.ptl !== null) yield* spin_unlock(pvmw.ptl);
  pvmw.ptl = null;
  const found = yield* next_table(pvmw);
  if (!found) return false;
  const locked = yield* map_pte(pvmw);
  return locked || (yield* next_pte(pvmw));
}

/** Does the entry name our page, or a part of it? Caller holds the ptl. */
export function* check_pte(pvmw: PageVmaMappedWalk): Op<boolean> {
  const pte = yield* load(ptep_of(pvmw));
  if (pvmw.migration) {
    return is_migration_entry(pte) && (yield* pfn_is_match(pvmw.page, swp_offset(pte)));
  }
  return pte_present(pte) && (yield* pfn_is_match(pvmw.page, pte_pfn(pte)));
}

export function* pfn_is_match(page: Page, pfn: number): Op<boolean> {
  const first = page_to_pfn(page);
  const huge = yield* PageTransCompound(page);
  if (!huge) return pfn === first;
  const nr = yield* thp_nr_pages(page);
  return pfn >= first && pfn - first < nr;
}

export function* not_found(pvmw: PageVmaMappedWalk): Op<boolean> {
  yield* page_vma_mapped_walk_done(pvmw);
  return false;
}

/** Ends a walk early. */
export function* page_vma_mapped_walk_done(pvmw: PageVmaMappedWalk): Op<void> {
  if (pvmw.ptl) yield* spin_unlock(pvmw.ptl);
}
