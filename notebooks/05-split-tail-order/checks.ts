// Assignment 5: in which order a tail becomes a page of its own.

import type {Trace} from "../../src/explore/index.ts";
import {holds, runs, toAssignment, values, type Scenario} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {variants} from "../variants.ts";
import {look_vs_split, take_vs_split} from "./races.ts";

const NAME = "__split_huge_page_tail";
const needs = [NAME];

// A run of the splitter alone

const PARTS = 4;
const alone: Scenario = {race: take_vs_split, set: {pages: PARTS}};
const SPLITTER = 1;
const WORDS = ["flags", "mapping", "index", "compound_head", "_refcount"] as const;

/** What is done to the words of one tail, or is announced meanwhile, in the order in which it is done. */
type Write = {
  readonly word: (typeof WORDS)[number] | "smp_wmb";
  /** What its five words hold then. */
  readonly now: Readonly<Record<string, number>>;
  /** A store of the whole word, and not of a bit of it. */
  readonly stores: boolean;
};

/** From one tail's first store to the next tail's; adding it to the list is not of interest. */
function writesTo(tail: number, {steps, words}: Trace): Write[] {
  const now: Record<string, number> = {};
  for (const {group, field, value} of words) if (group === `page[${tail}]`) now[field] = value;

  const writes: Write[] = [];
  let of = -1;
  for (const {kind, word, places, changes} of steps) {
    for (const change of changes) {
      const {group, field} = words[change.word];
      if (group === `page[${tail}]`) now[field] = change.value;
    }
    const functions = places.map((place) => place.function);
    if (!functions.includes(NAME) || functions.includes("lru_add_page_tail")) continue;
    if (word >= 0) of = numberOf(words[word].group) ?? of;
    const field = WORDS.find((name) => word >= 0 && words[word].field === name);
    const isWrite =
      field !== undefined && words[word].group === `page[${tail}]` && !READS.test(kind);
    if (isWrite)
      writes.push({word: field, now: {...now}, stores: /^(store|WRITE_ONCE)$/.test(kind)});
    if (kind === "smp_wmb" && writes.length > 0 && of <= tail)
      writes.push({word: "smp_wmb", now: {...now}, stores: false});
  }
  return writes;
}

const READS = /^(load|READ_ONCE|atomic_read|test_bit|BUG|WARN)$/;

function numberOf(group: string): number | null {
  const [, n] = /^page\[(\d+)\]$/.exec(group) ?? [];
  return n === undefined || n === "0" ? null : Number(n);
}

/** Asks the same of every tail: what is wrong with its writes, or null. */
function ofEachTail(wrong: (writes: readonly Write[], tail: number) => string | null) {
  return (trace: Trace): string | null => {
    for (let tail = PARTS - 1; tail > 0; tail--) {
      const writes = writesTo(tail, trace);
      const missing = WORDS.find((name) => !writes.some(({word}) => word === name));
      const message =
        missing === undefined
          ? wrong(writes, tail)
          : `nobody writes to page[${tail}].${missing}`;
      if (message !== null) return message;
    }
    return null;
  };
}

const first = (writes: readonly Write[], name: Write["word"]) =>
  writes.findIndex(({word}) => word === name);
const last = (writes: readonly Write[], name: Write["word"]) =>
  writes.findLastIndex(({word}) => word === name);

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
    runs({
      id: "flags-first",
      title:
        "When a tail gets its count it has its flags, locked among them, and after that nobody stores them as a whole.",
      points: 2,
      needs,
      in: alone,
      order: [SPLITTER],
      wrong: ofEachTail((writes, tail) => {
        const count = first(writes, "_refcount");
        if ((writes[count].now.flags & LOCKED) === 0)
          return `page[${tail}] gets its count while it has not got the flag "locked"`;
        const late = writes.some(
          ({word, stores}, i) => word === "flags" && stores && i > count,
        );
        return late ? `page[${tail}].flags is stored when the page has a count already` : null;
      }),
    }),
    runs({
      id: "barrier",
      title:
        "flags, mapping and index are stored, then comes smp_wmb(), and only then the page is no tail any more.",
      points: 2,
      needs,
      in: alone,
      order: [SPLITTER],
      wrong: ofEachTail((writes, tail) => {
        const cleared = first(writes, "compound_head");
        const before = writes.slice(0, cleared);
        const barrier = last(before, "smp_wmb");
        if (barrier < 0)
          return `no smp_wmb() comes before page[${tail}].compound_head is cleared`;
        const late = (["flags", "mapping", "index"] as const).find(
          (name) => last(writes, name) > barrier,
        );
        return late === undefined
          ? null
          : `page[${tail}].${late} is stored behind the smp_wmb(): another CPU may see it later than compound_head`;
      }),
    }),
    runs({
      id: "once",
      title: "Each of the five words of a tail is stored once.",
      points: 2,
      needs,
      in: alone,
      order: [SPLITTER],
      wrong: ofEachTail((writes, tail) => {
        const twice = WORDS.find((name) => writes.filter(({word}) => word === name).length > 1);
        return twice === undefined
          ? null
          : `page[${tail}].${twice} is written ${writes.filter(({word}) => word === twice).length} times`;
      }),
    }),
    holds({
      id: "taken",
      title:
        "Whoever takes a reference to the page by its number finds a page of its own, which is locked, and puts the reference there.",
      points: 3,
      needs,
      in: {race: take_vs_split},
    }),
    holds({
      id: "looked-at",
      title: "Whoever finds its migration entry finds the page that it names locked.",
      points: 2,
      needs,
      in: {race: look_vs_split},
    }),
  ],
});
