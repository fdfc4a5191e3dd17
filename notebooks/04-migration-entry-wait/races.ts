// A page fault that has to wait: while the page is moved, and while the huge page is split that it is a part of.

import type {Monitor, Thread} from "../../src/explore/index.ts";
import {noUseOfFreedPages} from "../../src/races/freed.ts";
import {mapByPtes} from "../../src/races/gup.ts";
import {mapHugePage, shownOf, type HugePage} from "../../src/races/huge_page.ts";
import {referenceLedger, type Ledger} from "../../src/races/ledger.ts";
import {migration_vs_fault} from "../../src/races/migration_vs_fault.ts";
import {allIsQuiet, describeBug} from "../../src/races/pages.ts";
import {mapSmallPages, migrator} from "../../src/races/migration.ts";
import type {Kernel, Race, Scene} from "../../src/races/index.ts";
import type * as migrate from "../../src/mm/migrate.ts";
import type * as pgtable from "../../src/mm/pgtable.ts";
import type {Mm} from "../../src/mm/index.ts";
import type {Machine, Op} from "../../src/sim/index.ts";

const NAME = "migration_entry_wait";

/** With what a page fault calls. */
type FaultKernel = Kernel &
  Pick<typeof pgtable, "pmd_trans_unstable" | "ptep_get_lockless"> &
  Pick<typeof migrate, typeof NAME>;

/** What a page fault calls. */
const FAULT_ROOTS = ["pmd_trans_unstable", "load", "ptep_get_lockless", NAME, "BUG_ON"];

export const EMPTY_HANDED = "whoever sleeps holds no reference";
/** Looks into the ledger of references when somebody has slept until a page was unlocked. */
function emptyHanded(ledger: Ledger, threads: readonly {readonly name: string}[]): Monitor {
  return {
    name: EMPTY_HANDED,
    ghosts: [],
    watches: ({act}, functions) => act.endsWith("_bit") && functions.includes(NAME),
    looksAt: () => [],
    before({operation, thread}, memory) {
      if (operation.act !== "wait_bit" && operation.act !== "lock_bit") return null;
      const held = ledger.own[thread].some((entry) => memory.read(entry) > 0);
      return held ? `${threads[thread].name} sleeps and holds a reference meanwhile` : null;
    },
  };
}

/**
 * fault_in(), but not for ever: an entry that is waited for is gone, so no more than one look at it in each pass can find it there. Whoever
 * has come a few times too often does not wait.
 */
function faultThread(all: Kernel, mm: Mm, index: number, most: number) {
  const kernel = all as FaultKernel;
  return {
    name: "page fault",
    *run(): Op<void> {
      const [pmdp] = mm.pmds;
      for (let looks = 0; looks < most; looks++) {
        const unstable = yield* kernel.pmd_trans_unstable(pmdp);
        if (unstable) return;
        const pmd = yield* kernel.load(pmdp);
        const table = kernel.pmd_table(pmd);
        const pte = yield* kernel.ptep_get_lockless(table.pte[index]);
        if (!kernel.is_migration_entry(pte)) return;
        yield* kernel.migration_entry_wait(table, index);
      }
      yield* kernel.BUG_ON(true, "the page fault is back again: it has not waited");
    },
  };
}

/** The race of the book, and a few things more that are looked at. */
export const migration: Race = {
  ...migration_vs_fault,
  name: "migration_vs_fault+ledger",
  roots: () => ["move_pages", ...FAULT_ROOTS],
  stage(kernel, machine, parameters) {
    const page = mapSmallPages(kernel, machine, 1);
    const {pages, mms} = page;
    const fault = faultThread(kernel, mms[0], 0, Number(parameters.passes) + 1);
    const threads = [
      ...Array.from({length: Number(parameters.faults)}, () => fault),
      migrator(page, parameters),
    ];
    return {
      ...watched(page, threads, machine),
      shows: [...pages.map(kernel.page_address), ...shownOf(page)],
    };
  },
};

/** Parts of a huge page have migration entries as well while it is split, and no count of their own until they are pages. */
export const fault_vs_split: Race = {
  name: "fault_vs_split",
  about:
    "One CPU splits a huge page that is mapped by PTEs, while the process uses a part of it.",
  stake:
    "what the entry names is a tail, and its head is frozen: there is no reference to be had.",
  parameters: [
    {name: "pages", about: "sub-pages of the huge page", default: 2, values: [2, 4]},
  ],
  note: () => null,
  machine: ({pages}) => ({pages: Number(pages), pgflags: false}),
  roots: () => ["split_huge_pages_pid", ...FAULT_ROOTS],
  stage(kernel, machine) {
    const page = mapHugePage(kernel, machine, 1);
    mapByPtes(page, machine);
    const {mms} = page;
    const threads = [
      faultThread(kernel, mms[0], machine.pages - 1, 2),
      {name: "split_huge_pages", run: () => kernel.split_huge_pages_pid(mms[0])},
    ];
    return watched(page, threads, machine);
  },
};

/** What is looked at in both races, whatever their threads do. */
function watched(page: HugePage, threads: readonly Thread[], machine: Machine): Scene {
  const {kernel, pages} = page;
  const ledger = referenceLedger({pages, threads: threads.map(({name}) => name)}, machine);
  return {
    threads,
    invariants: allIsQuiet(page),
    monitors: [ledger, emptyHanded(ledger, threads), noUseOfFreedPages(kernel, pages, machine)],
    outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
    shows: shownOf(page),
  };
}
