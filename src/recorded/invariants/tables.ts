// What the page tables of all processes say, read from outside: no function of the kernel runs, no lock is taken and nothing changes.

import type {Mm, Page, PageTable, Pmd, Pte, VmArea} from "../../mm/index.ts";
import type {Cell} from "../../sim/index.ts";
import type {LinkedMachine} from "../linked_machine.ts";
import type {ProcessName} from "../trace.ts";

/** What a process has at an address, if it has anything. `zero` is a page of zeros, a small or a huge one, whose mappings nobody counts. */
export type Entry = {
  readonly process: ProcessName;
  /** The range that it lies in; null outside of all. */
  readonly vma: VmArea | null;
  readonly address: number;
} & (
  | {readonly kind: "pte" | "pmd"; readonly page: Page; readonly entry: Pte | Pmd}
  | {readonly kind: "zero pte" | "zero pmd"; readonly entry: Pte | Pmd}
  | {readonly kind: "swap"; readonly offset: number}
  | {readonly kind: "migration"}
);

export type Tables = {
  readonly process: ProcessName;
  readonly mm: Mm;
  /** In the order of their addresses. */
  readonly entries: readonly Entry[];
  /** Tables that a PMD points to, and those that are put aside for a huge one. */
  readonly linked: readonly PageTable[];
  readonly deposited: readonly PageTable[];
};

export function tablesOf(machine: LinkedMachine, process: ProcessName, mm: Mm): Tables {
  const entries: Entry[] = [];
  const linked: PageTable[] = [];
  const deposited: PageTable[] = [];
  const {kernel, machine: sim} = machine;
  const {memory, pages} = sim;
  const find = finder(mm);

  for (const [i, pmdp] of mm.pmds.entries()) {
    const start = kernel.TASK_START + i * pages * kernel.PAGE_SIZE;
    const pmd = memory.read(pmdp) as Pmd;
    const put_aside = memory.read(mm.pmd_huge_pte[i]);
    if (put_aside !== 0) deposited.push(kernel.page_table_at(put_aside));
    if (kernel.pmd_none(pmd)) continue;

    const at = {process, vma: find(start), address: start};
    if (kernel.is_swap_pmd(pmd)) entries.push({...at, kind: "migration"});
    else if (kernel.pmd_trans_huge(pmd)) entries.push({...at, ...hugeEntry(machine, pmd)});
    else linked.push(kernel.pmd_table(pmd));
    if (kernel.is_swap_pmd(pmd) || kernel.pmd_trans_huge(pmd)) continue;

    for (const [n, ptep] of kernel.pmd_table(pmd).pte.entries()) {
      const pte = memory.read(ptep as Cell) as Pte;
      if (kernel.pte_none(pte)) continue;
      const address = start + n * kernel.PAGE_SIZE;
      entries.push({process, vma: find(address), address, ...smallEntry(machine, pte)});
    }
  }
  return {process, mm, entries, linked, deposited};
}

/** Which range has an address, if they are asked for in their order. */
function finder({mmap}: Mm): (address: number) => VmArea | null {
  let i = 0;
  return (address) => {
    while (i < mmap.length && mmap[i].vm_end <= address) i++;
    return i < mmap.length && mmap[i].vm_start <= address ? mmap[i] : null;
  };
}

function hugeEntry({kernel, machine}: LinkedMachine, pmd: Pmd) {
  const page = kernel.pmd_page(pmd);
  const zero = machine.memory.read(kernel.huge_zero().page) === page.address;
  return zero
    ? ({kind: "zero pmd", entry: pmd} as const)
    : ({kind: "pmd", page, entry: pmd} as const);
}

function smallEntry({kernel}: LinkedMachine, pte: Pte) {
  if (kernel.pte_special(pte)) return {kind: "zero pte", entry: pte} as const;
  if (kernel.pte_present(pte))
    return {kind: "pte", page: kernel.pte_page(pte), entry: pte} as const;
  if (kernel.is_migration_entry(pte)) return {kind: "migration"} as const;
  return {kind: "swap", offset: kernel.swp_offset(pte)} as const;
}
