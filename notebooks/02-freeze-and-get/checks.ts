// Assignment 2: freezing a reference count, and getting a reference that may be refused.

import type {Trace} from "../../src/explore/index.ts";
import {holds, schedules, toAssignment, values} from "../../src/grade/index.ts";
import type {Scenario, Variant} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {variants} from "../variants.ts";
import {told_split} from "./races.ts";

const FREEZE = "page_ref_freeze";
const GET = "get_page_unless_zero";
const RAISED = "raised";

/** A scanner takes the head or the last tail, while a splitter splits. */
export function scanning(page: "head" | "tail", pages = 2): Scenario {
  return {race: told_split, set: {pages, page}, mostSteps: 200 * pages};
}

const SCANNER = 0;
const SPLITTER = 1;

/** In the run the scanner raises a frozen count, so many steps of the splitter after the freeze. */
function raisedIn({steps, words}: Trace, {after}: Variant): string | null {
  const count = words.findIndex(({name}) => name === "page[0]._refcount");
  const writes = (thread: number, value: number, from: number) =>
    steps.findIndex(
      (step, i) =>
        i >= from &&
        step.thread === thread &&
        step.changes.some((change) => change.word === count && change.value === value),
    );
  const frozen = writes(SPLITTER, 0, 0);
  if (frozen < 0) return "in it nobody freezes page[0]";
  const raised = writes(SCANNER, 1, frozen);
  if (raised < 0) return "in it nobody raises the count of page[0] once it is frozen";
  const between = steps
    .slice(frozen + 1, raised)
    .filter(({thread, shared}) => thread === SPLITTER && shared);
  if (between.some(({changes}) => changes.some(({word}) => word === count)))
    return "by then the splitter has ended the freeze itself";
  if (between.length === after) return null;
  return `between the freeze and the increment the splitter makes ${between.length} steps, and not ${after}`;
}

export const assignment = toAssignment({
  name: "02-freeze-and-get",
  title: "Freeze and get",
  answers: [
    {cell: 20, defines: [FREEZE]},
    {cell: 30, defines: [GET]},
    {cell: 40, defines: [RAISED], kind: "schedules"},
  ],
  variant: variants["02-freeze-and-get"],
  properties: [
    values({
      id: "freezes-exactly",
      title:
        "Alone, it freezes a page that has exactly as many references as expected, and leaves others as they are.",
      points: 1,
      needs: [FREEZE],
      *cases({kernel, machine}, {refs}) {
        const page = kernel.pfn_to_page(kernel.FIRST_PFN);
        for (const count of [refs - 1, refs, refs + 1, 2 * refs, 0, 1]) {
          yield {
            asks: `page_ref_freeze(page[0], ${refs}), of a page with ${count} references,`,
            answer() {
              machine.memory.write(page._refcount, count);
              return run_alone(kernel.page_ref_freeze(page, refs), machine);
            },
            expected: count === refs,
          };
          yield {
            asks: `its count afterwards`,
            answer: () => machine.memory.read(page._refcount),
            expected: count === refs ? 0 : count,
          };
        }
      },
    }),
    holds({
      id: "alone-once-frozen",
      title:
        "Whoever comes while a page is being frozen is either counted or refused, and the split is not given up for nothing.",
      points: 3,
      needs: [FREEZE],
      in: scanning("head"),
      some: ["split", "not split"],
    }),
    values({
      id: "one-on-this-page",
      title:
        "Alone, it takes one reference on the very page that it is given, unless that has none.",
      points: 1,
      needs: [GET],
      *cases({kernel, machine}, {refs}) {
        const page = kernel.pfn_to_page(kernel.FIRST_PFN);
        run_alone(kernel.prep_compound_page(page), machine);
        const tail = kernel.nth_page(page, 3);
        for (const count of [1, refs, 0]) {
          yield {
            asks: `get_page_unless_zero(page[0]), of a page with ${count} references,`,
            answer() {
              machine.memory.write(page._refcount, count);
              return run_alone(kernel.get_page_unless_zero(page), machine);
            },
            expected: count > 0,
          };
          yield {
            asks: `its count afterwards`,
            answer: () => machine.memory.read(page._refcount),
            expected: count > 0 ? count + 1 : 0,
          };
        }
        machine.memory.write(page._refcount, refs);
        yield {
          asks: `get_page_unless_zero(page[3]), of a tail,`,
          answer: () => run_alone(kernel.get_page_unless_zero(tail), machine),
          expected: false,
        };
        yield {
          asks: `the count of its head, which was ${refs},`,
          answer: () => machine.memory.read(page._refcount),
          expected: refs,
        };
      },
    }),
    holds({
      id: "never-from-zero",
      title:
        "Of a head it never gets a reference while the page is frozen, and gets one before.",
      points: 2,
      needs: [GET],
      in: scanning("head"),
      some: ["got it", "did not get it", "split", "not split"],
    }),
    holds({
      id: "not-on-a-stranger",
      title:
        "Of a tail it gets a reference only once that is a page of its own, and keeps it there.",
      points: 2,
      needs: [GET],
      in: scanning("tail"),
      some: ["got it", "did not get it", "split"],
    }),
    schedules({
      id: "raised-from-zero",
      title:
        "In the schedule try_get_page() raises a frozen count, at the moment that was given.",
      points: 2,
      needs: [RAISED],
      in: {race: "freeze_vs_try_get_page", set: {pages: 2}},
      wrong: raisedIn,
    }),
  ],
});
