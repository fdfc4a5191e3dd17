// teacher-only

import {costs, holds, prints, type Property} from "../../../src/grade/index.ts";
import {accessesIn} from "../../measures.ts";
import {kpagecount_alone, wrongAlone} from "../alone.ts";
import {counted_split} from "../races.ts";

const needs = ["kpagecount_of"];

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-no-checks",
    title:
      "Where the kernel was built without the check that crashes nothing goes wrong either.",
    points: 1,
    needs,
    in: {race: counted_split, set: {pages: 2, pgflags: "off"}},
  }),
  costs({
    id: "hidden-bounded",
    title: "Whatever the others do, two frames cost at most sixty accesses.",
    points: 1,
    needs,
    in: {race: counted_split, set: {pages: 2}},
    measure: accessesIn("kpagecount_of"),
    most: 60,
  }),
  prints({
    id: "hidden-other-frame",
    title: "The counts are exact for another number of processes and another frame.",
    points: 1,
    needs,
    in: {race: kpagecount_alone, set: {mapped: "pte", sharers: 6, frame: 1}},
    wrong: (outcome) => wrongAlone("pte", {sharers: 6, frame: 1}, outcome),
  }),
];
