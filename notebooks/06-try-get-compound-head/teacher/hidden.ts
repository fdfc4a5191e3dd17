// teacher-only

import {holds, type Property} from "../../../src/grade/index.ts";

const needs = ["try_get_compound_head"];

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-freed-meanwhile",
    title: "A page that was freed, and came back as another, is not written to.",
    points: 1,
    needs,
    in: {race: "gup_fast_vs_free", set: {pages: 2, debug_vm: "on"}},
  }),
  holds({
    id: "hidden-mapped-as-a-whole",
    title: "The same holds where the huge page is mapped as a whole.",
    points: 1,
    needs,
    in: {race: "gup_fast_vs_split", set: {pages: 2, mapped: "pmd"}},
  }),
  holds({
    id: "hidden-four-parts",
    title: "The same holds of a huge page of four parts, where flushes interrupt.",
    points: 1,
    needs,
    in: {race: "gup_fast_vs_split", set: {pages: 4, ipi: "on"}},
  }),
];
