// teacher-only
// loses: ends, gives-back, empty-handed, sleeps, two-passes, frozen
// because: put_and_wait_on_page_locked() has put the reference: it is not there to be put again.

import type {Op} from "../../../../src/sim/index.ts";
import {put_and_wait_on_page_locked} from "../../../../src/mm/filemap.ts";
import {get_page_unless_zero, put_page} from "../../../../src/mm/mm.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {spin_lock, spin_unlock, spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  const {page} = yield* spin_until_cond(function* () {
    yield* spin_lock(table.ptl);
    const pte = yield* load(table.pte[index]);
    if (!is_migration_entry(pte)) {
      yield* spin_unlock(table.ptl);
      return {page: null};
    }
    const page = yield* migration_entry_to_page(pte);
    const got = yield* get_page_unless_zero(page);
    yield* spin_unlock(table.ptl);
    return got ? {page} : null;
  });
  if (page === null) return;
  yield* put_and_wait_on_page_locked(page);
  yield* put_page(page);
}
