// Use of a freed page: somebody writes to a struct page whose last reference is gone. Reading it is no mistake in itself: who
// looks a page up without a lock reads first and then tries to get a reference, which fails.

import type {Monitor, WatchedStep} from "../explore/index.ts";
import {cell, type Machine, type Memory} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";

/** The function that gives a page back, and those by which the allocator hands it out again. */
const FREES = "__put_page";
const ALLOCATES = new Set(["set_page_count"]);

export function noUseOfFreedPages(pages: readonly Page[], machine: Machine): Monitor {
  const {memory} = machine;
  const freed = pages.map(({name}) => cell("ghost", `freed: ${name}`, memory.allocate(4), 4));
  const pageOf = new Map<number, number>();
  pages.forEach((page, p) => {
    for (const word of Object.values(page) as unknown[]) {
      if (isWord(word)) pageOf.set(word.address, p);
    }
  });

  return {
    name: "no freed page is used",
    ghosts: freed,
    watches: ({act, cell: {address}}, functions) =>
      act !== "load" && pageOf.has(address) && !functions.includes(FREES),
    looksAt: ({cell: {address}}) => [pages[pageOf.get(address)!]._refcount],
    before(step, now) {
      const p = pageOf.get(step.operation.cell.address)!;
      if (onlyReads(step, now)) return null;
      if (step.functions.some((name) => ALLOCATES.has(name))) {
        now.write(freed[p], 0);
      } else if (now.read(freed[p]) === 1) {
        return `${step.operation.kind} of ${pages[p].name}, which has been freed (a reference that was put too early?)`;
      } else if (isLastPut(step, pages[p], now.read(pages[p]._refcount))) {
        now.write(freed[p], 1);
      }
      return null;
    },
  };
}

function isWord(value: unknown): value is {readonly address: number; readonly bytes: number} {
  return typeof value === "object" && value !== null && "bytes" in value;
}

/** A conditional operation whose condition does not hold. */
function onlyReads(
  {operation: {act, cell: word, expected}}: WatchedStep,
  memory: Memory,
): boolean {
  const old = memory.read(word);
  if (act === "add_unless") return old === expected;
  return act === "compare_exchange" && old !== expected;
}

/** A count that goes from 1 to 0, and not because the page is frozen. */
function isLastPut(
  {operation: {act, cell: word, operand}}: WatchedStep,
  page: Page,
  count: number,
) {
  return word.address === page._refcount.address && act === "add" && count + operand === 0;
}
