// Assignment 6: a reference to the head of a page that may leave it.

import {
  costs,
  holds,
  schedules,
  toAssignment,
  values,
  type Property,
  type Scenario,
} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {accessesIn} from "../measures.ts";
import {variants} from "../variants.ts";

const NAME = "try_get_compound_head";
const needs = [NAME];

/** The name that the monitor of the race has. */
const STRANGER = "the reference is on the page that is handed out";

/**
 * A pin of such a page is 1024 references: all of them have to be put back. A kernel that checks itself finds a count that was raised
 * from 0 before it goes on with it.
 */
const pinned: Scenario = {
  race: "gup_fast_vs_split",
  set: {pages: 2, use: "pin", debug_vm: "on"},
};

/** Nothing is ever split here, so nobody has a reason to try again. */
const small: Scenario = {race: "gup_fast_vs_free", set: {mapped: "small", use: "pin"}};

/** Who gets nothing does nothing wrong: first of all GUP-fast has to get the page, which is a tail, while nobody is in the way. */
function andGets(property: Property): Property {
  return {
    ...property,
    judge(student) {
      const {outcome, schedule} = student.run(pinned);
      if (outcome === "page[1] is got and written to") return property.judge(student);
      const message = "GUP-fast gets no page by it, though nobody is in the way";
      return {status: "fail", message, schedule, scenario: pinned};
    },
  };
}

export const assignment = toAssignment({
  name: "06-try-get-compound-head",
  title: "A reference to a head that may be gone",
  answers: [
    {cell: 20, defines: [NAME]},
    {cell: 30, defines: ["stranger"], kind: "schedules"},
  ],
  variant: variants["06-try-get-compound-head"],
  properties: [
    values({
      id: "as-many-as-asked-for",
      title:
        "With nobody else there it answers the head, and the head has as many references more as were asked for.",
      points: 1,
      needs,
      *cases({kernel, machine}, {refs}) {
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        const tail = kernel.nth_page(head, 1);
        const before = machine.memory.read(head._refcount);
        yield {
          asks: `of a small page, try_get_compound_head(page[0], ${refs})`,
          answer: () => run_alone(kernel.try_get_compound_head(head, refs), machine),
          expected: head,
        };
        yield {
          asks: `page[0]._refcount, which was ${before},`,
          answer: () => machine.memory.read(head._refcount),
          expected: before + refs,
        };
        run_alone(kernel.prep_compound_page(head), machine);
        yield {
          asks: `of a tail, try_get_compound_head(page[1], ${refs})`,
          answer: () => run_alone(kernel.try_get_compound_head(tail, refs), machine),
          expected: head,
        };
        yield {
          asks: `page[0]._refcount, which was ${before + refs},`,
          answer: () => machine.memory.read(head._refcount),
          expected: before + 2 * refs,
        };
      },
    }),
    values({
      id: "none-where-none",
      title: "Of a head that has no references it takes none, and answers null.",
      points: 1,
      needs,
      *cases({kernel, machine}, {refs}) {
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        const tail = kernel.nth_page(head, 1);
        run_alone(kernel.prep_compound_page(head), machine);
        yield {
          asks: `with a reference on page[0], try_get_compound_head(page[1], ${refs})`,
          answer: () => run_alone(kernel.try_get_compound_head(tail, refs), machine),
          expected: head,
        };
        machine.memory.write(head._refcount, 0);
        yield {
          asks: `with page[0] frozen, try_get_compound_head(page[1], ${refs})`,
          answer: () => run_alone(kernel.try_get_compound_head(tail, refs), machine),
          expected: null,
        };
        yield {
          asks: "page[0]._refcount, which was 0,",
          answer: () => machine.memory.read(head._refcount),
          expected: 0,
        };
      },
    }),
    andGets(
      holds({
        id: "the-right-page",
        title:
          "The reference is on the head of the page that is handed out, whenever the page is split.",
        points: 4,
        needs,
        in: pinned,
        only: [STRANGER],
      }),
    ),
    andGets(
      holds({
        id: "put-back",
        title:
          "Whoever gets no page keeps nothing: all references are put back, where they were taken.",
        points: 2,
        needs,
        in: pinned,
      }),
    ),
    andGets(
      costs({
        id: "cheap",
        title:
          "Of a page that is not split it makes at most 20 accesses to shared memory, however many references it is asked for.",
        points: 1,
        needs,
        in: small,
        measure: accessesIn(NAME),
        most: 20,
      }),
    ),
    schedules({
      id: "stranger",
      title:
        "In your schedule v5.13 hands out a page that is a page of its own by then, with the reference on its former head.",
      points: 2,
      needs: ["stranger"],
      in: ({pages, pin}) => ({
        race: "gup_fast_vs_split",
        set: {pages, use: pin === 1 ? "pin" : "get"},
      }),
      wrong: ({findings}) =>
        findings.some(({invariant}) => invariant === STRANGER)
          ? null
          : "in this run of v5.13 no page is written to with the reference on another",
    }),
  ],
});
