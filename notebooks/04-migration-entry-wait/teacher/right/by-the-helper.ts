// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {put_and_wait_on_page_locked} from "../../../../src/mm/filemap.ts";
import {get_migrating_page} from "../../../../src/mm/migrate.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  const found = yield* spin_until_cond(function* () {
    return yield* get_migrating_page(table, index);
  });
  if (found === "no migration entry") return;
  yield* put_and_wait_on_page_locked(found);
}
