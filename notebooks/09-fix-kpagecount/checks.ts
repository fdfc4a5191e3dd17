// Assignment 9: kpagecount, which has no page table whose lock could help.

import {costs, holds, prints, toAssignment, type Variant} from "../../src/grade/index.ts";
import {NO_TORN_COUNT, RIGHT_PAGE} from "../mapcounts.ts";
import {accessesIn} from "../measures.ts";
import {onlyIf} from "../only_if.ts";
import {variants} from "../variants.ts";
import {kpagecount_alone, wrongAlone, type Mapped} from "./alone.ts";
import {counted_split} from "./races.ts";

const NAME = "kpagecount_of";
const needs = [NAME];

/** Accesses to shared memory that v5.13 makes to count both parts of a huge page, and the slab behind it, alone. */
export const ACCESSES_OF_V5_13 = 25;

const split = {race: counted_split, set: {pages: 2}};

type Own = {readonly sharers: number; readonly frame: number};

const alone = (mapped: Mapped) =>
  prints({
    id: `alone-${mapped}`,
    title: "",
    points: 0,
    needs,
    in: (variant) => ({race: kpagecount_alone, set: {mapped, ...(variant as Own)}}),
    wrong: (outcome, variant) => wrongAlone(mapped, variant as Variant & Own, outcome),
  });

/** Somebody has counted, and did not know what would come out. */
const counts = [
  alone("small"),
  // Of a huge page that nobody splits it says something.
  prints({
    id: "ends",
    title: "",
    points: 0,
    needs,
    in: (variant) => ({race: kpagecount_alone, set: {mapped: "pmd", ...(variant as Own)}}),
    wrong: () => null,
  }),
  prints({
    id: "counts",
    title: "",
    points: 0,
    needs,
    in: split,
    wrong: () => null,
    some: ["counts 1 1"],
  }),
];

const inRange = prints({
  id: "",
  title: "",
  points: 0,
  needs,
  in: split,
  wrong: wrongCounts,
});

const noCrash = holds({
  id: "no-crash",
  title: "No schedule ends in a BUG, and nobody gets stuck.",
  points: 2,
  needs,
  in: split,
  only: ["no BUG", "no WARN", "locks are released", "locks are released by their holder"],
});

export const assignment = toAssignment({
  name: "09-fix-kpagecount",
  title: "Counting without a lock",
  answers: [{cell: 20, defines: [NAME]}],
  variant: variants["09-fix-kpagecount"],
  properties: [
    onlyIf([alone("small"), alone("pmd")], {
      ...alone("pte"),
      id: "nobody-else",
      title: "With nobody else there the counts are exact, however a page is mapped.",
      points: 2,
    }),
    onlyIf(counts, noCrash),
    onlyIf(
      [...counts, inRange],
      holds({
        id: "no-torn-count",
        title: "No count is made with what was read when the head was no head any more.",
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
        points: 1,
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
      counts,
      holds({
        id: "split-succeeds",
        title: "No split is refused or undone because somebody reads kpagecount.",
        points: 2,
        needs,
        in: split,
        only: ["the split begins", "the split succeeds once it has begun"],
      }),
    ),
    onlyIf(
      [...counts, noCrash],
      costs({
        id: "cheap",
        title: "With nobody else there it makes no more accesses to shared memory than v5.13.",
        points: 1,
        needs,
        in: {race: kpagecount_alone},
        measure: accessesIn("kpagecount_read"),
        most: ACCESSES_OF_V5_13,
      }),
    ),
  ],
});

/** A page that one process maps is mapped at most twice in between: as a part of the whole, and by its PTE. */
export function wrongCounts(outcome: string): string | null {
  const [, said] = /^counts (.*)$/.exec(outcome) ?? [];
  const wrong = said?.split(" ").find((count) => !/^[012]$/.test(count));
  return wrong === undefined
    ? null
    : `a page that one process maps is said to be mapped ${wrong} times`;
}
