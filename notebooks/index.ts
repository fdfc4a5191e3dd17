// The assignments, in their order.

import type {Assignment} from "../src/grade/index.ts";
import {assignment as lost_update} from "./01-lost-update/checks.ts";
import {assignment as freeze_and_get} from "./02-freeze-and-get/checks.ts";
import {assignment as migration_entries} from "./03-migration-entries/checks.ts";
import {assignment as try_get_compound_head} from "./06-try-get-compound-head/checks.ts";

export const assignments: readonly Assignment[] = [
  lost_update,
  freeze_and_get,
  migration_entries,
  try_get_compound_head,
];
