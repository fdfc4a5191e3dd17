// teacher-only

import {holds, prints, type Property} from "../../../src/grade/index.ts";
import {look_vs_split} from "../races.ts";

const needs = ["__split_huge_page_tail"];

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-four-parts",
    title: "The same holds of a huge page of four parts.",
    points: 1,
    needs,
    in: {race: look_vs_split, set: {pages: 4}, memoryModel: "pso"},
  }),
  holds({
    id: "hidden-scanner",
    title: "A scanner that takes a reference to the last tail puts it there.",
    points: 1,
    needs,
    in: {race: "freeze_vs_get", set: {pages: 4, page: "tail"}, memoryModel: "pso"},
  }),
  prints({
    id: "hidden-pin",
    title: "Where somebody pins a part of the huge page it is split, or it is not.",
    points: 1,
    needs,
    in: {race: "split_vs_pin", set: {pages: 2}, memoryModel: "pso"},
    wrong: (outcome) => (outcome.startsWith("BUG") ? `a BUG: ${outcome}` : null),
    some: ["split"],
  }),
];
