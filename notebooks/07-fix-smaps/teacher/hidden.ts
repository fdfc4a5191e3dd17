// teacher-only

import {holds, prints, type Property} from "../../../src/grade/index.ts";
import {asking, counting} from "../../mapcounts.ts";
import {smaps_alone, wrongAlone} from "../alone.ts";
import {wrongUpTo} from "../checks.ts";

const needs = ["smaps_account", "smaps_pte_entry"];
const split = {race: counting("smaps_vs_split", "smaps_pte_entry"), set: {pages: 4}};

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-four-parts",
    title: "With a huge page of four parts nothing goes wrong either, and no split fails.",
    points: 1,
    needs,
    in: split,
  }),
  prints({
    id: "hidden-numbers-of-two",
    title: "Where two processes share the huge page the numbers are in bounds as well.",
    points: 1,
    needs,
    in: {race: counting("smaps_vs_split", "smaps_pte_entry"), set: {pages: 2, mms: 2}},
    wrong: (outcome) => wrongUpTo(8, outcome),
    some: ["Rss 8 kB, Pss 4 kB, Private 0 kB, Shared 8 kB, AnonHugePages 0 kB"],
  }),
  holds({
    id: "hidden-two-migrations",
    title: "A page that two processes share can be moved while one of them is read.",
    points: 1,
    needs,
    in: {race: asking("smaps_vs_migration"), set: {pages: 2, mms: 2}},
  }),
  prints({
    id: "hidden-one-process",
    title: "With nobody else there the pages of one process are its own.",
    points: 1,
    needs,
    in: {race: smaps_alone, set: {mapped: "pte", sharers: 1}},
    wrong: (outcome) => wrongAlone("pte", 1, outcome),
  }),
];
