// Who comes by the last tail while the huge page is split.

import type * as page_flags from "../../src/mm/page-flags.ts";
import type * as swapops from "../../src/mm/swapops.ts";
import {noUseOfFreedPages} from "../../src/races/freed.ts";
import {mapHugePage, shownOf, splitterOf, type HugePage} from "../../src/races/huge_page.ts";
import {referenceLedger} from "../../src/races/ledger.ts";
import {allIsQuiet, describeBug} from "../../src/races/pages.ts";
import type {Kernel, Race} from "../../src/races/index.ts";
import type {Op} from "../../src/sim/index.ts";

type FlagKernel = Kernel & Pick<typeof page_flags, "trylock_page" | "unlock_page">;
type EntryKernel = Kernel & Pick<typeof swapops, "migration_entry_to_page">;

/** Goes through memory by page numbers, and locks what it can get. */
function* take({kernel: all, pages}: HugePage): Op<boolean> {
  const kernel = all as FlagKernel;
  const page = pages[pages.length - 1];
  const got = yield* kernel.get_page_unless_zero(page);
  if (!got) return false;
  const locked = yield* kernel.trylock_page(page);
  if (locked) yield* kernel.unlock_page(page);
  yield* kernel.put_page(page);
  return true;
}

/** Comes by the page table, and asks what a migration entry names. */
function* look({kernel: all, tables: [table]}: HugePage): Op<boolean> {
  const kernel = all as EntryKernel;
  yield* kernel.spin_lock(table.ptl);
  const entry = yield* kernel.load(table.pte[table.pte.length - 1]);
  const waits = kernel.is_migration_entry(entry);
  if (waits) yield* kernel.migration_entry_to_page(entry);
  yield* kernel.spin_unlock(table.ptl);
  return waits;
}

function visited(name: string, visit: (page: HugePage) => Op<boolean>, roots: string[]): Race {
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
      return {
        threads,
        invariants: allIsQuiet(page),
        monitors: [
          referenceLedger({pages, threads: threads.map(({name}) => name)}, machine),
          noUseOfFreedPages(kernel, pages, machine),
        ],
        outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
        shows: shownOf(page),
      };
    },
  };
}

export const take_vs_split = visited("take_vs_split", take, [
  "get_page_unless_zero",
  "trylock_page",
  "unlock_page",
  "put_page",
]);

export const look_vs_split = visited("look_vs_split", look, [
  "spin_lock",
  "load",
  "migration_entry_to_page",
  "spin_unlock",
]);
