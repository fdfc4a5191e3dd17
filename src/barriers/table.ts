// The table of barriers, as plain data: each site, the races that reach it, and what breaks there without it.

import {sayParameters} from "../races/index.ts";
import {isReached, type Baseline, type Break} from "./breaks.ts";
import type {Site} from "./sites.ts";

/** A race that was looked at, with everything in order. */
type Looked = Omit<Baseline, "findings" | "outcomes" | "reached"> & {
  /** Ways in which it goes wrong anyway. */
  readonly wrong: number;
};

export type Row = Omit<Site, "livepatch"> & {
  /** The function without it, as a livepatch. */
  readonly without: string;
  /** In races by their places in `races`; none where no race comes there. */
  readonly tried: readonly (Break & {readonly race: number})[];
};

export type Barriers = {readonly races: readonly Looked[]; readonly rows: readonly Row[]};

/** A race without a barrier, by their places. */
type Pair = {readonly site: number; readonly race: number};

/** What is to be explored: each site in each race that reaches it. */
export function pairsOf(sites: readonly Site[], baselines: readonly Baseline[]): Pair[] {
  return sites.flatMap((one, site) =>
    baselines.flatMap((baseline, race) => (isReached(baseline, one) ? [{site, race}] : [])),
  );
}

/** `breaks` are in the order of the pairs. */
export function barriersOf(
  sites: readonly Site[],
  baselines: readonly Baseline[],
  breaks: readonly Break[],
): Barriers {
  const pairs = pairsOf(sites, baselines);
  const tried = pairs.map(({site, race}, i) => ({site, ...breaks[i], race}));
  return {
    races: baselines.map(looked),
    rows: sites.map(({livepatch, ...rest}, i) => ({
      ...rest,
      without: livepatch.text,
      tried: tried.filter(({site}) => site === i).map(({site: _, ...one}) => one),
    })),
  };
}

function looked({race, parameters, fix, states, complete, findings}: Baseline): Looked {
  return {race, parameters, fix, states, complete, wrong: findings.length};
}

/** What a race is called where several are of one name. */
export function sayRace({race, parameters, fix}: Looked): string {
  const mended = fix === null ? "" : ` + ${fix}`;
  return `${race} ${sayParameters(parameters)}${mended}`.trim();
}
