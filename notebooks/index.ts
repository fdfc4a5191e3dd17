// The assignments, in their order.

import type {Assignment} from "../src/grade/index.ts";
import {assignment as lost_update} from "./01-lost-update/checks.ts";
import {assignment as freeze_and_get} from "./02-freeze-and-get/checks.ts";
import {assignment as migration_entries} from "./03-migration-entries/checks.ts";
import {assignment as migration_entry_wait} from "./04-migration-entry-wait/checks.ts";
import {assignment as split_tail_order} from "./05-split-tail-order/checks.ts";
import {assignment as try_get_compound_head} from "./06-try-get-compound-head/checks.ts";
import {assignment as fix_smaps} from "./07-fix-smaps/checks.ts";
import {assignment as write_a_schedule} from "./08-write-a-schedule/checks.ts";
import {assignment as fix_kpagecount} from "./09-fix-kpagecount/checks.ts";

export const assignments: readonly Assignment[] = [
  lost_update,
  freeze_and_get,
  migration_entries,
  migration_entry_wait,
  split_tail_order,
  try_get_compound_head,
  fix_smaps,
  write_a_schedule,
  fix_kpagecount,
];

/** One that must be there. Throws an Error otherwise. */
export function knownAssignment(name: string): Assignment {
  const found = assignmentNamed(name);
  if (found) return found;
  throw new Error(`there is no assignment "${name}": was it renamed?`);
}

export function assignmentNamed(name: string): Assignment | undefined {
  return assignments.find((each) => each.name === name);
}
