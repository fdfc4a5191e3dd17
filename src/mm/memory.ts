// Taking mappings away. Models mm/memory.c, v5.13, of which the zapping of one page is kept.
// Leaves out: the gathering of many pages before one flush, and with it when a table is freed; statistics, file pages and swap entries.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {split_huge_pmd} from "./huge_memory.ts";
import {put_page} from "./mm.ts";
import type {Mm, Page, PageTable, VmArea} from "./mm_types.ts";
import {
  pmd_trans_huge,
  pmd_trans_unstable,
  pte_offset_map_lock,
  pte_page,
  pte_present,
  pte_unmap_unlock,
  ptep_get_and_clear,
} from "./pgtable.ts";
import {page_remove_rmap} from "./rmap.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

/** Unmaps page `index` of the range, and drops its reference once no CPU can use the entry any more. */
export function* zap_page_range(vma: VmArea, index: number): Op<void> {
  const pmd = yield* load(vma.vm_mm.pmd);
  if (pmd_trans_huge(pmd)) yield* split_huge_pmd(vma);
  const unstable = yield* pmd_trans_unstable(vma.vm_mm);
  if (unstable) return;

  const table = yield* pte_offset_map_lock(vma.vm_mm);
  const page = yield* zap_pte(table, index);
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
