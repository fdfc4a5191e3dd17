// Ranges, and the entries of page tables below them: each allows what its range allows, and what nobody else would notice.

import type {Mm, Page, PageTable, Pte, VmArea} from "../../mm/index.ts";
import type {Look, Mapping} from "./look.ts";
import {says} from "./pages.ts";
import type {Entry, Tables} from "./tables.ts";

export function checkRanges(look: Look): string[] {
  return look.processes.flatMap((tables) => [
    ...checkOrder(look, tables.mm),
    ...checkTables(look, tables),
    ...tables.entries.flatMap((entry) => checkEntry(look, entry)),
    ...tables.mm.mmap.flatMap((vma) => checkAnonVmas(tables.mm, vma)),
  ]);
}

function checkOrder({kernel, machine}: Look, mm: Mm): string[] {
  const end = kernel.TASK_START + mm.pmds.length * machine.pages * kernel.PAGE_SIZE;
  const borders = mm.mmap.flatMap(({vm_start, vm_end}) => [vm_start, vm_end]);
  const backwards = borders.some((border, i) =>
    i % 2 === 1 ? border <= borders[i - 1] : border < (borders[i - 1] ?? kernel.TASK_START),
  );
  const outside = borders.some((border) => border > end || border % kernel.PAGE_SIZE !== 0);
  return [
    ...says(backwards || outside, `${mm.name}'s ranges are not in order: ${borders.join(" ")}`),
    ...says(
      mm.mmap.some(({vm_mm}) => vm_mm !== mm),
      `${mm.name} has a range of another process`,
    ),
  ];
}

/** A table is linked, or put aside for a huge PMD, or free: only the first has entries. */
function checkTables({kernel, read}: Look, {mm, linked, deposited}: Tables): string[] {
  const huge = mm.pmds.filter((pmdp) => kernel.pmd_trans_huge(read(pmdp) as never)).length;
  const all = [...linked, ...deposited, ...mm.free_tables];
  const full = (table: PageTable) => table.pte.some((ptep) => read(ptep) !== 0);
  const empty = [...deposited, ...mm.free_tables];
  return [
    ...says(
      deposited.length !== huge,
      `${mm.name} has ${huge} huge PMDs, and ${deposited.length} tables put aside for them`,
    ),
    ...says(new Set(all).size !== all.length, `${mm.name} has a table at two places`),
    ...says(empty.some(full), `${mm.name} has a table with entries that nobody can reach`),
    ...says(
      [mm.mmap_lock, mm.pmd_lock, ...all.map(({ptl}) => ptl)].some((lock) => read(lock) !== 0),
      `${mm.name}'s mmap_lock, or a lock of its tables, is held, and nobody is there`,
    ),
  ];
}

// Entries

function checkEntry(look: Look, entry: Entry): string[] {
  const {kernel, machine} = look;
  const {vma, address, process} = entry;
  const here = `${process}'s entry for page ${(address - kernel.TASK_START) / kernel.PAGE_SIZE}`;
  if (vma === null) return [`${here} lies in no range`];
  if (entry.kind === "migration") return [`${here} says that its page is on the move`];
  const size = entry.kind.endsWith("pmd") ? machine.pages * kernel.PAGE_SIZE : kernel.PAGE_SIZE;
  return [
    ...says(address + size > vma.vm_end, `${here} is huge, and reaches out of its range`),
    ...("entry" in entry ? checkAccess(look, vma, entry.entry as Pte, here) : []),
    ...("page" in entry ? checkWritable(look, vma, entry, here) : []),
    ...("page" in entry ? checkRmap(look, vma, entry, here) : []),
  ];
}

function checkAccess({kernel}: Look, vma: VmArea, entry: Pte, here: string): string[] {
  const none = !(vma.vm_flags & kernel.VM_ACCESS_FLAGS);
  return [
    ...says(
      kernel.pte_write(entry) && !(vma.vm_flags & kernel.VM_WRITE),
      `${here} lets the process write where it must not`,
    ),
    ...says(
      ((entry & kernel._PAGE_PROTNONE) !== 0) !== none,
      `${here} ${none ? "lets the process in, and its range does not" : "does not let the process in, and its range does"}`,
    ),
  ];
}

/** Who may write to private memory without a fault has the page for himself: no other entry maps it, nor will any swap it in. */
function checkWritable(look: Look, vma: VmArea, mapping: Mapping, here: string): string[] {
  const {kernel, swapped, parts, uses, head_of} = look;
  if (vma.vm_flags & kernel.VM_SHARED || !kernel.pte_write(mapping.entry as Pte)) return [];
  const those = mapping.kind === "pmd" ? parts(mapping.page) : [mapping.page];
  const pmds = uses(head_of(mapping.page)).pmds.length;
  const most = Math.max(...those.map((page) => uses(page).ptes.length)) + pmds;
  const slots = [...kernel.swapper_space().i_pages].filter(([, page]) => those.includes(page));
  const waiting = slots.some(([offset]) => swapped.has(offset));
  return [
    ...says(
      most > 1,
      `${here} lets the process write to ${mapping.page.name}, which ${most} map`,
    ),
    ...says(
      waiting,
      `${here} lets the process write to ${mapping.page.name}, which others have swapped`,
    ),
  ];
}

/** Who comes from the page finds the entry: its range is one of the page's anon_vma, or file, at the place that the page has there. */
function checkRmap(look: Look, vma: VmArea, mapping: Mapping, here: string): string[] {
  const {kernel, read, head_of} = look;
  const head = head_of(mapping.page);
  const pointer = read(head.mapping);
  const owner = ownerAt(look, pointer);
  const places = vmasOf(owner);
  const pgoff = read(head.index) + nthOf(look, mapping.page, head);
  return [
    ...says(places === null, `${here} maps ${head.name}, which belongs to nobody`),
    ...says(
      places !== null && !places.includes(vma),
      `${here} maps ${head.name}, which does not know of the range`,
    ),
    ...says(
      pgoff !== kernel.linear_page_index(vma, mapping.address),
      `${here} maps ${mapping.page.name}, which would be looked for elsewhere`,
    ),
  ];
}

type Owner = {readonly vmas?: readonly VmArea[]; readonly i_mmap?: readonly VmArea[]};

function ownerAt({kernel, machine}: Look, pointer: number): Owner | undefined {
  const anon = pointer & kernel.PAGE_MAPPING_ANON;
  return machine.structures.get(pointer - anon) as Owner | undefined;
}

function vmasOf(owner: Owner | undefined): readonly VmArea[] | null {
  return owner?.vmas ?? owner?.i_mmap ?? null;
}

function nthOf({kernel}: Look, page: Page, head: Page): number {
  return kernel.page_to_pfn(page) - kernel.page_to_pfn(head);
}

// anon_vmas

function checkAnonVmas(mm: Mm, vma: VmArea): string[] {
  const {anon_vma, anon_vma_chain: chain} = vma;
  const here = `${mm.name}'s range at ${vma.vm_start.toString(16)}`;
  return [
    ...says(new Set(chain).size !== chain.length, `${here} is twice in an anon_vma`),
    ...says(
      chain.some(({vmas}) => !vmas.includes(vma)),
      `${here} is in an anon_vma that does not know of it`,
    ),
    ...says(
      anon_vma !== null && !chain.includes(anon_vma),
      `${here} has an anon_vma of its own that it is not in`,
    ),
    ...says(anon_vma === null && chain.length > 0, `${here} is in anon_vmas, and has none`),
    ...says(
      new Set(chain.map(({root}, i) => root ?? chain[i])).size > 1,
      `${here} is in anon_vmas of two families`,
    ),
  ];
}
