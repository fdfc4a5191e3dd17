// Assignment 7: smaps, so that it cannot crash. Any way that holds is right.

import {costs, holds, prints, toAssignment} from "../../src/grade/index.ts";
import {unhindered_migration} from "../asking.ts";
import {NO_TORN_COUNT, RIGHT_PAGE} from "../mapcounts.ts";
import {accessesIn} from "../measures.ts";
import {onlyIf} from "../only_if.ts";
import {variants} from "../variants.ts";
import {MAPPED, numbersIn, smaps_alone, wrongAlone, type Mapped} from "./alone.ts";
import {counted_split} from "./races.ts";

const NAMES = ["smaps_account", "smaps_pte_entry"];
const needs = NAMES;

/** Accesses to shared memory that v5.13 makes to read smaps of two pages, each mapped by a PTE, alone. */
export const ACCESSES_OF_V5_13 = 46;

const split = {race: counted_split, set: {pages: 2}};
const migration = {race: unhindered_migration, set: {pages: 2}};
const KB = 8;

type Sharers = {readonly sharers?: number};

const alone = (mapped: Mapped) =>
  prints({
    id: `alone-${mapped}`,
    title: "",
    points: 0,
    needs,
    in: ({sharers}: Sharers) => ({race: smaps_alone, set: {mapped, sharers: sharers!}}),
    wrong: (outcome, {sharers}) => wrongAlone(mapped, sharers, outcome),
  });

/** Somebody has counted, and has asked how often a page is mapped. */
const countsFor = (own: boolean) =>
  prints({
    id: "counts",
    title: "",
    points: 0,
    needs,
    in: ({sharers}: Sharers) => ({
      race: smaps_alone,
      set: {mapped: "small", sharers: own ? sharers! : 1},
    }),
    wrong(outcome) {
      const {resident = 0, pss = 0} = numbersIn(outcome);
      if (resident === 0) return "with nobody else there it counts nothing at all";
      const isShare = own ? pss > 0 && pss < resident : pss === resident;
      return isShare
        ? null
        : `of pages that ${own ? "many processes share" : "one process has"} Pss is ${pss} bytes, and Rss ${resident}`;
    },
  });
const counts = [countsFor(true), countsFor(false)];

const noCrash = holds({
  id: "no-crash",
  title: "No schedule ends in a BUG, and nobody gets stuck.",
  points: 2,
  needs,
  in: split,
  only: ["no BUG", "no WARN", "locks are released", "locks are released by their holder"],
});

const splitsSucceed = holds({
  id: "",
  title: "",
  points: 0,
  needs,
  in: split,
  only: [
    "the split begins",
    "the split succeeds once it has begun",
    "no page is left on the move",
  ],
});

export const assignment = toAssignment({
  name: "07-fix-smaps",
  title: "A smaps that does not crash",
  answers: [{cell: 20, defines: NAMES}],
  variant: variants["07-fix-smaps"],
  properties: [
    {
      id: "nobody-else",
      title: "With nobody else there smaps prints exactly what it prints in v5.13.",
      points: 1,
      needs,
      judge(student) {
        for (const mapped of MAPPED) {
          const judgement = alone(mapped).judge(student);
          if (judgement.status !== "pass") return judgement;
        }
        return {status: "pass"};
      },
    },
    onlyIf(counts, noCrash),
    onlyIf(
      counts,
      holds({
        id: "no-torn-count",
        title:
          "No page is counted with what was read from another that was no head any more, or was overwritten.",
        points: 2,
        needs,
        in: split,
        only: [NO_TORN_COUNT],
      }),
    ),
    onlyIf(
      counts,
      holds({
        id: "references",
        title:
          "A reference that is taken is on the page that is looked at, and is put where it was taken; none is left over.",
        points: 2,
        needs,
        in: split,
        only: [
          RIGHT_PAGE,
          "references are put where they were taken",
          "references are conserved",
          "mapcounts are conserved",
          "no freed page is used",
        ],
      }),
    ),
    onlyIf(
      [...counts, splitsSucceed],
      holds({
        id: "nobody-fails",
        title: "No split and no migration fails because somebody reads smaps.",
        points: 2,
        needs,
        in: migration,
      }),
    ),
    onlyIf(
      counts,
      prints({
        id: "numbers",
        title:
          "Rss is never more than the mapping, Pss never more than Rss, and Private and Shared together are Rss.",
        points: 1,
        needs,
        in: split,
        wrong: wrongNumbers,
      }),
    ),
    onlyIf(
      [...counts, noCrash],
      costs({
        id: "cheap",
        title: "With nobody else there it makes no more accesses to shared memory than v5.13.",
        points: 1,
        needs,
        in: {race: smaps_alone, set: {mapped: "pte"}},
        measure: accessesIn("show_smap"),
        most: ACCESSES_OF_V5_13,
      }),
    ),
  ],
});

/** A page that is on the move may be counted or not. */
function wrongNumbers(outcome: string): string | null {
  if (!outcome.startsWith("Rss")) return null;
  const {Rss, Pss, Private, Shared} = numbersIn(outcome);
  if (!(Rss >= 0 && Rss <= KB)) return `Rss is ${Rss} kB of a mapping of ${KB} kB`;
  if (!(Pss >= 0 && Pss <= Rss)) return `Pss is ${Pss} kB, and Rss ${Rss} kB`;
  if (Private + Shared !== Rss)
    return `Private ${Private} kB and Shared ${Shared} kB do not add up to Rss, ${Rss} kB`;
  return null;
}
