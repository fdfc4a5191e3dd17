// teacher-only
// loses: ends, gives-back, empty-handed, sleeps, two-passes, frozen
// because: it does not wait: the fault finds the same entry again, and again.

import type {Op} from "../../../../src/sim/index.ts";
import {type PageTable} from "../../../../src/mm/mm_types.ts";
import {load} from "../../../../src/sim/atomic.ts";

// cell 20
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  yield* load(table.pte[index]);
}
