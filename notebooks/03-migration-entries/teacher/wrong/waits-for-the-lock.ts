// teacher-only
// loses: what-is-counted, moved-all-the-same
// because: the mover has the page locked and waits for the table's lock, which smaps has.

import type {Op} from "../../../../src/sim/index.ts";
import {wait_on_bit} from "../../../../src/sim/lock.ts";
import {PG_locked} from "../../../../src/mm/page-flags.ts";
import {
  pte_dirty,
  pte_page,
  pte_present,
  pte_young,
  type Pte,
} from "../../../../src/mm/pgtable.ts";
import {smaps_account, type MemSizeStats} from "../../../../src/mm/task_mmu.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";

// cell 40
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* wait_on_bit(PG_locked, page.flags);
    yield* smaps_account(mss, page, false, false, false);
  }
}
