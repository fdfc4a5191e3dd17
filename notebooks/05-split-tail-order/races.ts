// Who comes by the last tail while the huge page is split. On a machine with store buffers each of them may find the words of that tail
// in any order that nobody forbids.

import type {Ending} from "../../src/explore/index.ts";
import type * as page_flags from "../../src/mm/page-flags.ts";
import type * as rmap from "../../src/mm/rmap.ts";
import type * as swapops from "../../src/mm/swapops.ts";
import type {Page} from "../../src/mm/index.ts";
import {noUseOfFreedPages} from "../../src/races/freed.ts";
import {mapHugePage, shownOf, splitterOf, type HugePage} from "../../src/races/huge_page.ts";
import {referenceLedger} from "../../src/races/ledger.ts";
import {allIsQuiet, describeBug} from "../../src/races/pages.ts";
import type {Kernel, Race} from "../../src/races/index.ts";
import type {Memory, Op} from "../../src/sim/index.ts";

type FlagKernel = Kernel &
  Pick<
    typeof page_flags,
    "PG_referenced" | "SetPageReferenced" | "trylock_page" | "unlock_page"
  >;
type EntryKernel = Kernel & Pick<typeof swapops, "migration_entry_to_page">;
type PlaceKernel = Kernel &
  Pick<typeof page_flags, "compound_head"> &
  Pick<typeof rmap, "page_to_pgoff">;

type Visitor = {
  readonly name: string;
  visit(page: HugePage): Op<unknown>;
  /** The functions of the kernel that it calls. */
  readonly roots: readonly string[];
  /** What it has found, or what has become of what it did; null if that says nothing. */
  found?(result: unknown, page: HugePage, memory: Memory): string | null;
};

function lastOf({pages}: HugePage): Page {
  return pages[pages.length - 1];
}

/** Goes through memory by page numbers, marks what it can get as used, and locks it if it can. */
const taker: Visitor = {
  name: "take_vs_split",
  *visit(all) {
    const kernel = all.kernel as FlagKernel;
    const page = lastOf(all);
    const got = yield* kernel.get_page_unless_zero(page);
    if (!got) return false;
    yield* kernel.SetPageReferenced(page);
    const locked = yield* kernel.trylock_page(page);
    if (locked) yield* kernel.unlock_page(page);
    yield* kernel.put_page(page);
    return true;
  },
  roots: [
    "get_page_unless_zero",
    "SetPageReferenced",
    "trylock_page",
    "unlock_page",
    "put_page",
  ],
  found(got, all, memory) {
    if (!got) return "nobody could be taken";
    const {PG_referenced} = all.kernel as FlagKernel;
    const page = lastOf(all);
    const isMarked = (memory.read(page.flags) >>> PG_referenced) & 1;
    return `${page.name} was taken, and ${isMarked ? "keeps its mark" : LOST}`;
  },
};

export const LOST = "the mark that was set on it is lost";

/** Comes by the page table, and asks what a migration entry names. */
const looker: Visitor = {
  name: "look_vs_split",
  *visit({kernel: all, tables: [table]}) {
    const kernel = all as EntryKernel;
    yield* kernel.spin_lock(table.ptl);
    const entry = yield* kernel.load(table.pte[table.pte.length - 1]);
    const waits = kernel.is_migration_entry(entry);
    if (waits) yield* kernel.migration_entry_to_page(entry);
    yield* kernel.spin_unlock(table.ptl);
    return waits;
  },
  roots: ["spin_lock", "load", "migration_entry_to_page", "spin_unlock"],
};

type Place = {readonly mapping: number; readonly pgoff: number};

/** Has only its number, and asks whose page it is, and which of them. */
const asker: Visitor = {
  name: "ask_vs_split",
  *visit(all) {
    const kernel = all.kernel as PlaceKernel;
    const page = lastOf(all);
    const head = yield* kernel.compound_head(page);
    if (head !== page) return null;
    const mapping = yield* kernel.load(page.mapping);
    const pgoff = yield* kernel.page_to_pgoff(page);
    return {mapping, pgoff};
  },
  roots: ["compound_head", "load", "page_to_pgoff"],
  found(place, all, memory) {
    const [head] = all.pages;
    const page = lastOf(all);
    if (place === null) return `${page.name} is a tail`;
    const {mapping, pgoff} = place as Place;
    const wrong = [
      mapping === memory.read(head.mapping) ? [] : ["mapping"],
      pgoff === memory.read(head.index) + all.pages.length - 1 ? [] : ["index"],
    ].flat();
    const has =
      wrong.length === 0 ? COMPLETE : `its ${wrong.join(" and its ")} is not there yet`;
    return `${page.name} is no tail any more, and ${has}`;
  },
};

export const COMPLETE = "has its place in the mapping";

function visited({name, visit, roots, found}: Visitor): Race {
  return {
    name,
    about: "One CPU splits a huge page, and another comes by the last of its tails.",
    stake: "the head is frozen, but whoever has no reference may look on.",
    parameters: [
      {name: "pages", about: "sub-pages of the huge page", default: 2, values: [2, 4]},
    ],
    note: () => null,
    machine: ({pages}) => ({pages: Number(pages), pgflags: true}),
    roots: () => [...roots, "madvise_free"],
    stage(kernel, machine) {
      const page = mapHugePage(kernel, machine, 1);
      const {pages} = page;
      const threads = [{name: "visitor", run: () => visit(page)}, splitterOf(page, {mms: 1})];
      const outcome = (ending: Ending) =>
        ending.bug
          ? describeBug(page, ending)
          : (found?.(ending.results[0], page, ending.memory) ?? null);
      return {
        threads,
        invariants: allIsQuiet(page),
        monitors: [
          referenceLedger({pages, threads: threads.map(({name}) => name)}, machine),
          noUseOfFreedPages(kernel, pages, machine),
        ],
        outcome,
        shows: shownOf(page),
      };
    },
  };
}

export const take_vs_split = visited(taker);
export const look_vs_split = visited(looker);
export const ask_vs_split = visited(asker);
