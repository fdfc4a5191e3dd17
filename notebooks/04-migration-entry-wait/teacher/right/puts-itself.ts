// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {get_page_unless_zero, put_page} from "../../../../src/mm/mm.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {PG_locked, compound_head} from "../../../../src/mm/page-flags.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {
  spin_lock,
  spin_unlock,
  spin_until_cond,
  wait_on_bit,
} from "../../../../src/sim/lock.ts";

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
  const head = yield* compound_head(page);
  yield* put_page(page);
  yield* wait_on_bit(PG_locked, head.flags);
}
