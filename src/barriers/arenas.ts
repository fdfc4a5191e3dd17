// The races that barriers are taken away in: small, so that all of them together are explored to the end in minutes. Where v5.13 itself goes
// wrong, a fix is there as well: only where nothing goes wrong can one see what a barrier holds off.

import {fixNamed} from "../fixes/index.ts";
import type {Livepatch} from "../livepatch/index.ts";
import {raceNamed, setParameters, type Parameters, type Race} from "../races/index.ts";

export type Arena = {
  readonly race: Race;
  readonly parameters: Parameters;
  /** What v5.13 is mended with, or null. */
  readonly fix: Livepatch | null;
};

type Set = Readonly<Record<string, string | number>>;

function arena(name: string, set: Set = {}, fix: string | null = null): Arena {
  const race = raceNamed(name);
  if (!race) throw new Error(`there is no race ${name}`);
  const mended = fix === null ? null : fixNamed(fix);
  if (mended === undefined) throw new Error(`there is no fix ${fix}`);
  return {race, parameters: setParameters(race, set), fix: mended};
}

export function arenas(): Arena[] {
  const small = {pages: 2};
  return [
    arena("smaps_vs_split", small),
    arena("smaps_vs_split", small, "page_trylock"),
    arena("smaps_vs_split", small, "skip_migration_entries"),
    arena("smaps_vs_split", small, "reference_without_recheck"),
    arena("smaps_vs_migration"),
    arena("kpagecount_vs_split", small),
    arena("pagemap_vs_split", small),
    arena("gup_fast_vs_split", small),
    arena("gup_fast_vs_split", small, "gup_recheck_head"),
    arena("gup_fast_vs_free", {mapped: "small"}),
    arena("gup_fast_vs_collapse"),
    arena("split_vs_pin"),
    arena("migration_vs_fault"),
    arena("freeze_vs_get"),
    arena("freeze_vs_get", {page: "tail"}),
    arena("freeze_vs_try_get_page"),
  ];
}
