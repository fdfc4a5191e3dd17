// teacher-only
// loses: what-is-counted
// because: whether a page has been used is in its entry.

import type {Op} from "../../../../src/sim/index.ts";
import {pte_page, pte_present, type Pte} from "../../../../src/mm/pgtable.ts";
import {smaps_account, type MemSizeStats} from "../../../../src/mm/task_mmu.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, true, true);
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false);
  }
}
