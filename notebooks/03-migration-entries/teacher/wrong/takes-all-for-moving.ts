// teacher-only
// loses: what-is-counted
// because: an entry that is not present may be empty, or of a swap file.

import type {Op} from "../../../../src/sim/index.ts";
import {
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {smaps_account, type MemSizeStats} from "../../../../src/mm/task_mmu.ts";
import {migration_entry_to_page} from "../../../../src/mm/swapops.ts";

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false);
  }
}
