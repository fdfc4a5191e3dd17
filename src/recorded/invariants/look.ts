// One look at a whole machine between two operations: who maps which page, who holds it, and what its words say. What has to be true of it
// is said by the files beside this one.

import type {AddressSpace, Page} from "../../mm/index.ts";
import type {Cell, Machine} from "../../sim/index.ts";
import type {Kernel, LinkedMachine} from "../linked_machine.ts";
import {tablesOf, type Entry, type Tables} from "./tables.ts";

/** Who uses a page: of a huge one, each part has its own PTEs, and all have those of the whole. */
export type Uses = {
  readonly ptes: Mapping[];
  readonly pmds: Mapping[];
  /** References of pipes, and pins of devices. */
  piped: number;
  pinned: number;
  /** The swap cache, or an object of shared memory. */
  cached: number;
};

export type Mapping = Extract<Entry, {readonly kind: "pte" | "pmd"}>;

export type Look = {
  readonly kernel: Kernel;
  readonly machine: Machine;
  readonly processes: readonly Tables[];
  /** Pages that are not free, of those that the allocator hands out. */
  readonly taken: readonly Page[];
  readonly free: FreeFrames;
  read(cell: Cell): number;
  flag(page: Page, bit: number): boolean;
  is_free(page: Page): boolean;
  /** The head of what `page` is a part of, or `page`. */
  head_of(page: Page): Page;
  /** The page itself, and all parts of a huge one. */
  parts(head: Page): readonly Page[];
  /** What is known of a page; of one that nobody uses, nothing. */
  uses(page: Page): Uses;
  /** Pages that somebody uses. */
  readonly used: Iterable<Page>;
  /** Names of the operations that were done so far: there are a few whose traces are not what one would expect. */
  readonly done: ReadonlySet<string>;
  /** By slot of swap space, how many entries name it. */
  readonly swapped: ReadonlyMap<number, number>;
};

export function lookAt(linked: LinkedMachine, done: ReadonlySet<string>): Look {
  const {kernel, machine} = linked;
  const {memory} = machine;
  const processes = [...linked.processes].map(([name, mm]) => tablesOf(linked, name, mm));
  const read = (cell: Cell) => memory.read(cell);
  const head_of = (page: Page) => {
    const head = read(page.compound_head);
    return head & 1 ? kernel.page_at(head - 1) : page;
  };
  const flag = (page: Page, bit: number) => ((read(page.flags) >>> bit) & 1) === 1;
  return {
    ...{kernel, machine, processes, done, read, head_of, flag},
    ...framesOf(linked),
    is_free: (page) => read(page._mapcount) === kernel.PAGE_TYPE_BUDDY,
    parts: (head) => (flag(head, kernel.PG_head) ? partsOf(linked, head) : [head]),
    ...usesOf(linked, processes, head_of),
    swapped: countSwapped(linked, processes),
  };
}

/** Frames that say of themselves that they are free: there are many, and most were never anything else. So no page is made of them. */
export type FreeFrames = {
  readonly count: number;
  /** Frame numbers of those that say something else as well. */
  readonly odd: readonly number[];
  /** Is this the address of the lru of one of them? */
  has(lru: number): boolean;
};

// Where in a struct page they are, in halves: flags, lru, _mapcount and _refcount.
const [FLAGS, LRU, MAPCOUNT, REFCOUNT, SIZE] = [0, 2, 12, 13, 16];

function framesOf({kernel, machine}: LinkedMachine): Pick<Look, "taken" | "free"> {
  const {halves} = machine.memory;
  const first = machine.memory.half(kernel.pfn_to_page(kernel.FIRST_PFN).address);
  const frames = kernel.frames_of_nodes();
  const clear = kernel.PAGE_FLAGS_CHECK_AT_PREP | (1 << kernel.PG_head);
  const taken: Page[] = [];
  const odd: number[] = [];
  for (let i = 0, at = first; i < frames; i++, at += SIZE) {
    const pfn = kernel.FIRST_PFN + i;
    if (halves[at + MAPCOUNT] !== kernel.PAGE_TYPE_BUDDY) taken.push(kernel.pfn_to_page(pfn));
    else if (halves[at + REFCOUNT] !== 0 || halves[at + FLAGS] & clear) odd.push(pfn);
  }
  const has = (lru: number) => {
    const at = machine.memory.half(lru) - LRU;
    const inside = at >= first && at < first + frames * SIZE;
    return inside && halves[at + MAPCOUNT] === kernel.PAGE_TYPE_BUDDY;
  };
  return {taken, free: {count: frames - taken.length, odd, has}};
}

function partsOf({kernel, machine}: LinkedMachine, head: Page): Page[] {
  return Array.from({length: machine.pages}, (_, i) => kernel.nth_page(head, i));
}

const NOBODY: Uses = Object.freeze({ptes: [], pmds: [], piped: 0, pinned: 0, cached: 0});

function usesOf(
  {kernel, piped, pinned}: LinkedMachine,
  processes: readonly Tables[],
  head_of: (page: Page) => Page,
): Pick<Look, "uses" | "used"> {
  const all = new Map<Page, Uses>();
  const of = (page: Page): Uses => {
    const known = all.get(page);
    if (known) return known;
    const made: Uses = {ptes: [], pmds: [], piped: 0, pinned: 0, cached: 0};
    all.set(page, made);
    return made;
  };
  for (const entry of processes.flatMap(({entries}) => entries)) {
    if (entry.kind === "pte") of(entry.page).ptes.push(entry);
    if (entry.kind === "pmd") of(entry.page).pmds.push(entry);
  }
  for (const page of piped) of(head_of(page)).piped++;
  for (const page of pinned) of(head_of(page)).pinned++;
  for (const page of kernel.swapper_space().i_pages.values()) of(page).cached++;
  for (const {i_pages} of filesOf(processes)) {
    for (const page of i_pages.values()) of(page).cached++;
  }
  return {uses: (page) => all.get(page) ?? NOBODY, used: all.keys()};
}

/** Objects of shared memory. */
function filesOf(processes: readonly Tables[]): ReadonlySet<AddressSpace> {
  const files = processes.flatMap(({mm}) => mm.mmap.map(({vm_file}) => vm_file));
  return new Set(files.filter((file) => file !== null));
}

/** Of processes, and of objects of shared memory. */
function countSwapped(
  {kernel}: LinkedMachine,
  processes: readonly Tables[],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const count = (offset: number) => counts.set(offset, (counts.get(offset) ?? 0) + 1);
  for (const entry of processes.flatMap(({entries}) => entries)) {
    if (entry.kind === "swap") count(entry.offset);
  }
  for (const {i_swapped} of filesOf(processes)) {
    for (const entry of i_swapped?.values() ?? []) count(kernel.swp_offset(entry));
  }
  return counts;
}
