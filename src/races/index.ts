// The races, by name.

import {checker_scenario} from "./checker_scenario.ts";
import {freeze_vs_get, freeze_vs_try_get_page} from "./freeze_vs_get.ts";
import {gup_fast_vs_collapse} from "./gup_fast_vs_collapse.ts";
import {gup_fast_vs_free} from "./gup_fast_vs_free.ts";
import {gup_fast_vs_split} from "./gup_fast_vs_split.ts";
import {split_vs_pin} from "./split_vs_pin.ts";
import {litmusTests} from "./litmus.ts";
import {lost_update} from "./lost_update.ts";
import type {Race} from "./race.ts";
import {kpagecount_vs_split} from "./kpagecount_vs_split.ts";
import {migration_vs_fault} from "./migration_vs_fault.ts";
import {smaps_vs_migration} from "./smaps_vs_migration.ts";
import {pagemap_vs_split} from "./pagemap_vs_split.ts";
import {smaps_rollup_vs_split, smaps_vs_split} from "./smaps_vs_split.ts";

export {assemble, type Linked} from "./assemble.ts";
export {OwnLines, SCRIPT} from "./own_lines.ts";
export {raceOfOnesOwn, withOwnCode, type OwnSource} from "./own.ts";
export type {
  OwnEnding,
  OwnKernel,
  OwnMachine,
  OwnMemory,
  OwnRace,
  OwnScene,
} from "./own_types.ts";
export {defaultsOf, sayParameters, setParameters} from "./parameters.ts";
export type {Kernel, Parameter, Parameters, Race, Scene} from "./race.ts";
export {RaceError} from "./race_error.ts";

/** The book's own, then those that test explorers. */
export const races: readonly Race[] = [
  lost_update,
  smaps_vs_split,
  smaps_rollup_vs_split,
  pagemap_vs_split,
  kpagecount_vs_split,
  gup_fast_vs_split,
  gup_fast_vs_collapse,
  gup_fast_vs_free,
  split_vs_pin,
  freeze_vs_get,
  freeze_vs_try_get_page,
  migration_vs_fault,
  smaps_vs_migration,
  checker_scenario,
  ...litmusTests,
];

export function raceNamed(name: string): Race | undefined {
  return races.find((race) => race.name === name);
}
