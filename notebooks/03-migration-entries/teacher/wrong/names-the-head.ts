// teacher-only
// loses: names-the-page
// because: the frame of the head is not that of the page: all the parts would come back as the first.

import type {Op} from "../../../../src/sim/index.ts";
import {BUG_ON} from "../../../../src/sim/bug.ts";
import {page_to_pfn, pfn_to_page, type Page, type Pfn} from "../../../../src/mm/mm_types.ts";
import {compound_head, PageLocked} from "../../../../src/mm/page-flags.ts";
import {
  is_swap_pte,
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {smaps_account, type MemSizeStats} from "../../../../src/mm/task_mmu.ts";

// cell 20
export function swp_type(entry: Pte): number {
  return (entry >>> 7) & 31;
}

export function swp_offset(entry: Pte): Pfn {
  return entry >>> 12;
}

export function is_migration_entry(entry: Pte): boolean {
  if (!is_swap_pte(entry)) return false;
  const type = swp_type(entry);
  return type === 28 || type === 29;
}

export function is_write_migration_entry(entry: Pte): boolean {
  return is_swap_pte(entry) && swp_type(entry) === 29;
}

// cell 30
export function* make_migration_entry(page: Page, write: boolean): Op<Pte> {
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  const type = write ? 29 : 28;
  return ((page_to_pfn(head) << 12) | (type << 7)) as Pte;
}

export function* migration_entry_to_page(entry: Pte): Op<Page> {
  const page = pfn_to_page(swp_offset(entry));
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  return page;
}

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false);
  }
}
