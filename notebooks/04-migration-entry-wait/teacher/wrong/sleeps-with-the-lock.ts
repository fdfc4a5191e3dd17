// teacher-only
// loses: ends, gives-back, empty-handed, sleeps, two-passes, frozen
// because: it sleeps with the lock of the table in its hands, which the mover needs.

import type {Op} from "../../../../src/sim/index.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {PG_locked, compound_head} from "../../../../src/mm/page-flags.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {spin_lock, spin_unlock, wait_on_bit} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  yield* spin_lock(table.ptl);
  const pte = yield* load(table.pte[index]);
  if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    const head = yield* compound_head(page);
    yield* wait_on_bit(PG_locked, head.flags);
  }
  yield* spin_unlock(table.ptl);
}
