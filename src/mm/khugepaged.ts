// Collapse: small pages become one huge page again. Models mm/khugepaged.c, v5.13, for anonymous pages.
//
// Leaves out: the scan that finds a range worth it, charging, notifiers, empty entries and those of swapped pages (every entry must map
// a page), NUMA, statistics; the loads that only print. The allocation comes first, as there, and nobody has to be
// looked up again after it.

import {load, WRITE_ONCE, xchg} from "../sim/atomic.ts";
import {BUG_ON} from "../sim/bug.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_write, smp_wmb, spin_lock, spin_unlock, up_write} from "../sim/lock.ts";
import {copy_highpage} from "./highmem.ts";
import {prep_transhuge_page, total_mapcount} from "./huge_memory.ts";
import {page_mapcount, put_page} from "./mm.ts";
import {nth_page, type Mm, type Page, type PageTable, type VmArea} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  __SetPageUptodate,
  PageAnon,
  PageCompound,
  PageSwapCache,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {alloc_transhuge_page} from "./page_alloc.ts";
import {page_count} from "./page_ref.ts";
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  mk_huge_pmd,
  pgtable_trans_huge_deposit,
  pmd_lock,
  pmd_none,
  pmd_offset,
  pmd_populate,
  pmd_present,
  pmd_table,
  pmd_trans_huge,
  pte_page,
  pte_present,
  set_pmd_at,
  type Pmd,
} from "./pgtable.ts";
import {page_add_new_anon_rmap, page_remove_rmap} from "./rmap.ts";
import {isolate_lru_page, lru_cache_add, putback_lru_page} from "./swap.ts";
import {free_page_and_swap_cache} from "./swap_state.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

/** Puts what the PMD of `address` covers into a new huge page. True if it could. */
export function* collapse_huge_page(vma: VmArea, address: number): Op<boolean> {
  const mm = vma.vm_mm;
  const new_page = yield* alloc_transhuge_page();
  if (new_page === null) return false;
  yield* prep_transhuge_page(new_page);

  yield* down_write(mm.mmap_lock);
  const pmd = yield* load(pmd_offset(mm, address));
  const collapsed =
    pmd_present(pmd) && !pmd_trans_huge(pmd) && (yield* collapse_table(vma, address, new_page));
  yield* up_write(mm.mmap_lock);
  if (!collapsed) yield* put_page(new_page);
  return collapsed;
}

/** The part of collapse_huge_page() that is done under the mmap_lock for writing. */
export function* collapse_table(vma: VmArea, address: number, new_page: Page): Op<boolean> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  yield* down_write(vma.anon_vma!.rwsem);

  // Nobody finds the table any more; who found it before, without a lock, is waited for by the flush: if that interrupts.
  const pmd_ptl = yield* pmd_lock(mm);
  const pmd = yield* pmdp_collapse_flush(mm, pmdp);
  yield* spin_unlock(pmd_ptl);

  const table = pmd_table(pmd);
  yield* spin_lock(table.ptl);
  const isolated = yield* __collapse_huge_page_isolate(table);
  yield* spin_unlock(table.ptl);

  if (!isolated) {
    yield* spin_lock(pmd_ptl);
    yield* pmd_populate(pmdp, table);
    yield* spin_unlock(pmd_ptl);
    yield* up_write(vma.anon_vma!.rwsem);
    return false;
  }

  yield* up_write(vma.anon_vma!.rwsem);
  yield* __collapse_huge_page_copy(table, new_page);
  yield* map_collapsed(vma, address, table, new_page);
  return true;
}

/** Empties the PMD and flushes: afterwards no CPU uses the table any more that it pointed to. Models mm/pgtable-generic.c. */
export function* pmdp_collapse_flush(mm: Mm, pmdp: Cell<Pmd>): Op<Pmd> {
  const pmd = yield* xchg(pmdp, 0 as Pmd);
  yield* flush_tlb_mm_range(mm);
  return pmd;
}

/** Locks every page and takes it off the LRU list, if nobody but this table refers to it. Caller holds the ptl. */
export function* __collapse_huge_page_isolate(table: PageTable): Op<boolean> {
  for (let i = 0; i < table.pte.length; i++) {
    const isolated = yield* isolate_pte(table, i);
    if (isolated) continue;
    yield* release_pte_pages(table, i);
    return false;
  }
  return true;
}

/** One entry of __collapse_huge_page_isolate(). */
export function* isolate_pte(table: PageTable, i: number): Op<boolean> {
  const pte = yield* load(table.pte[i]);
  if (!pte_present(pte)) return false;
  const page = pte_page(pte);
  const mapcount = yield* page_mapcount(page);
  if (mapcount > 1) return false;
  const anon = yield* PageAnon(page);
  yield* VM_BUG_ON_PAGE(!anon, page, "!PageAnon(page)");
  const compound = yield* PageCompound(page);
  if (compound) return false;
  const locked = yield* trylock_page(page);
  if (!locked) return false;

  const suitable = yield* is_refcount_suitable(page);
  const isolated = suitable && (yield* isolate_lru_page(page));
  if (!isolated) yield* unlock_page(page);
  return isolated;
}

/** Is every reference one of a mapping? Whoever holds another may be writing to the page. */
export function* is_refcount_suitable(page: Page): Op<boolean> {
  const mapcount = yield* total_mapcount(page);
  yield* PageSwapCache(page);
  const count = yield* page_count(page);
  return count === mapcount;
}

export function* release_pte_pages(table: PageTable, end: number): Op<void> {
  for (let i = end - 1; i >= 0; i--) {
    const pte = yield* load(table.pte[i]);
    yield* release_pte_page(pte_page(pte));
  }
}

export function* release_pte_page(page: Page): Op<void> {
  yield* unlock_page(page);
  yield* putback_lru_page(page);
}

/** Copies every page, and unmaps and frees it. */
export function* __collapse_huge_page_copy(table: PageTable, new_page: Page): Op<void> {
  for (let i = 0; i < table.pte.length; i++) {
    const pte = yield* load(table.pte[i]);
    const page = pte_page(pte);
    yield* copy_highpage(nth_page(new_page, i), page);
    yield* release_pte_page(page);

    yield* spin_lock(table.ptl);
    yield* WRITE_ONCE(table.pte[i], 0 as typeof pte);
    yield* page_remove_rmap(page);
    yield* spin_unlock(table.ptl);
    yield* free_page_and_swap_cache(page);
  }
}

/** The end of collapse_huge_page(): maps the new page. */
export function* map_collapsed(
  vma: VmArea,
  address: number,
  table: PageTable,
  new_page: Page,
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  yield* __SetPageUptodate(new_page);
  const entry = mk_huge_pmd(new_page, _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY);
  yield* smp_wmb();

  const ptl = yield* pmd_lock(mm);
  const pmd = yield* load(pmdp);
  yield* BUG_ON(!pmd_none(pmd), "!pmd_none(*pmd)");
  yield* page_add_new_anon_rmap(new_page, vma, address, true);
  yield* lru_cache_add(new_page);
  yield* pgtable_trans_huge_deposit(mm, address, table);
  yield* set_pmd_at(pmdp, entry);
  yield* spin_unlock(ptl);
}
