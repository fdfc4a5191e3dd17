// teacher-only
// loses: sleeps
// because: it spins until the entry has changed, as long as the move takes.

import type {Op} from "../../../../src/sim/index.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {is_migration_entry} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {spin_lock, spin_unlock, spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  yield* spin_until_cond(function* () {
    yield* spin_lock(table.ptl);
    const pte = yield* load(table.pte[index]);
    yield* spin_unlock(table.ptl);
    return !is_migration_entry(pte);
  });
}
