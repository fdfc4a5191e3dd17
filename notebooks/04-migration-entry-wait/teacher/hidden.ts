// teacher-only

import {holds, prints, type Property} from "../../../src/grade/index.ts";
import {fault_vs_split, migration} from "../races.ts";

const needs = ["migration_entry_wait"];

export const hidden: readonly Property[] = [
  holds({
    id: "hidden-two-faults",
    title: "Two threads of the process may wait for the same page.",
    points: 1,
    needs,
    in: {race: migration, set: {faults: 2}},
  }),
  prints({
    id: "hidden-four-pages",
    title: "In a process of four pages the page can be moved, and the move always ends.",
    points: 1,
    needs,
    in: {race: migration, set: {pages: 4, passes: 2}},
    wrong: () => null,
    some: ["moved"],
  }),
  holds({
    id: "hidden-four-parts",
    title: "The same holds of a part of a huge page of four.",
    points: 1,
    needs,
    in: {race: fault_vs_split, set: {pages: 4}},
  }),
];
