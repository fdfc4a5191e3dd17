// The races, by name.

import {checker_scenario} from "./checker_scenario.ts";
import {gup_fast_vs_split} from "./gup_fast_vs_split.ts";
import {litmusTests} from "./litmus.ts";
import {lost_update} from "./lost_update.ts";
import type {Race} from "./race.ts";
import {kpagecount_vs_split} from "./kpagecount_vs_split.ts";
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
export {defaultsOf, setParameters} from "./parameters.ts";
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
  checker_scenario,
  ...litmusTests,
];

export function raceNamed(name: string): Race | undefined {
  return races.find((race) => race.name === name);
}
