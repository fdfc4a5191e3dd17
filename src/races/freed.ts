// Use of a freed page: somebody writes to a struct page whose last reference is gone, or to what the page contains. Reading is no
// mistake in itself: who looks a page up without a lock reads first and then tries to get a reference, which fails.

import type {Monitor, WatchedStep} from "../explore/index.ts";
import {cell, type Machine, type Memory} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";
import type {Kernel} from "./race.ts";

/**
 * The functions that give a page back and those that hand it out again: a free page is theirs. And those that change lists: by which
 * words a page hangs in a list belongs to the list.
 */
const ALLOWED = new Set([
  "__put_page",
  "alloc_page",
  "alloc_transhuge_page",
  "list_add",
  "list_add_tail",
  "list_del",
]);

/** By these a page becomes free and is free no more. */
const FREES = "__SetPageBuddy";
const TAKES = "__ClearPageBuddy";

export function noUseOfFreedPages(
  {page_address}: Pick<Kernel, "page_address">,
  pages: readonly Page[],
  machine: Machine,
): Monitor {
  const {memory} = machine;
  const freed = pages.map((page) => {
    const ghost = cell("ghost", `freed: ${page.name}`, memory.allocate(4), 4);
    memory.write(ghost, memory.read(page._refcount) === 0 && !isTail(page, memory) ? 1 : 0);
    return ghost;
  });
  const pageOf = new Map<number, number>();
  pages.forEach((page, p) => {
    for (const word of [...Object.values(page), page_address(page)] as unknown[]) {
      if (isWord(word)) pageOf.set(word.address, p);
    }
  });

  return {
    name: "no freed page is used",
    ghosts: freed,
    // All of them belong to pages.
    own: [],
    watches: ({act, cell: {address}}, functions) =>
      act !== "load" &&
      act !== "wait_bit" &&
      pageOf.has(address) &&
      (changesHands(functions) || !functions.some((name) => ALLOWED.has(name))),
    looksAt({cell: {address}}) {
      const page = pages[pageOf.get(address)!];
      return [page._refcount, page._mapcount];
    },
    before(step, now) {
      const p = pageOf.get(step.operation.cell.address)!;
      if (step.functions.includes(FREES)) {
        now.write(freed[p], 1);
      } else if (step.functions.includes(TAKES)) {
        now.write(freed[p], 0);
      } else if (onlyReads(step, now)) {
        return null;
      } else if (now.read(freed[p]) === 1) {
        return `${step.operation.kind} of ${pages[p].name}, which has been freed (a reference that was put too early?)`;
      } else if (isLastPut(step, pages[p], now.read(pages[p]._refcount))) {
        now.write(freed[p], 1);
      }
      return null;
    },
  };
}

function isTail({compound_head}: Page, memory: Memory): boolean {
  return (memory.read(compound_head) & 1) === 1;
}

function isWord(value: unknown): value is {readonly address: number; readonly bytes: number} {
  return typeof value === "object" && value !== null && "bytes" in value;
}

function changesHands(functions: readonly string[]): boolean {
  return functions.includes(FREES) || functions.includes(TAKES);
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
