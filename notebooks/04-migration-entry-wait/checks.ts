// Assignment 4: waiting for a page that is on the move.

import type {Measure} from "../../src/explore/index.ts";
import {costs, holds, schedules, toAssignment, type Scenario} from "../../src/grade/index.ts";
import {variants} from "../variants.ts";
import {EMPTY_HANDED, fault_vs_split, migration} from "./races.ts";

const NAME = "migration_entry_wait";
const needs = [NAME];
const LEDGER = "references are put where they were taken";

/** Who writes over the entry need not wait any more: so nothing is said for him. */
const SPOILT = ["mapcounts are conserved", "no page is left on the move"];

const one: Scenario = {race: migration};

/** How often a CPU finds that it has nothing to do but to look again. */
const spinning: Measure = {
  name: `turns in which ${NAME}() spins`,
  weigh: ({operation, functions}) =>
    operation.act === "await" && functions.includes(NAME) ? 1 : 0,
};

export const assignment = toAssignment({
  name: "04-migration-entry-wait",
  title: "Waiting at a migration entry",
  answers: [
    {cell: 20, defines: [NAME]},
    {cell: 30, defines: ["stays"], kind: "schedules"},
  ],
  variant: variants["04-migration-entry-wait"],
  properties: [
    holds({
      id: "ends",
      title: "A fault that meets a page on the move ends, and so does the move.",
      points: 2,
      needs,
      in: one,
      only: ["no deadlock", "no livelock", "locks are released", ...SPOILT],
    }),
    holds({
      id: "gives-back",
      title: "Every reference that it takes it puts, once, and on the page where it was taken.",
      points: 1,
      needs,
      in: one,
      only: [LEDGER, ...SPOILT],
    }),
    holds({
      id: "empty-handed",
      title: "It holds no reference while it sleeps.",
      points: 2,
      needs,
      in: one,
      only: [EMPTY_HANDED, ...SPOILT],
    }),
    costs({
      id: "sleeps",
      title: "While another CPU moves the page it sleeps, and does not spin.",
      points: 1,
      needs,
      in: one,
      measure: spinning,
      most: 0,
    }),
    holds({
      id: "two-passes",
      title: "All that holds as well when the move is tried twice.",
      points: 1,
      needs,
      in: {race: migration, set: {passes: 2}},
    }),
    holds({
      id: "frozen",
      title:
        "All that holds as well when the page is a part of a huge page that is being split.",
      points: 2,
      needs,
      in: {race: fault_vs_split},
    }),
    schedules({
      id: "stays",
      title: "In your schedule of v5.13 the move fails, because of the faults.",
      points: 2,
      needs: ["stays"],
      in: ({faults, passes}) => ({race: "migration_vs_fault", set: {faults, passes}}),
      wrong: ({outcome}) => {
        if (outcome === null) return "this run does not come to its end";
        return outcome.includes("not moved") ? null : "in this run the page is moved";
      },
    }),
  ],
});
