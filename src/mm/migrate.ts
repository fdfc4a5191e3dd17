// Turning migration entries back into mappings. Models mm/migrate.c, v5.13.
// Leaves out: the migration of pages itself, entries in a PMD, KSM, file pages, mlock, and with them the loads that ask for them.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {get_page} from "./mm.ts";
import {nth_page, type Page, type VmArea} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {PageTail} from "./page-flags.ts";
import {page_vma_mapped_walk, type PageVmaMappedWalk} from "./page_vma_mapped.ts";
import {_PAGE_RW, mk_pte, set_pte_at} from "./pgtable.ts";
import {page_add_anon_rmap, page_anon_vma, page_to_pgoff, vma_index} from "./rmap.ts";
import {is_write_migration_entry} from "./swapops.ts";

/**
 * Lets every migration entry that names `page`, or a part of it, map it again. Caller holds the page lock and the
 * anon_vma lock.
 */
export function* remove_migration_ptes(page: Page): Op<void> {
  const anon_vma = yield* page_anon_vma(page);
  yield* VM_BUG_ON_PAGE(anon_vma === null, page, "!anon_vma");
  const pgoff = yield* page_to_pgoff(page);
  for (const vma of anon_vma!.vmas) {
    yield* remove_migration_pte(page, vma, vma_index(pgoff, vma));
  }
}

export function* remove_migration_pte(page: Page, vma: VmArea, index: number): Op<void> {
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");

  const pvmw = {
    page,
    mm: vma.vm_mm,
    sync: true,
    migration: true,
    index,
    table: null,
    ptl: null,
  };
  for (;;) {
    const found = yield* page_vma_mapped_walk(pvmw);
    if (!found) return;
    yield* restore_pte(pvmw, nth_page(page, pvmw.index - index), vma);
  }
}

/** One migration entry becomes a mapping of `page`. Caller holds the ptl. */
export function* restore_pte(pvmw: PageVmaMappedWalk, page: Page, vma: VmArea): Op<void> {
  const ptep = pvmw.table!.pte[pvmw.index];
  yield* get_page(page);
  const entry = yield* load(ptep);
  const writable = is_write_migration_entry(entry) && vma.writable;
  // Visible before the mapcount says so: only this table's lock hides that from its walkers.
  yield* set_pte_at(ptep, mk_pte(page, writable ? _PAGE_RW : 0));
  yield* page_add_anon_rmap(page, vma, pvmw.index);
}
