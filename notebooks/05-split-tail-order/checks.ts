// Assignment 5: in which order a tail becomes a page of its own.

import type {Trace} from "../../src/explore/index.ts";
import {
  holds,
  prints,
  runs,
  toAssignment,
  values,
  type Scenario,
} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {variants} from "../variants.ts";
import {ask_vs_split, COMPLETE, look_vs_split, LOST, take_vs_split} from "./races.ts";

const NAME = "__split_huge_page_tail";
const needs = [NAME];

// Where the order of stores is judged: each CPU has a store buffer, and stores to different words may leave it in any order that no
// barrier and no release forbids.

const taken: Scenario = {race: take_vs_split, memoryModel: "pso"};
const asked: Scenario = {race: ask_vs_split, memoryModel: "pso"};
const lookedAt: Scenario = {race: look_vs_split, memoryModel: "pso"};

// A run of the splitter alone, where it is counted what is stored

const PARTS = 4;
const alone: Scenario = {race: take_vs_split, set: {pages: PARTS}};
const SPLITTER = 1;
const WORDS = ["flags", "mapping", "index", "compound_head", "_refcount"] as const;

/** How often the function writes to a word of a page; adding it to the list is not of interest. */
function writesTo(page: string, field: string, {steps, words}: Trace): number {
  const isWrite = ({kind, word, places}: Trace["steps"][number]): boolean => {
    if (word < 0 || READS.test(kind)) return false;
    if (words[word].group !== page || words[word].field !== field) return false;
    const functions = places.map((place) => place.function);
    return functions.includes(NAME) && !functions.includes("lru_add_page_tail");
  };
  return steps.filter(isWrite).length;
}

const READS = /^(load|READ_ONCE|smp_load_acquire|atomic_read|test_bit|BUG|WARN)$/;

/** Null where it does so once for each of the five words of each tail. */
function notOnce(trace: Trace): string | null {
  for (let tail = PARTS - 1; tail > 0; tail--) {
    const page = `page[${tail}]`;
    for (const word of WORDS) {
      const writes = writesTo(page, word, trace);
      if (writes !== 1) return `${page}.${word} is written ${writes} times`;
    }
  }
  return null;
}

const LOCKED = 1;
/** Any would do. */
const ANON_VMA = 0x8000;
const INDEX = 0x20000;

export const assignment = toAssignment({
  name: "05-split-tail-order",
  title: "The order of stores in __split_huge_page_tail",
  answers: [{cell: 20, defines: [NAME]}],
  variant: variants["05-split-tail-order"],
  properties: [
    values({
      id: "a-page",
      title:
        "What was a tail is a page: with the flags that it inherits and no others, its own place in the mapping, one reference, and a place on the list.",
      points: 1,
      needs,
      on: {pages: 8, pgflags: true},
      *cases({kernel, machine}, {tail: i, flag}) {
        const {memory} = machine;
        const head = kernel.pfn_to_page(kernel.FIRST_PFN);
        const tail = kernel.nth_page(head, i);
        // A huge page that is frozen, and alone on its list.
        run_alone(kernel.prep_compound_page(head), machine);
        memory.write(head._refcount, 0);
        const flags = [LOCKED, 1 << flag, 1 << kernel.PG_lru, 1 << kernel.PG_swapbacked];
        memory.write(
          head.flags,
          flags.reduce((all, one) => all | one, memory.read(head.flags)),
        );
        memory.write(head.mapping, ANON_VMA | kernel.PAGE_MAPPING_ANON);
        memory.write(head.index, INDEX);
        memory.write(head.lru.next, head.lru.address);
        memory.write(head.lru.prev, head.lru.address);
        // What is left of a flag that means something else in a tail: it has to go.
        memory.write(tail.flags, 1 << kernel.PG_workingset);
        const kept = memory.read(head.flags) & kernel.PAGE_FLAGS_INHERITED;
        const call = `after ${NAME}(page[0], ${i}), page[${i}]`;

        yield {
          asks: `${call}._refcount`,
          answer() {
            run_alone(kernel.__split_huge_page_tail(head, i), machine);
            return memory.read(tail._refcount);
          },
          expected: 1,
        };
        yield {
          asks: `${call}.flags`,
          answer: () => kernel.print_flags(memory.read(tail.flags)),
          expected: kernel.print_flags(kept | (1 << kernel.PG_lru)),
        };
        yield {
          asks: `${call}.index, counted from the head's,`,
          answer: () => memory.read(tail.index) - INDEX,
          expected: i,
        };
        yield {
          asks: `that ${call}.mapping is the head's`,
          answer: () => memory.read(tail.mapping) === memory.read(head.mapping),
          expected: true,
        };
        yield {
          asks: `that page[0].lru.prev is page[${i}].lru`,
          answer: () => memory.read(head.lru.prev) === tail.lru.address,
          expected: true,
        };
      },
    }),
    holds({
      id: "taken",
      title:
        "Whoever takes a reference to the page by its number finds a page of its own, which is locked, and puts the reference there.",
      points: 3,
      needs,
      in: taken,
    }),
    prints({
      id: "marked",
      title: "Whoever has taken it and sets a flag finds the flag set when all is over.",
      points: 2,
      needs,
      in: taken,
      wrong: (outcome) => (outcome.includes(LOST) ? outcome : null),
      some: [`page[1] was taken, and keeps its mark`],
    }),
    prints({
      id: "asked",
      title:
        "Whoever finds that the page is no tail any more finds its mapping and its index there.",
      points: 2,
      needs,
      in: asked,
      wrong: (outcome) => (outcome.includes("not there yet") ? outcome : null),
      some: [`page[1] is no tail any more, and ${COMPLETE}`],
    }),
    holds({
      id: "looked-at",
      title: "Whoever finds its migration entry finds the page that it names locked.",
      points: 2,
      needs,
      in: lookedAt,
    }),
    runs({
      id: "once",
      title: "Each of the five words of a tail is stored once.",
      points: 2,
      needs,
      in: alone,
      order: [SPLITTER],
      wrong: notOnce,
    }),
  ],
});
