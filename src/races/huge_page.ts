// The first state that most races of the story share: a huge page that one or two processes map, and what can be done to it.

import type {Thread} from "../explore/index.ts";
import {run_alone, type Cell, type Machine} from "../sim/index.ts";
import type {Mm, PageTable} from "../mm/index.ts";
import type {Pages} from "./pages.ts";
import type {Kernel, Parameter, Parameters} from "./race.ts";

const BYTES_OF_A_PAGE = 4096;

export const PAGES: Parameter = {
  name: "pages",
  about: "sub-pages of the huge page",
  default: 4,
  values: [2, 4, 8, 16],
};

export const MMS: Parameter = {
  name: "mms",
  about: "processes that map it",
  default: 1,
  values: [1, 2],
};

export const PGFLAGS: Parameter = {
  name: "pgflags",
  about: "CONFIG_DEBUG_VM_PGFLAGS",
  default: "on",
  values: ["on", "off"],
};

export const SPLITTER: Parameter = {
  name: "splitter",
  about:
    "what is split: the huge page, or only the PMD that maps it (MADV_DONTNEED of one page)",
  default: "page",
  values: ["page", "pmd"],
};

/** A huge page that is mapped, and everything about it. */
export type HugePage = Pages & {
  /** By process. */
  readonly tables: readonly PageTable[];
  readonly locks: readonly Cell[];
};

/** Boots the machine and maps a huge page in `mms` processes that are related by fork(). */
export function mapHugePage(kernel: Kernel, machine: Machine, mms: number): HugePage {
  const first = run_alone(kernel.start_kernel(), machine);
  const anon_vma = kernel.anon_vma_alloc();
  const all = Array.from({length: mms}, (_, i) => kernel.mm_alloc(`mm${i}`, anon_vma));
  run_alone(kernel.map_huge_page(first, all), machine);

  const pages = Array.from({length: machine.pages}, (_, i) => kernel.nth_page(first, i));
  const {lruvec, deferred_split_queue} = kernel.node();
  const tables = all.map((mm) => kernel.page_table_at(machine.memory.read(mm.pmd_huge_pte[0])));
  const locks = [
    ...all.flatMap((mm) => [mm.mmap_lock, mm.pmd_lock]),
    ...tables.map(({ptl}) => ptl),
    anon_vma.rwsem,
    lruvec.lru_lock,
    deferred_split_queue.split_queue_lock,
  ];
  return {kernel, pages, mms: all, tables, locks};
}

/** Where the process has the page at `index` of its range. */
export function nthAddress({mmap: [vma]}: Mm, index: number): number {
  return vma.vm_start + index * BYTES_OF_A_PAGE;
}

/** The thread that splits, as `splitter` and the number of processes have it. */
export function splitterOf({kernel, mms}: HugePage, {splitter}: Parameters): Thread {
  const [mm] = mms;
  if (splitter === "pmd")
    return {
      name: "madvise(MADV_DONTNEED)",
      run: () => kernel.madvise_dontneed(mm, nthAddress(mm, 0)),
    };
  return mms.length === 2
    ? {name: "split_huge_pages", run: () => kernel.split_huge_pages_pid(mm)}
    : {name: "madvise(MADV_FREE)", run: () => kernel.madvise_free(mm)};
}

/** The function of the kernel that the splitter calls. */
export function rootOfSplitter({mms, splitter}: Parameters): string {
  if (splitter === "pmd") return "madvise_dontneed";
  return mms === 2 ? "split_huge_pages_pid" : "madvise_free";
}

/** What a reader of the book should know of the parameters. */
export function noteOnSplit({pages, mms, splitter}: Parameters): string | null {
  const notes = [];
  if (mms === 2 && splitter !== "pmd") {
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
}

/** Words that a reader wants to see. */
export function shownOf({pages, mms, tables, locks}: HugePage): Cell[] {
  return [
    ...pages.flatMap((p) => [p.flags, p._refcount, p._mapcount, p.compound_head]),
    ...mms.map((mm) => mm.pmds[0]),
    ...tables.flatMap(({pte}) => pte),
    ...locks,
  ];
}
