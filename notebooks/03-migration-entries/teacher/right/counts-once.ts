// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {PAGE_SIZE} from "../../../../src/mm/mm_types.ts";
import {
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {
  PSS_SHIFT,
  smaps_account,
  smaps_account_size,
  smaps_page_accumulate,
  type MemSizeStats,
} from "../../../../src/mm/task_mmu.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
    return;
  }
  if (!is_migration_entry(pte)) return;
  const page = yield* migration_entry_to_page(pte);
  yield* smaps_account_size(mss, page, PAGE_SIZE, false, false);
  yield* smaps_page_accumulate(mss, page, PAGE_SIZE, PAGE_SIZE * 2 ** PSS_SHIFT, false, true);
}
