// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {BUG_ON} from "../../../../src/sim/bug.ts";
import {test_bit} from "../../../../src/sim/atomic.ts";
import {page_to_pfn, pfn_to_page, type Page, type Pfn} from "../../../../src/mm/mm_types.ts";
import {compound_head, PG_locked} from "../../../../src/mm/page-flags.ts";
import {
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {smaps_account, type MemSizeStats} from "../../../../src/mm/task_mmu.ts";
import {SWP_MIGRATION_READ, SWP_MIGRATION_WRITE} from "../../../../src/mm/swapops.ts";

// cell 20
export function swp_type(entry: Pte): number {
  return Math.floor(entry / 128) % 32;
}

export function swp_offset(entry: Pte): Pfn {
  return Math.floor(entry / 4096);
}

export function is_migration_entry(entry: Pte): boolean {
  const present = (entry & 1) === 1;
  return (
    !present && swp_type(entry) >= SWP_MIGRATION_READ && swp_type(entry) <= SWP_MIGRATION_WRITE
  );
}

export function is_write_migration_entry(entry: Pte): boolean {
  return is_migration_entry(entry) && swp_type(entry) === SWP_MIGRATION_WRITE;
}

// cell 30
export function* make_migration_entry(page: Page, write: boolean): Op<Pte> {
  const head = yield* compound_head(page);
  const locked = yield* test_bit(PG_locked, head.flags);
  if (!locked) yield* BUG_ON(true, "not locked");
  return (page_to_pfn(page) * 4096 + (SWP_MIGRATION_READ + (write ? 1 : 0)) * 128) as Pte;
}

export function* migration_entry_to_page(entry: Pte): Op<Page> {
  const page = pfn_to_page(entry >> 12);
  const head = yield* compound_head(page);
  const locked = yield* test_bit(PG_locked, head.flags);
  yield* BUG_ON(!locked, "not locked");
  return page;
}

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  let page: Page | null = null;
  if (pte_present(pte)) page = pte_page(pte);
  else if (is_migration_entry(pte)) page = yield* migration_entry_to_page(pte);
  if (page === null) return;
  const present = pte_present(pte);
  yield* smaps_account(mss, page, false, present && pte_young(pte), present && pte_dirty(pte));
}
