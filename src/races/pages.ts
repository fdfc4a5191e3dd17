// What must hold of pages when all is quiet again, and how to say what became of them.

import type {EndInvariant, Ending} from "../explore/index.ts";
import {cell_name, type Memory} from "../sim/index.ts";
import type {Mm, Page, Pmd, Pte} from "../mm/index.ts";
import type {Kernel} from "./race.ts";

/** The pages of the one huge page, as they are now: apart or still joined. */
export type Pages = {
  readonly kernel: Kernel;
  readonly pages: readonly Page[];
  readonly mms: readonly Mm[];
};

function isTail(page: Page, memory: Memory): boolean {
  return (memory.read(page.compound_head) & 1) === 1;
}

export function isHead({kernel}: Pick<Pages, "kernel">, page: Page, memory: Memory): boolean {
  return ((memory.read(page.flags) >>> kernel.PG_head) & 1) === 1;
}

export function headOf(kernel: Kernel, page: Page, memory: Memory): Page {
  return isTail(page, memory) ? kernel.page_at(memory.read(page.compound_head) - 1) : page;
}

/** The pages that present entries map, once for each entry. */
function mapped({kernel, mms}: Pages, memory: Memory): Page[] {
  return mms.flatMap((mm) => {
    const pmd = memory.read(mm.pmds[0]) as Pmd;
    if (pmd === 0) return [];
    if (kernel.pmd_trans_huge(pmd)) return [kernel.pmd_page(pmd)];
    return kernel
      .pmd_table(pmd)
      .pte.map((ptep) => memory.read(ptep) as Pte)
      .filter(kernel.pte_present)
      .map(kernel.pte_page);
  });
}

/** What must hold when all threads have let go of everything, in every race of pages. */
export function allIsQuiet(all: Pages): EndInvariant[] {
  return [referencesConserved(all), mapcountsConserved(all), nothingLeftOnTheMove(all)];
}

/** Threads have let go of everything: each mapping is one reference, on the head, and there is no other. */
function referencesConserved(all: Pages): EndInvariant {
  const {kernel, pages} = all;
  return {
    name: "references are conserved",
    check(memory) {
      const owed = new Map(pages.map((page) => [page, 0]));
      for (const page of mapped(all, memory)) {
        const head = headOf(kernel, page, memory);
        owed.set(head, owed.get(head)! + 1);
      }
      for (const [page, mappings] of owed) {
        const count = memory.read(page._refcount);
        if (count !== mappings)
          return `${page.name}._refcount is ${count}, and ${mappings} mappings refer to it`;
      }
      return null;
    },
  };
}

/** Nobody maps or unmaps: the counts of mappings say how often each page is mapped, alone or as a part of a whole. */
function mapcountsConserved(all: Pages): EndInvariant {
  const {kernel, pages, mms} = all;
  return {
    name: "mapcounts are conserved",
    check(memory) {
      const entries = mapped(all, memory);
      const wholes = mms
        .map((mm) => memory.read(mm.pmds[0]) as Pmd)
        .filter((pmd) => pmd !== 0 && kernel.pmd_trans_huge(pmd))
        .map(kernel.pmd_page);
      for (const page of pages) {
        const head = headOf(kernel, page, memory);
        const whole = wholes.filter((mappedAsAWhole) => mappedAsAWhole === head).length;
        const alone = entries.filter((it) => it === page).length - (page === head ? whole : 0);
        const count = mapcountOf(kernel, page, memory);
        if (count !== whole + alone)
          return `${page.name} is mapped ${whole + alone} times, and its mapcount is ${count}`;
      }
      return null;
    },
  };
}

/** What page_mapcount() would answer now; 0 for a page that is free. */
function mapcountOf(kernel: Kernel, page: Page, memory: Memory): number {
  const own = Math.max(memory.read(page._mapcount), -1) + 1;
  const head = headOf(kernel, page, memory);
  if (!isHead({kernel}, head, memory)) return own;
  const first = memory.read(kernel.nth_page(head, 1).flags);
  const both = (first >>> kernel.PG_double_map) & 1;
  return own + memory.read(kernel.compound_mapcount_ptr(head)) + 1 - both;
}

/** Whoever finds a migration entry waits for somebody to map the page again: so somebody must have. */
function nothingLeftOnTheMove({kernel, mms}: Pages): EndInvariant {
  return {
    name: "no page is left on the move",
    check(memory) {
      for (const mm of mms) {
        const pmd = memory.read(mm.pmds[0]) as Pmd;
        if (pmd === 0 || kernel.pmd_trans_huge(pmd)) continue;
        const entry = kernel
          .pmd_table(pmd)
          .pte.find((ptep) => kernel.is_migration_entry(memory.read(ptep) as Pte));
        if (entry)
          return `${cell_name(entry)} is a migration entry, and nobody is left to end that`;
      }
      return null;
    },
  };
}

/** The console's words for a BUG: the page that was dumped and who was asking. */
export function describeBug({kernel, pages}: Pages, {memory, bug}: Ending): string {
  const {message, about, functions} = bug!;
  const n = pages.findIndex(({name}) => name === about);
  if (n < 0) return `BUG ${message} in ${functions.join(" < ")}`;
  const {_refcount, _mapcount, flags} = pages[n];
  const was = n === 0 ? "the former head" : "a former tail";
  return [
    `BUG ${message}`,
    `${about} ${was}`,
    `refcount ${memory.read(_refcount)}`,
    `mapcount ${memory.read(_mapcount) + 1}`,
    `flags ${kernel.print_flags(memory.read(flags))}`,
    `in ${functions.join(" < ")}`,
  ].join("; ");
}
