// The race of the book: somebody reads /proc/PID/smaps while the huge page that it counts is split.

import {splitSucceeds} from "./asks.ts";
import type {Monitor} from "../explore/index.ts";
import {cell, run_alone, type Machine, type Memory} from "../sim/index.ts";
import type {MemSizeStats, Page} from "../mm/index.ts";
import {describeBug, isHead, referencesConserved, type Pages} from "./pages.ts";
import {referenceLedger} from "./ledger.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";

export const smaps_vs_split: Race = {
  name: "smaps_vs_split",
  about:
    "One CPU reads /proc/PID/smaps while another splits the huge page that the process has mapped.",
  stake:
    "smaps asks how often a page is mapped without holding it: the kernel crashes, or prints a number read from garbage.",
  parameters: [
    {name: "pages", about: "sub-pages of the huge page", default: 4, values: [2, 4, 8, 16]},
    {name: "mms", about: "processes that map it", default: 1, values: [1, 2]},
    {
      name: "readers",
      about: "CPUs that read smaps of the first process",
      default: 1,
      values: [1, 2],
    },
    {name: "pgflags", about: "CONFIG_DEBUG_VM_PGFLAGS", default: "on", values: ["on", "off"]},
  ],
  note({pages, mms}) {
    const notes = [];
    if (mms === 2) {
      notes.push(
        "madvise_free_huge_pmd() leaves alone a page that is mapped twice, so with two processes the splitter comes through debugfs' split_huge_pages.",
      );
    }
    if (pages === 2) {
      notes.push(
        "With two sub-pages there is no third page, hence no deferred list and no pin count.",
      );
    }
    return notes.length ? notes.join(" ") : null;
  },
  machine: ({pages, pgflags}) => ({pages: Number(pages), pgflags: pgflags === "on"}),
  roots: ({mms}) => ["show_smap", mms === 2 ? "split_huge_pages_pid" : "madvise_free"],
  stage,
};

function stage(kernel: Kernel, machine: Machine, {mms: processes, readers}: Parameters): Scene {
  const first = run_alone(kernel.start_kernel(), machine);
  const anon_vma = kernel.anon_vma_alloc();
  const mms = Array.from({length: Number(processes)}, (_, i) =>
    kernel.mm_alloc(`mm${i}`, anon_vma),
  );
  run_alone(kernel.map_huge_page(first, mms), machine);

  const pages = Array.from({length: machine.pages}, (_, i) => kernel.nth_page(first, i));
  const all: Pages = {kernel, pages, mms};
  const {lruvec, deferred_split_queue} = kernel.node();
  const tables = mms.map((mm) => kernel.page_table_at(machine.memory.read(mm.pmd_huge_pte)));
  const locks = [
    ...mms.flatMap((mm) => [mm.mmap_lock, mm.pmd_lock]),
    ...tables.map(({ptl}) => ptl),
    anon_vma.rwsem,
    lruvec.lru_lock,
    deferred_split_queue.split_queue_lock,
  ];

  const read = {name: "cat smaps", run: () => kernel.show_smap(mms[0]), prints: print};
  const split =
    processes === 2
      ? {name: "split_huge_pages", run: () => kernel.split_huge_pages_pid(mms[0])}
      : {name: "madvise(MADV_FREE)", run: () => kernel.madvise_free(mms[0])};
  const threads = [...Array.from({length: Number(readers)}, () => read), split];

  return {
    threads,
    invariants: [referencesConserved(all)],
    asks: splitSucceeds(all),
    monitors: [
      noTornMapcount(all, machine, threads.length),
      referenceLedger({pages, threads: threads.map(({name}) => name)}, machine),
    ],
    outcome: (ending) => (ending.bug ? describeBug(all, ending) : null),
    shows: [
      ...pages.flatMap((p) => [p.flags, p._refcount, p._mapcount, p.compound_head]),
      ...mms.map((mm) => mm.pmd),
      ...tables.flatMap(({pte}) => pte),
      ...locks,
    ],
  };
}

const INTACT = 0;
const NO_HEAD = 1;
const OVERWRITTEN = 2;

/**
 * The mapcount of a part of a huge page has a part that stands in page[1] of the huge page. Read from a page that is no head
 * any more, that word is somebody else's. Judged when page_mapcount() answers smaps_account(): a BUG comes before.
 */
function noTornMapcount({kernel, pages}: Pages, machine: Machine, threads: number): Monitor {
  const ghosts = Array.from({length: threads}, (_, t) =>
    cell("ghost", `torn[${t}]`, machine.memory.allocate(4), 4),
  );
  const owner = new Map<number, Page>(
    pages.map((page) => [kernel.compound_mapcount_ptr(page).address, page]),
  );
  const begins = new Set(pages.map((page) => page._mapcount.address));
  const firstTail = (head: Page): Page => kernel.nth_page(head, 1);

  /** What the compound part of `head` is at this moment. */
  function stateOf(head: Page, memory: Memory): number {
    if (!isHead({kernel}, head, memory)) return NO_HEAD;
    if (memory.read(firstTail(head).compound_head) === head.address + 1) return INTACT;
    // The first tail has left. Until something is written over its word, that is still the count.
    return memory.read(kernel.compound_mapcount_ptr(head)) >= -1 ? INTACT : OVERWRITTEN;
  }

  return {
    name: "no torn mapcount",
    ghosts,
    own: ghosts.map((ghost) => [ghost]),
    watches: ({act, cell: {address, bytes}}) =>
      act === "load" && bytes === 4 && (owner.has(address) || begins.has(address)),
    looksAt({cell: {address}}) {
      const head = owner.get(address);
      return head ? [head.flags, firstTail(head).compound_head] : [];
    },
    before(
      {
        operation: {
          cell: {address},
        },
        thread,
      },
      memory,
    ) {
      // Every count begins with the page's own part: what was read for an earlier one does not matter any more.
      const head = owner.get(address);
      memory.write(ghosts[thread], head ? stateOf(head, memory) : INTACT);
      return null;
    },
    judges: "page_mapcount",
    answered(_value, functions, thread, memory) {
      const state = memory.read(ghosts[thread]);
      memory.write(ghosts[thread], INTACT);
      if (state === INTACT || functions[0] !== "smaps_account") return null;
      const from =
        state === NO_HEAD
          ? "from a page that is no head"
          : "after something else was written there";
      return `page_mapcount() answered with a compound mapcount that was read ${from}`;
    },
  };
}

/** What a reader printed, in kB: the lines of smaps that this race can change. */
function print(result: unknown): string {
  const mss = result as MemSizeStats;
  const kB = (bytes: number) => `${bytes / 1024} kB`;
  const pss = Math.floor(mss.pss / 4096 / 1024);
  return `Rss ${kB(mss.resident)}, Pss ${pss} kB, Private ${kB(mss.private_clean + mss.private_dirty)}, Shared ${kB(mss.shared_clean + mss.shared_dirty)}, AnonHugePages ${kB(mss.anonymous_thp)}`;
}
