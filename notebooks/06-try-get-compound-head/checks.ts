// Assignment 6: a reference to the head of a page that may leave it.

import {costs, holds, toAssignment, values} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {accessesIn} from "../measures.ts";

const NAME = "try_get_compound_head";
const needs = [NAME];

export const assignment = toAssignment({
  name: "06-try-get-compound-head",
  title: "A reference to a head that may be gone",
  answers: [{cell: 20, defines: [NAME]}],
  variant: (draw) => ({refs: 2 + draw(7)}),
  properties: [
    values({
      id: "as-many-as-asked-for",
      title:
        "With nobody else there it gets the page, and as many references as it is asked for, on the head.",
      points: 1,
      needs,
      *cases({kernel, machine}, {refs}) {
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        run_alone(kernel.prep_compound_page(head), machine);
        const tail = kernel.nth_page(head, 1);
        yield {
          asks: `try_get_compound_head(page[1], ${refs})`,
          answer: () => run_alone(kernel.try_get_compound_head(tail, refs), machine),
          expected: head,
        };
        yield {
          asks: `page[0]._refcount, which was 1,`,
          answer: () => machine.memory.read(head._refcount),
          expected: 1 + refs,
        };
      },
    }),
    holds({
      id: "the-right-page",
      title:
        "The reference is on the head of the page that is handed out, whenever the page is split.",
      points: 4,
      needs,
      in: {race: "gup_fast_vs_split", set: {pages: 2}},
    }),
    holds({
      id: "nothing-freed",
      title: "Nobody writes to a page that was given back, and no reference is left over.",
      points: 2,
      needs,
      in: {race: "gup_fast_vs_free"},
    }),
    costs({
      id: "cheap",
      title:
        "It makes at most nine accesses to shared memory, those of what it calls included.",
      points: 1,
      needs,
      in: {race: "gup_fast_vs_free"},
      measure: accessesIn(NAME),
      most: 9,
    }),
  ],
});
