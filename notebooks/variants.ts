// What the numbers are that a student has of an assignment, and another student has others. Apart from the checks, since a page has to know them before
// anything is checked.

import type {Assignment} from "../src/grade/assignment.ts";

/** What Pss can be, in kB, where two processes share a huge page of four parts: all but what a quiet page gives, shared or not. */
export const PSS = [7, 9, 10, 11, 12, 13, 14];

/** Processes that map a page, at the most. */
export const MOST_SHARERS = 8;

/** Types of swap entries below those of migration. */
export const SWAP_FILES = 27;

/** Chapter 6 shows the schedule of one fault and one pass: nobody is asked for that one. */
const WAITS = [
  {faults: 1, passes: 2},
  {faults: 2, passes: 1},
  {faults: 2, passes: 2},
];

/** Chapter 9 shows the schedule of two parts and a plain reference: nobody is asked for that one. */
const GRABS = [
  {pages: 4, pin: 0},
  {pages: 2, pin: 1},
  {pages: 4, pin: 1},
];

/** By the assignment's name. `draw(n)` is a number from 0 to n - 1. */
export const variants = {
  "01-lost-update"(draw) {
    const cpus = 3 + draw(2);
    return {primitive: draw(4), start: 5 + draw(90), cpus, lost: 1 + draw(cpus - 1)};
  },
  "02-freeze-and-get": (draw) => ({refs: 3 + draw(12), after: 1 + draw(20)}),
  "03-migration-entries": (draw) => ({
    frame: 0x1000 + draw(0x5f000),
    page: 1 + draw(7),
    type: draw(SWAP_FILES),
    sharers: 2 + draw(6),
  }),
  "04-migration-entry-wait": (draw) => WAITS[draw(WAITS.length)],
  "05-split-tail-order": (draw) => ({tail: 1 + draw(7), flag: [1, 3, 5, 20][draw(4)]}),
  "06-try-get-compound-head": (draw) => ({refs: 2 + draw(7), ...GRABS[draw(GRABS.length)]}),
  "07-fix-smaps": (draw) => ({sharers: 2 + draw(MOST_SHARERS - 1)}),
  "08-write-a-schedule": (draw) => ({pss: PSS[draw(PSS.length)], tail: 1 + draw(3)}),
  "09-fix-kpagecount": (draw) => ({sharers: 2 + draw(MOST_SHARERS - 1), frame: draw(2)}),
} satisfies Readonly<Record<string, Assignment["variant"]>>;

/** An assignment need not have any. */
export function variantNamed(name: string): Assignment["variant"] {
  return Object.hasOwn(variants, name) ? variants[name as keyof typeof variants] : () => ({});
}
