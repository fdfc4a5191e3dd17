// teacher-only

import {holds, prints, type Property} from "../../../src/grade/index.ts";
import {unhindered_migration} from "../../asking.ts";
import {counting} from "../../mapcounts.ts";
import {smaps_alone, wrongAlone} from "../alone.ts";

const needs = ["smaps_account", "smaps_pte_entry"];

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-rollup",
    title: "smaps_rollup, which calls the same functions, is as safe as smaps.",
    points: 1,
    needs,
    in: {race: counting("smaps_rollup_vs_split", "smaps_pte_entry"), set: {pages: 2}},
  }),
  holds({
    id: "hidden-two-migrations",
    title: "A page that two processes share can be moved while one of them is read.",
    points: 1,
    needs,
    in: {race: unhindered_migration, set: {pages: 2, mms: 2}},
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
