// A small page that is moved to another frame: what the races with migration share.

import type {EndInvariant, Thread} from "../explore/index.ts";
import {run_alone, type Machine} from "../sim/index.ts";
import type {Pmd, Pte} from "../mm/index.ts";
import {mapHugePage, type HugePage} from "./huge_page.ts";
import type {Kernel, Parameter, Parameters} from "./race.ts";

export const PASSES: Parameter = {
  name: "passes",
  about: "how often the migration is tried",
  default: 1,
  values: [1, 2],
};

/** Small pages, and one free page to move to. */
export function migrationMachine({pages}: Parameters) {
  return {pages: Number(pages), pgflags: true, spares: 1};
}

/** Small pages that `mms` processes map: a huge page once, which has been split. `pages` ends with the free one. */
export function mapSmallPages(kernel: Kernel, machine: Machine, mms: number): HugePage {
  const page = mapHugePage(kernel, machine, mms);
  run_alone(kernel.split_huge_pages_pid(page.mms[0]), machine);
  const free = kernel.nth_page(page.pages[0], machine.pages + 1);
  return {...page, pages: [...page.pages, free]};
}

/** Moves the first page of the range. */
export function migrator({kernel, mms: [mm]}: HugePage, {passes}: Parameters): Thread {
  return {
    name: "move_pages",
    run: () => kernel.move_pages(mm, Number(passes)),
    prints: (error) => (error === 0 ? "moved" : "not moved"),
  };
}

/** Asked where fixes are compared: nothing is wrong if it fails. */
export function migrationSucceeds({kernel, pages, mms: [mm]}: HugePage): EndInvariant {
  return {
    name: "the migration succeeds",
    check(memory) {
      const table = kernel.pmd_table(memory.read(mm.pmds[0]) as Pmd);
      const [page] = pages;
      const stays = kernel.pte_page(memory.read(table.pte[0]) as Pte) === page;
      return stays ? `${page.name} was unmapped and mapped again, and is where it was` : null;
    },
  };
}
