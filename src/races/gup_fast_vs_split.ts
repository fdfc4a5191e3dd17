// GUP-fast wants a page of a huge page that another CPU splits: the race that was found on the way (c24d37322548), and its pattern is
// what the story's first fix would have copied.

import {run_alone, type Machine} from "../sim/index.ts";
import type {Page, Pte} from "../mm/index.ts";
import {noUseOfFreedPages} from "./freed.ts";
import {DEBUG_VM, GUP_ROOTS, gupUser, IPI, USE} from "./gup.ts";
import {heldPageIsUsed} from "./held.ts";
import {mapHugePage, PAGES, shownOf, type HugePage} from "./huge_page.ts";
import {referenceLedger} from "./ledger.ts";
import {describeBug, mapcountsConserved, referencesConserved} from "./pages.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";

/** Free pages behind the others, where an access that misses its page would hit. */
const SPARES = 2;

export const gup_fast_vs_split: Race = {
  name: "gup_fast_vs_split",
  about:
    "One CPU takes a reference to a part of a huge page, without any lock, while another splits the huge page and then unmaps that part.",
  stake:
    "GUP-fast finds the head first and takes the reference afterwards: if the page has left it in between, the reference is on a stranger, and what is handed out may be freed while it is written to.",
  parameters: [
    {...PAGES, values: [2, 4]},
    IPI,
    USE,
    {
      name: "mapped",
      about: "how the process maps the huge page: part by part, or as a whole",
      default: "pte",
      values: ["pte", "pmd"],
    },
    DEBUG_VM,
  ],
  note: ({ipi}) =>
    ipi === "on"
      ? null
      : "Without interrupts for TLB flushes, as on arm64 or in a guest whose host flushes for it, nobody waits for a CPU that walks page tables.",
  machine: ({pages, ipi, debug_vm}) => ({
    pages: Number(pages),
    pgflags: false,
    ipi: ipi === "on",
    debug_vm: debug_vm === "on",
    spares: SPARES,
  }),
  roots: () => [...GUP_ROOTS, "split_huge_pages_pid", "madvise_dontneed"],
  stage,
};

function stage(kernel: Kernel, machine: Machine, parameters: Parameters): Scene {
  const page = mapHugePage(kernel, machine, 1);
  const [mm] = page.mms;
  if (parameters.mapped === "pte") mapByPtes(page, machine);
  const index = machine.pages - 1;

  const user = gupUser(page, parameters, {cpu: 0, index});
  const splitter = {
    name: "split_huge_pages, MADV_DONTNEED",
    *run() {
      yield* kernel.split_huge_pages_pid(mm);
      yield* kernel.madvise_dontneed(mm, index);
    },
  };
  const threads = [user, splitter];
  const ledger = referenceLedger(
    {pages: page.pages, threads: threads.map(({name}) => name)},
    machine,
  );
  return {
    threads,
    invariants: [referencesConserved(page), mapcountsConserved(page)],
    monitors: [
      ledger,
      heldPageIsUsed(page, ledger.own, [0]),
      noUseOfFreedPages(kernel, [...page.pages, ...spares(kernel, machine)], machine),
    ],
    outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
    shows: [...page.pages.map(kernel.page_address), ...shownOf(page)],
  };
}

function spares(kernel: Kernel, machine: Machine): Page[] {
  const first = machine.pages + 1;
  const at = (n: number) => kernel.pfn_to_page(kernel.FIRST_PFN + n);
  return Array.from({length: SPARES}, (_, i) => at(first + i));
}

/**
 * Splits the PMD; then reclaim has gone over the entries and found them not used: they look as they will after a split of
 * the page, bit for bit.
 */
function mapByPtes({kernel, mms: [mm]}: HugePage, machine: Machine): void {
  const {memory} = machine;
  run_alone(kernel.split_huge_pmd(mm.mmap[0]), machine);
  for (const ptep of kernel.pmd_table(memory.read(mm.pmd) as never).pte) {
    const old = memory.read(ptep) as Pte;
    memory.write(ptep, old & ~(kernel._PAGE_ACCESSED | kernel._PAGE_DIRTY));
  }
}
