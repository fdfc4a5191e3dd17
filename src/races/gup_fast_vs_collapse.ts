// GUP-fast wants a page that khugepaged copies away: pages that somebody holds must not move, and khugepaged looks whether anybody
// does. It looks once (70cbc3cc78a9).

import type {EndInvariant} from "../explore/index.ts";
import {run_alone} from "../sim/index.ts";
import type {Pmd, Pte} from "../mm/index.ts";
import {
  DEBUG_VM,
  GUP_ROOTS,
  gupMachine,
  gupScene,
  IPI,
  mapHugePageAndSpares,
  noteOnIpi,
  touchAll,
  USE,
  WRITTEN,
} from "./gup.ts";
import {PAGES, type HugePage} from "./huge_page.ts";
import type {Race} from "./race.ts";

export const gup_fast_vs_collapse: Race = {
  name: "gup_fast_vs_collapse",
  about:
    "One CPU takes a reference to a page, without any lock, and writes to it, while khugepaged makes one huge page of the small ones.",
  stake:
    "whoever gets the page after khugepaged has looked for references writes to a page that the process does not map any more: what is written is lost.",
  parameters: [{...PAGES, default: 2, values: [2, 4]}, IPI, USE, DEBUG_VM],
  note: noteOnIpi,
  machine: (parameters) => gupMachine(parameters, Number(parameters.pages)),
  roots: () => [...GUP_ROOTS, "split_huge_pages_pid", "collapse_huge_page"],
  stage(kernel, machine, parameters) {
    const page = mapHugePageAndSpares(kernel, machine);
    const [mm] = page.mms;
    run_alone(kernel.split_huge_pages_pid(mm), machine);
    touchAll(page, machine);
    const index = machine.pages - 1;
    return gupScene(page, machine, parameters, {
      index,
      other: {
        name: "khugepaged",
        run: () => kernel.collapse_huge_page(mm.mmap[0], mm.mmap[0].vm_start),
        prints: (collapsed) => (collapsed ? "collapsed" : "not collapsed"),
      },
      invariants: [nothingWrittenIsLost(page, index)],
    });
  },
};

/** What was written into a page that was mapped at `index` is what the process reads there. */
function nothingWrittenIsLost(
  {kernel, pages, mms: [mm]}: HugePage,
  index: number,
): EndInvariant {
  return {
    name: "nothing is lost that was written",
    check(memory) {
      const written = pages.find((page) => memory.read(kernel.page_address(page)) === WRITTEN);
      const pmd = memory.read(mm.pmds[0]) as Pmd;
      const mapped = kernel.pmd_trans_huge(pmd)
        ? kernel.nth_page(kernel.pmd_page(pmd), index)
        : kernel.pte_page(memory.read(kernel.pmd_table(pmd).pte[index]) as Pte);
      if (!written || memory.read(kernel.page_address(mapped)) === WRITTEN) return null;
      return `${written.name} was written to, and the process maps ${mapped.name}, where nothing of it is`;
    },
  };
}
