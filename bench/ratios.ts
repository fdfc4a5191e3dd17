// The ratios that the page opens with: above 1 we are better.

import {HUNT, nameOf} from "./configurations.ts";
import {short, spread, sum} from "./figures.ts";
import type {Hunt} from "./hunt.ts";
import {table} from "./markdown.ts";
import type {BugRow, Results, SpinThrice, WholeSpaceRow} from "./results.ts";
import {wholeMs} from "./spin.ts";

type Ratio = {readonly what: string; readonly values: readonly number[]};

export function ratios(results: Results): string {
  const {wholeSpace, toTheBug, hunts} = results;
  const all = [
    ...headlineRatios(wholeSpace[0]),
    ...wholeSpace.flatMap(forgetfulRatios),
    ...bugRatios(toTheBug[0]),
    ...huntRatios(hunts),
  ];
  return table<Ratio>(
    [
      {title: "", cell: ({what}) => what, left: true},
      {title: "ratio", cell: ({values}) => spread(values, (value) => value, short)},
    ],
    all.filter(({values}) => values.length > 0),
  );
}

function headlineRatios({configuration, ours, spin}: WholeSpaceRow): Ratio[] {
  if (!spin) return [];
  const name = nameOf(configuration);
  const {usual, fastest, compiled} = spin;
  return [
    {
      what: `**${name}: time from the model to the verdict, SPIN as usual / ours**`,
      values: ours.map(({wallMs}, i) => wholeMs(usual[i]) / wallMs),
    },
    {
      what: `**the same, SPIN in its fastest way / ours**`,
      values: ours.map(({wallMs}, i) => wholeMs(fastest[i]) / wallMs),
    },
    {
      what: "the same without its compiling: SPIN's fastest run / our whole process",
      values: ours.map(({wallMs}, i) => compiled[i].runMs / wallMs),
    },
    {
      what: "the same, SPIN's fastest run / our search alone",
      values: ours.map(({elapsedMs}, i) => compiled[i].runMs / elapsedMs),
    },
    {
      what: "states, SPIN / ours",
      values: ours.map(({counts}, i) => usual[i].states / counts.states!),
    },
    {
      what: "states a second of the search, ours / SPIN's fastest run",
      values: ours.map(
        ({counts, elapsedMs}, i) =>
          counts.states! / elapsedMs / (compiled[i].states / compiled[i].runMs),
      ),
    },
    {what: "**peak memory, SPIN as usual / ours**", values: memory("usual", ours, spin)},
    {
      what: "peak memory, SPIN in its fastest way / ours",
      values: memory("fastest", ours, spin),
    },
  ];
}

function memory(
  way: keyof SpinThrice,
  ours: WholeSpaceRow["ours"],
  spin: SpinThrice,
): readonly number[] {
  return ours.flatMap(({peakKb}, i) => {
    const theirs = spin[way][i].peakKb;
    return peakKb && theirs ? [theirs / peakKb] : [];
  });
}

function forgetfulRatios({configuration, ours, spin}: WholeSpaceRow): Ratio[] {
  if (!spin || !configuration.forgetful) return [];
  return (["usual", "fastest"] as const).map((way) => ({
    what: `from the model to the verdict, SPIN's model forgetful, ${way === "usual" ? "as usual" : "in its fastest way"} / ours`,
    values: ours.map(({wallMs}, i) => wholeMs(spin[way][i]) / wallMs),
  }));
}

function bugRatios({configuration, ours, spin}: BugRow): Ratio[] {
  if (!spin) return [];
  return [
    {
      what: `${nameOf(configuration)}: time to a shortest schedule, SPIN / our whole process`,
      values: ours.map(({wallMs}, i) => wholeMs(spin[i]) / wallMs),
    },
  ];
}

function huntRatios([other, ...own]: Results["hunts"]): Ratio[] {
  const mean = (of: readonly Hunt[], figure: keyof Hunt): number =>
    sum(of.map((hunt) => hunt[figure])) / of.length;
  return own.flatMap(({who, hunts}) => [
    {
      what: `${nameOf(HUNT)}: schedules until one meets the BUG, ${other.who} / ${who}`,
      values: [mean(other.hunts, "schedules") / mean(hunts, "schedules")],
    },
    {
      what: `time until then, ${other.who} / ${who}`,
      values: [mean(other.hunts, "ms") / mean(hunts, "ms")],
    },
  ]);
}
