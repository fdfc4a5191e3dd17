// teacher-only
// loses: frozen
// because: where there is no reference to be had it returns, and the fault goes round in circles.

import type {Op} from "../../../../src/sim/index.ts";
import {put_and_wait_on_page_locked} from "../../../../src/mm/filemap.ts";
import {get_page_unless_zero} from "../../../../src/mm/mm.ts";
import {type Page, type PageTable} from "../../../../src/mm/mm_types.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {spin_lock, spin_unlock} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  const look = function* (): Op<{page: Page | null} | null> {
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
  };
  const {page} = (yield* look()) ?? {page: null};
  if (page !== null) yield* put_and_wait_on_page_locked(page);
}
