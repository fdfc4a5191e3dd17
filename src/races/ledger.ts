// Who holds which reference: a ledger for each CPU and for the page tables, kept in ghost words beside the counts.
//
// A count says how many references there are, and not whose. So a reference that is put on another page than it was taken on
// passes unnoticed until two pages are wrong; here it is seen when it is put. What is changed on behalf of a mapping belongs to
// the page tables, everything else to the CPU that does it. A page whose count is frozen keeps its entries: they are what the
// count comes back to.

import type {Monitor, WatchedStep} from "../explore/index.ts";
import {
  cell,
  type Cell,
  type Machine,
  type Memory,
  type MemoryOperation,
} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";

/** In this one the reference of whoever allocated a page becomes that of its first mapping. */
const HANDS_OVER = "page_add_new_anon_rmap";

/** In these functions of the kernel references are taken and put for entries of page tables. */
const FOR_MAPPINGS = new Set([
  "__split_huge_pmd_locked",
  "restore_pte",
  "try_to_unmap_one",
  "tlb_finish_mmu",
  "free_page_and_swap_cache",
]);

export type Party = {
  readonly pages: readonly Page[];
  /** Names of the CPUs' threads. */
  readonly threads: readonly string[];
};

/** `own` says by thread and page how many references that CPU holds. */
export type Ledger = Monitor & Required<Pick<Monitor, "own">>;

/** `machine`'s memory is as it is in the first state: all references there are belong to mappings. */
export function referenceLedger({pages, threads}: Party, machine: Machine): Ledger {
  const {memory} = machine;
  const book = makeBook(pages, threads.length, memory);
  const pageAt = new Map(pages.map((page, p) => [page._refcount.address, p]));
  const mappedAt = new Map(pages.map((page, p) => [page._mapcount.address, p]));
  // A huge page counts its mappings in the page behind its head.
  pages.forEach((page, p) => mappedAt.set(page.compound_mapcount.address, p - 1));
  const isHandedOver = (
    {act, cell: {address}}: MemoryOperation,
    functions: readonly string[],
  ) => act === "store" && functions.includes(HANDS_OVER) && (mappedAt.get(address) ?? -1) >= 0;

  return {
    name: "references are put where they were taken",
    ghosts: book.ghosts,
    own: book.held,
    watches: (operation, functions) =>
      isHandedOver(operation, functions) ||
      (operation.act !== "load" && pageAt.has(operation.cell.address)),
    // Entries of the page tables are shared: in which order they come and go matters.
    looksAt(operation, functions) {
      if (isHandedOver(operation, functions))
        return [pages[mappedAt.get(operation.cell.address)!]._refcount];
      return isForMapping(functions) ? [operation.cell] : [];
    },
    before(step, now) {
      if (isHandedOver(step.operation, step.functions)) {
        const page = mappedAt.get(step.operation.cell.address)!;
        handOver(book.held[step.thread][page], book.mapped[page], now);
        return null;
      }
      const p = pageAt.get(step.operation.cell.address)!;
      const change = changeOf(step, now, book.frozen[p]);
      if (change === 0) return null;
      const entry = isForMapping(step.functions) ? book.mapped[p] : book.held[step.thread][p];
      const left = now.read(entry) + change;
      now.write(entry, left);
      if (left >= 0) return null;
      const held = pages.filter((_, q) => now.read(book.held[step.thread][q]) > 0);
      return sayWrongPut(pages[p], held, isForMapping(step.functions));
    },
    finished(thread, now) {
      const kept = pages.find((_, p) => now.read(book.held[thread][p]) > 0);
      if (!kept) return null;
      return `${threads[thread]} has finished and still holds a reference to ${kept.name} (a missing put_page()?)`;
    },
  };
}

function handOver(held: Cell, mapped: Cell, memory: Memory): void {
  memory.write(held, memory.read(held) - 1);
  memory.write(mapped, memory.read(mapped) + 1);
}

type Book = {
  /** By thread and page. */
  readonly held: readonly (readonly Cell[])[];
  /** By page. */
  readonly mapped: readonly Cell[];
  /** What was the count of a page that is frozen? */
  readonly frozen: readonly Cell[];
  readonly ghosts: readonly Cell[];
};

function makeBook(pages: readonly Page[], threads: number, memory: Memory): Book {
  const ghosts: Cell[] = [];
  const entries = (what: string, first: (page: Page) => number): Cell[] =>
    pages.map((page) => {
      const entry = cell("ghost", `${what} ${page.name}`, memory.allocate(4), 4);
      memory.write(entry, first(page));
      ghosts.push(entry);
      return entry;
    });
  const held = Array.from({length: threads}, (_, t) => entries(`held by ${t}:`, () => 0));
  const mapped = entries("mapped:", ({_refcount}) => memory.read(_refcount));
  const frozen = entries("frozen:", () => 0);
  return {held, mapped, frozen, ghosts};
}

function isForMapping(functions: readonly string[]): boolean {
  return functions.some((name) => FOR_MAPPINGS.has(name));
}

/** References that this step takes, or puts if it is negative. Keeps the book of frozen pages. */
function changeOf({operation, functions}: WatchedStep, memory: Memory, frozen: Cell): number {
  const old = memory.read(operation.cell);
  const now = after(operation, old);
  if (now === old) return 0;
  if (functions.includes("page_ref_freeze")) {
    memory.write(frozen, old);
    return 0;
  }
  const before = old === 0 ? memory.read(frozen) : old;
  memory.write(frozen, 0);
  return now - before;
}

/** What the count is after this operation. */
function after({act, operand, expected}: MemoryOperation, old: number): number {
  switch (act) {
    case "store":
    case "exchange":
      return operand;
    case "add":
      return old + operand;
    case "add_unless":
      return old === expected ? old : old + operand;
    case "compare_exchange":
      return old === expected ? operand : old;
    default:
      return old;
  }
}

function sayWrongPut(page: Page, held: readonly Page[], forMapping: boolean): string {
  if (forMapping) return `a mapping puts a reference to ${page.name} that no mapping has`;
  const has = held.map(({name}) => name).join(", ");
  const instead = has ? `, and holds one to ${has} (put on the wrong page?)` : " (put twice?)";
  return `a reference to ${page.name} is put by who holds none${instead}`;
}
