// The assignments, in their order.

import type {Assignment} from "../src/grade/index.ts";
import {assignment as migration_entry_wait} from "./04-migration-entry-wait/checks.ts";
import {assignment as try_get_compound_head} from "./06-try-get-compound-head/checks.ts";

export const assignments: readonly Assignment[] = [
  migration_entry_wait,
  try_get_compound_head,
];
