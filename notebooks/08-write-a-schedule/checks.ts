// Assignment 8: schedules by hand. What they do is seen by running them on v5.13.

import {schedules, toAssignment, type Variant} from "../../src/grade/index.ts";
import type {Trace} from "../../src/explore/index.ts";
import {variants} from "../variants.ts";
import {preemptionsOf} from "./preemptions.ts";

/** No schedule that ends in the crash has fewer preemptions. */
export const FEWEST_PREEMPTIONS = 2;
/** No schedule that ends in the crash on the former head has fewer steps. */
export const FEWEST_STEPS = 411;

/** Of two processes, and of one: four parts in both. */
export const shared = {race: "smaps_vs_split", set: {pages: 4, mms: 2}};
export const split = {race: "smaps_vs_split", set: {pages: 4}};

export const assignment = toAssignment({
  name: "08-write-a-schedule",
  title: "Three schedules",
  answers: [
    {cell: 20, defines: ["pss"], kind: "schedules"},
    {cell: 30, defines: ["tail"], kind: "schedules"},
    {cell: 40, defines: ["head"], kind: "schedules"},
  ],
  variant: variants["08-write-a-schedule"],
  properties: [
    schedules({
      id: "pss",
      title: "On the first schedule smaps prints your Pss.",
      points: 4,
      needs: ["pss"],
      in: shared,
      wrong: (trace, {pss}) => wrongPss(trace, pss),
    }),
    schedules({
      id: "tail",
      title: "On the second the kernel stops over your tail.",
      points: 2,
      needs: ["tail"],
      in: split,
      wrong: (trace, {tail}) => wrongCrash(trace, tail),
    }),
    schedules({
      id: "tail-preemptions",
      title: "It does so after two preemptions: fewer do not lead there.",
      points: 1,
      needs: ["tail"],
      in: split,
      wrong(trace, {tail}: Variant) {
        const preemptions = preemptionsOf(trace);
        if (preemptions <= FEWEST_PREEMPTIONS) return wrongCrash(trace, tail);
        return (
          wrongCrash(trace, tail) ??
          `there are ${preemptions} preemptions, and ${FEWEST_PREEMPTIONS} are enough`
        );
      },
    }),
    schedules({
      id: "head",
      title: "On the third the kernel stops over the former head.",
      points: 2,
      needs: ["head"],
      in: split,
      wrong: (trace) => wrongCrash(trace, 0),
    }),
    schedules({
      id: "head-steps",
      title: "It does so after 411 steps: no schedule leads there in fewer.",
      points: 1,
      needs: ["head"],
      in: split,
      wrong(trace) {
        const steps = trace.steps.filter(({shared: counts}) => counts).length;
        const crash = wrongCrash(trace, 0);
        if (crash !== null || steps <= FEWEST_STEPS) return crash;
        return `it has ${steps} steps, and ${FEWEST_STEPS} are enough`;
      },
    }),
  ],
});

function wrongPss(trace: Trace, pss: number): string | null {
  const printed = /Rss \d+ kB, Pss (\d+) kB/.exec(trace.outcome ?? "")?.[1];
  if (printed === undefined) return `smaps prints nothing: ${whereItStops(trace)}`;
  return Number(printed) === pss
    ? null
    : `smaps prints a Pss of ${printed} kB, and not ${pss} kB`;
}

function wrongCrash(trace: Trace, page: number): string | null {
  const crash = trace.findings.find(({invariant}) => invariant === "no BUG");
  if (!crash) return `the kernel does not stop: ${whereItStops(trace)}`;
  const about = / of (page\[\d+\])$/.exec(crash.id)?.[1] ?? "no page";
  const wanted = `page[${page}]`;
  return about === wanted ? null : `the kernel stops over ${about}, and not over ${wanted}`;
}

function whereItStops({warning, steps, finished, findings}: Trace): string {
  const [finding] = findings;
  if (warning !== null) return `after ${steps.length} steps, ${warning}`;
  if (finding) return finding.message;
  return finished
    ? "both threads come to their end"
    : `the schedule is over after ${steps.length} steps`;
}
