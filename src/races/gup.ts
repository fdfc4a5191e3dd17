// Who writes to a process's memory through GUP-fast, as a device driver does: gets a page, has it written to, and lets go of it.

import type {EndInvariant, Thread} from "../explore/index.ts";
import {run_alone, type Machine} from "../sim/index.ts";
import type {Page, Pmd, Pte} from "../mm/index.ts";
import {noUseOfFreedPages} from "./freed.ts";
import {heldPageIsUsed} from "./held.ts";
import {type HugePage, mapHugePage, nthAddress, shownOf} from "./huge_page.ts";
import {referenceLedger} from "./ledger.ts";
import {allIsQuiet, describeBug} from "./pages.ts";
import type {Kernel, Parameter, Parameters, Scene} from "./race.ts";

export const IPI: Parameter = {
  name: "ipi",
  about: "whoever flushes a TLB interrupts the other CPUs and waits for them",
  default: "off",
  values: ["on", "off"],
};

export const USE: Parameter = {
  name: "use",
  about: "what is taken of the page: a reference (FOLL_GET) or a pin (FOLL_PIN)",
  default: "get",
  values: ["get", "pin"],
};

export const DEBUG_VM: Parameter = {
  name: "debug_vm",
  about: "CONFIG_DEBUG_VM",
  default: "off",
  values: ["on", "off"],
};

/** What is written. */
export const WRITTEN = 1;

/** The functions of the kernel that this calls. */
export const GUP_ROOTS = ["get_user_page_fast", "unpin_user_page", "put_page", "store"];

/** The machine of such a race, with `spares` free pages. */
export function gupMachine({pages, ipi, debug_vm}: Parameters, spares = 0) {
  return {
    pages: Number(pages),
    pgflags: false,
    ipi: ipi === "on",
    debug_vm: debug_vm === "on",
    spares,
  };
}

export function noteOnIpi({ipi}: Parameters): string | null {
  if (ipi === "on") return null;
  return "Without interrupts for TLB flushes, as on arm64 or in a guest whose host flushes for it, nobody waits for a CPU that walks page tables.";
}

/** A huge page that one process maps; `pages` are all pages of the machine but the foreign one. */
export function mapHugePageAndSpares(kernel: Kernel, machine: Machine): HugePage {
  const page = mapHugePage(kernel, machine, 1);
  const behind = kernel.nth_page(page.pages[0], machine.pages + 1);
  const spares = Array.from({length: machine.spares ?? 0}, (_, i) =>
    kernel.nth_page(behind, i),
  );
  return {...page, pages: [...page.pages, ...spares]};
}

/**
 * The PMD is split, and PTEs map the parts of the huge page. Reclaim has gone over them and found that they were not used: so they
 * look as they will after the page is split as well, bit for bit.
 */
export function mapByPtes({kernel, mms: [mm]}: HugePage, machine: Machine): void {
  run_alone(kernel.split_huge_pmd(mm.mmap[0], mm.mmap[0].vm_start), machine);
  setBits(
    {kernel, mms: [mm]},
    machine,
    (pte) => pte & ~(kernel._PAGE_ACCESSED | kernel._PAGE_DIRTY),
  );
}

/** The process has read and written everywhere: the entries say so. */
export function touchAll(
  {kernel, mms}: Pick<HugePage, "kernel" | "mms">,
  machine: Machine,
): void {
  setBits({kernel, mms}, machine, (pte) => pte | kernel._PAGE_ACCESSED | kernel._PAGE_DIRTY);
}

function setBits(
  {kernel, mms: [mm]}: Pick<HugePage, "kernel" | "mms">,
  {memory}: Machine,
  change: (pte: Pte) => number,
): void {
  const table = kernel.pmd_table(memory.read(mm.pmds[0]) as Pmd);
  for (const ptep of table.pte) memory.write(ptep, change(memory.read(ptep) as Pte));
}

/** Somebody uses GUP-fast for the page at `index` of the range, and `other` does what does not go with that. */
export function gupScene(
  page: HugePage,
  machine: Machine,
  parameters: Parameters,
  {index, other, invariants = []}: GupScene,
): Scene {
  const {kernel, pages} = page;
  const threads = [gupUser(page, parameters, {cpu: 0, index}), other];
  const ledger = referenceLedger({pages, threads: threads.map(({name}) => name)}, machine);
  return {
    threads,
    invariants: [...allIsQuiet(page), ...invariants],
    monitors: [
      ledger,
      heldPageIsUsed(page, ledger.own, [0]),
      noUseOfFreedPages(kernel, pages, machine),
    ],
    outcome: (ending) => (ending.bug ? describeBug(page, ending) : null),
    shows: [...pages.map(kernel.page_address), ...shownOf(page)],
  };
}

type GupScene = {
  readonly index: number;
  readonly other: Thread;
  readonly invariants?: readonly EndInvariant[];
};

/** On CPU `cpu`: gets the page at `index` of the range of the first process, writes to it, and lets go of it. */
export function gupUser(
  {kernel, mms}: HugePage,
  {use}: Parameters,
  {cpu, index}: {cpu: number; index: number},
): Thread {
  const [mm] = mms;
  mm.cpumask.push(cpu);
  return {
    name: "get_user_pages_fast",
    *run() {
      const flags = use === "pin" ? kernel.FOLL_PIN : kernel.FOLL_GET;
      const page = yield* kernel.get_user_page_fast(mm, nthAddress(mm, index), flags);
      if (page === null) return null;
      yield* kernel.store(kernel.page_address(page), WRITTEN);
      if (use === "pin") yield* kernel.unpin_user_page(page);
      else yield* kernel.put_page(page);
      return page;
    },
    prints: (result) =>
      result === null ? "no page" : `${(result as Page).name} is got and written to`,
  };
}
