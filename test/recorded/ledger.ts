// The books of a quiet machine: who holds each page, by what its page tables, caches and pins say, against what the page says itself.

import type {LinkedMachine} from "../../src/recorded/linked_machine.ts";
import type {Page, Pmd, Pte} from "../../src/mm/index.ts";
import type {Linked} from "../support.ts";

export type Ledger = {
  readonly refs: Map<Page, number>;
  readonly ptes: Map<Page, number>;
  readonly pmds: Map<Page, number>;
  /** Entries that name a slot of swap space. */
  readonly slots: Map<number, number>;
};

const add = <K>(map: Map<K, number>, key: K, n = 1): void => {
  map.set(key, (map.get(key) ?? 0) + n);
};

/** What does not fit, in words; empty if all is well. */
export function complaints(machine: LinkedMachine): string[] {
  const kernel = machine.kernel as unknown as Linked;
  const ledger = enter(machine, kernel);
  return [...pages(machine, kernel, ledger), ...swapSpace(machine, kernel, ledger)];
}

function headOf({machine: {memory}}: LinkedMachine, kernel: Linked, page: Page): Page {
  const word = memory.read(page.compound_head);
  return word & 1 ? kernel.page_at(word - 1) : page;
}

function isCompound({machine: {memory}}: LinkedMachine, kernel: Linked, head: Page): boolean {
  return (memory.read(head.flags) & (1 << kernel.PG_head)) !== 0;
}

function enter(machine: LinkedMachine, kernel: Linked): Ledger {
  const ledger: Ledger = {
    ...{refs: new Map(), ptes: new Map(), pmds: new Map(), slots: new Map()},
  };
  const head = (page: Page) => headOf(machine, kernel, page);
  for (const mm of machine.processes.values()) {
    for (const vma of mm.mmap) {
      for (let at = vma.vm_start; at < vma.vm_end; at += kernel.PAGE_SIZE) {
        enterAddress(machine, kernel, ledger, kernel.pmd_offset(mm, at), at);
      }
    }
  }
  for (const page of machine.piped) add(ledger.refs, head(page));
  for (const page of machine.pinned) {
    const apart = isCompound(machine, kernel, head(page));
    add(ledger.refs, head(page), apart ? 1 : kernel.GUP_PIN_COUNTING_BIAS);
  }
  for (const page of kernel.swapper_space().i_pages.values()) add(ledger.refs, head(page));
  const vmas = [...machine.processes.values()].flatMap(({mmap}) => mmap);
  for (const file of new Set(vmas.map(({vm_file}) => vm_file))) {
    for (const page of file?.i_pages.values() ?? []) add(ledger.refs, page);
    for (const swap of file?.i_swapped?.values() ?? [])
      add(ledger.slots, kernel.swp_offset(swap));
  }
  return ledger;
}

function enterAddress(
  machine: LinkedMachine,
  kernel: Linked,
  {refs, ptes, pmds, slots}: Ledger,
  pmdp: ReturnType<Linked["pmd_offset"]>,
  address: number,
): void {
  const {memory} = machine.machine;
  const pmd = memory.read(pmdp) as Pmd;
  if (kernel.pmd_none(pmd) || kernel.is_huge_zero_pmd(pmd)) return;
  if (kernel.pmd_trans_huge(pmd)) {
    if (kernel.pmd_start(address) !== address) return;
    add(refs, kernel.pmd_page(pmd));
    add(pmds, kernel.pmd_page(pmd));
    return;
  }
  const pte = memory.read(kernel.pmd_table(pmd).pte[kernel.pte_index(address)]) as Pte;
  if (kernel.is_swap_pte(pte)) add(slots, kernel.swp_offset(pte));
  if (!kernel.pte_present(pte)) return;
  const page = kernel.vm_normal_page(pte);
  if (page === null) return;
  add(refs, headOf(machine, kernel, page));
  add(ptes, page);
}

function pages(machine: LinkedMachine, kernel: Linked, ledger: Ledger): string[] {
  const first = kernel.pfn_to_page(kernel.FIRST_PFN);
  const all = Array.from({length: kernel.frames_of_nodes()}, (_, i) =>
    kernel.nth_page(first, i),
  );
  return all.flatMap((page) => ofPage(machine, kernel, ledger, page));
}

function ofPage(
  machine: LinkedMachine,
  kernel: Linked,
  {refs, ptes, pmds}: Ledger,
  page: Page,
): string[] {
  const {memory} = machine.machine;
  const head = headOf(machine, kernel, page);
  if (kernel.is_huge_zero_page(head)) return [];
  const compound = isCompound(machine, kernel, head);
  const second = memory.read(kernel.nth_page(head, 1).flags);
  const both = compound && (second & (1 << kernel.PG_double_map)) !== 0;
  const free = memory.read(page._mapcount) === kernel.PAGE_TYPE_BUDDY;
  const says = {
    refs: memory.read(page._refcount),
    ptes: free ? 0 : memory.read(page._mapcount) + 1 - (both ? 1 : 0),
    pmds:
      compound && head === page
        ? memory.read(kernel.compound_mapcount_ptr(page)) + 1
        : (pmds.get(page) ?? 0),
  };
  const wants = {
    refs: refs.get(page) ?? 0,
    ptes: ptes.get(page) ?? 0,
    pmds: pmds.get(page) ?? 0,
  };
  const wrong = (["refs", "ptes", "pmds"] as const).filter((key) => says[key] !== wants[key]);
  const locked = (memory.read(head.flags) & (1 << kernel.PG_locked)) !== 0;
  return [
    ...wrong.map((key) => `${page.name}: ${key} ${says[key]}, not ${wants[key]}`),
    ...(locked ? [`${page.name} is left locked`] : []),
  ];
}

function swapSpace(machine: LinkedMachine, kernel: Linked, {slots}: Ledger): string[] {
  const {memory} = machine.machine;
  const {i_pages} = kernel.swapper_space();
  return Array.from({length: kernel.nr_slots() - 1}, (_, i) => i + 1).flatMap((offset) => {
    const value = memory.read(kernel.swap_map(offset));
    const wanted = (slots.get(offset) ?? 0) + (i_pages.has(offset) ? kernel.SWAP_HAS_CACHE : 0);
    return value === wanted ? [] : [`swap_map[${offset}]: ${value}, not ${wanted}`];
  });
}
