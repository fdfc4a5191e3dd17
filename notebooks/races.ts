// The races that only checks have, so that a schedule of theirs can be replayed as one of the book's can. Apart from the checks, and loaded only when a
// name is none of the book's: who replays judges nobody.

import type {Race} from "../src/races/index.ts";
import {one_primitive} from "./01-lost-update/races.ts";
import {told_split} from "./02-freeze-and-get/races.ts";
import {fault_vs_split, migration} from "./04-migration-entry-wait/races.ts";
import {ask_vs_split, look_vs_split, take_vs_split} from "./05-split-tail-order/races.ts";
import {smaps_alone} from "./07-fix-smaps/alone.ts";
import {counted_split as smaps_counted} from "./07-fix-smaps/races.ts";
import {kpagecount_alone} from "./09-fix-kpagecount/alone.ts";
import {counted_split as kpagecount_counted} from "./09-fix-kpagecount/races.ts";
import {unhindered_migration} from "./asking.ts";

/** What has a name of the book's in it is that race with more to look at: `lost_update+one_primitive`. */
export const racesOfChecks: readonly Race[] = [
  one_primitive,
  told_split,
  unhindered_migration,
  migration,
  fault_vs_split,
  take_vs_split,
  look_vs_split,
  ask_vs_split,
  smaps_alone,
  smaps_counted,
  kpagecount_alone,
  kpagecount_counted,
];

export function raceOfChecks(name: string): Race | undefined {
  return racesOfChecks.find((race) => race.name === name);
}
