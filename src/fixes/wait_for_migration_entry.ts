// The third of the ways that Jann Horn named, and the one he would rather not go: wait until the page is where it belongs, as a page fault does,
// and look again. For the sleep the page table's lock is let go, and the reference that shows where to wait for is put.

import type {Op} from "../sim/index.ts";
import {load} from "../sim/atomic.ts";
import {spin_lock, spin_unlock, spin_until_cond} from "../sim/lock.ts";
import {put_and_wait_on_page_locked} from "../mm/filemap.ts";
import {pmd_trans_huge_lock} from "../mm/huge_memory.ts";
import {get_migrating_page} from "../mm/migrate.ts";
import {PAGE_SIZE, type PageTable, type VmArea} from "../mm/mm_types.ts";
import {
  pmd_offset,
  pmd_table,
  pmd_trans_unstable,
  pte_index,
  pte_special,
} from "../mm/pgtable.ts";
import {is_migration_entry, is_swapped} from "../mm/swapops.ts";
import {
  pagemap_entry_without_page,
  pagemap_huge_pmd,
  pte_to_pagemap_entry,
  smaps_pmd_entry,
  smaps_pte_entry,
  smaps_swap_entry,
  type MemSizeStats,
  type PagemapEntry,
} from "../mm/task_mmu.ts";

export function* smaps_pte_range(
  vma: VmArea,
  address: number,
  end: number,
  mss: MemSizeStats,
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl !== null) {
    yield* smaps_pmd_entry(pmdp, mss);
    yield* spin_unlock(ptl);
    return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const pmd = yield* load(pmdp);
  const table = pmd_table(pmd);
  yield* spin_lock(table.ptl);
  for (let at = address; at < end; at += PAGE_SIZE) {
    const pte = yield* settled_pte(table, pte_index(at));
    if (is_swapped(pte)) yield* smaps_swap_entry(pte, mss);
    else if (!pte_special(pte)) yield* smaps_pte_entry(pte, mss);
  }
  yield* spin_unlock(table.ptl);
}

/** The entry, once it is no migration entry. Caller holds the ptl, which is let go meanwhile. */
export function* settled_pte(table: PageTable, i: number) {
  for (;;) {
    const pte = yield* load(table.pte[i]);
    if (!is_migration_entry(pte)) return pte;
    yield* spin_unlock(table.ptl);
    const found = yield* spin_until_cond(function* () {
      return yield* get_migrating_page(table, i);
    });
    if (found !== "no migration entry") yield* put_and_wait_on_page_locked(found);
    yield* spin_lock(table.ptl);
  }
}

/** The same for pagemap. */
export function* pagemap_pmd_range(
  vma: VmArea,
  address: number,
  end: number,
  entries: PagemapEntry[],
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl !== null) {
    yield* pagemap_huge_pmd(pmdp, address, end, entries);
    yield* spin_unlock(ptl);
    return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const pmd = yield* load(pmdp);
  const table = pmd_table(pmd);
  yield* spin_lock(table.ptl);
  for (let at = address; at < end; at += PAGE_SIZE) {
    const pte = yield* settled_pte(table, pte_index(at));
    const known = pagemap_entry_without_page(pte);
    const entry = known ?? (yield* pte_to_pagemap_entry(pte));
    entries.push(entry);
  }
  yield* spin_unlock(table.ptl);
}
