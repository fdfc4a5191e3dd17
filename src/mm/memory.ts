// Making mappings and taking them away. Models mm/memory.c, v5.13, of which the first fault of a small page and the zapping of
// one are kept.
// Leaves out: the gathering of many pages before one flush, and with it when a table is freed; statistics, file pages and swap entries;
// in a fault all that can go wrong.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {split_huge_pmd} from "./huge_memory.ts";
import {clear_highpage} from "./highmem.ts";
import {put_page} from "./mm.ts";
import type {Mm, Page, PageTable, VmArea} from "./mm_types.ts";
import {__SetPageUptodate} from "./page-flags.ts";
import {alloc_page} from "./page_alloc.ts";
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  mk_pte,
  pmd_offset,
  pmd_table,
  pmd_trans_huge,
  pmd_trans_unstable,
  pte_index,
  pte_none,
  pte_offset_map_lock,
  pte_page,
  pte_present,
  pte_special,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptep_get_lockless,
  set_pte_at,
  type Pte,
} from "./pgtable.ts";
import {migration_entry_wait} from "./migrate.ts";
import {page_add_new_anon_rmap, page_remove_rmap} from "./rmap.ts";
import {lru_cache_add} from "./swap.ts";
import {is_migration_entry} from "./swapops.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

// Making

/** The process writes where it has no page yet: a new one, mapped by a PTE. There is a table already. */
export function* do_anonymous_page(vma: VmArea, address: number): Op<void> {
  const page = yield* alloc_page();
  if (page === null) return;
  yield* clear_highpage(page);
  yield* __SetPageUptodate(page);
  const entry = mk_pte(page, _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY);

  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const pte = yield* load(ptep);
  if (pte_none(pte)) {
    yield* page_add_new_anon_rmap(page, vma, address, false);
    yield* lru_cache_add(page);
    yield* set_pte_at(ptep, entry);
  }
  yield* pte_unmap_unlock(table);
  // Somebody was faster.
  if (!pte_none(pte)) yield* put_page(page);
}

/** The process uses the page at `address`, and sleeps as long as that is on the move. Models handle_mm_fault() and do_swap_page(). */
export function* fault_in(vma: VmArea, address: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const index = pte_index(address);
  for (;;) {
    const unstable = yield* pmd_trans_unstable(pmdp);
    if (unstable) return;
    const pmd = yield* load(pmdp);
    const table = pmd_table(pmd);
    const pte = yield* ptep_get_lockless(table.pte[index]);
    if (!is_migration_entry(pte)) return;
    yield* migration_entry_wait(table, index);
  }
}

// Taking away

/** Unmaps the page at `address`, and drops its reference once no CPU can use the entry any more. */
export function* zap_page_range(vma: VmArea, address: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_trans_huge(pmd)) yield* split_huge_pmd(vma, address);
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const table = yield* pte_offset_map_lock(pmdp);
  const page = yield* zap_pte(table, pte_index(address));
  yield* pte_unmap_unlock(table);
  if (page !== null) yield* tlb_finish_mmu(vma.vm_mm, page);
}

/** Makes sure that no CPU uses the mapping any more, and only then drops its reference. Models mm/mmu_gather.c. */
export function* tlb_finish_mmu(mm: Mm, page: Page): Op<void> {
  yield* flush_tlb_mm_range(mm);
  yield* put_page(page);
}

/** Empties one entry: the page that it mapped, with the reference that is left of the mapping. Caller holds the ptl. */
export function* zap_pte(table: PageTable, index: number): Op<Page | null> {
  const pte = yield* load(table.pte[index]);
  if (!pte_present(pte)) return null;
  yield* ptep_get_and_clear(table.pte[index]);
  const page = pte_page(pte);
  yield* page_remove_rmap(page);
  return page;
}

/** The page that a present entry maps, if one counts its mappings: the zero page does not. */
export function vm_normal_page(pte: Pte): Page | null {
  return pte_special(pte) ? null : pte_page(pte);
}
