// teacher-only
// loses: ends, gives-back, empty-handed, sleeps, two-passes, frozen
// because: it reads the entry without the lock of the table: by the time it asks for the page the entry is an old one.

import type {Op} from "../../../../src/sim/index.ts";
import {put_and_wait_on_page_locked} from "../../../../src/mm/filemap.ts";
import {get_page_unless_zero} from "../../../../src/mm/mm.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {is_migration_entry, migration_entry_to_page} from "../../../../src/mm/swapops.ts";
import {load} from "../../../../src/sim/atomic.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  const page = yield* spin_until_cond(function* () {
    const pte = yield* load(table.pte[index]);
    if (!is_migration_entry(pte)) return "none";
    const page = yield* migration_entry_to_page(pte);
    const got = yield* get_page_unless_zero(page);
    return got ? page : null;
  });
  if (page !== "none") yield* put_and_wait_on_page_locked(page);
}
