// teacher-only
// loses: nobody-else, no-crash, no-torn-count, references, nobody-fails, numbers, cheap
// because: it does not ask how often any page is mapped, those that nobody moves included.

import type {Op} from "../../../../src/sim/index.ts";
import {compound_nr} from "../../../../src/mm/mm.ts";
import {PAGE_SIZE, type Page} from "../../../../src/mm/mm_types.ts";
import {
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {
  PSS_SHIFT,
  smaps_account_size,
  smaps_page_accumulate,
  type MemSizeStats,
} from "../../../../src/mm/task_mmu.ts";

// cell 20
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false);
  }
}

export function* smaps_account(
  mss: MemSizeStats,
  page: Page,
  compound: boolean,
  young: boolean,
  dirty: boolean,
): Op<void> {
  const nr = compound ? yield* compound_nr(page) : 1;
  const size = nr * PAGE_SIZE;
  yield* smaps_account_size(mss, page, size, young, dirty);
  yield* smaps_page_accumulate(mss, page, size, size * 2 ** PSS_SHIFT, dirty, true);
}
