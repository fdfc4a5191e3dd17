// Page-table entries. Models arch/x86/include/asm/pgtable.h and include/linux/pgtable.h, v5.13, of which two levels are
// kept: one table of PMDs, which has as many as the machine needs, and the tables of PTEs below it.
//
// Differs from v5.13: where the PMD of an address is worked out again by whoever needs it, since that takes no step, and not handed
// down; the table that is put aside for a huge PMD has a word of its own for each PMD, and no list for all; a swap entry keeps its
// type in bits 7 to 11 and its offset above, not inverted, so that an entry is a small integer, and _PAGE_PROTNONE is bit 3, not 8,
// where it would be a part of that type. Leaves out: TLBs, soft-dirty and userfaultfd bits, encryption.

import {load, READ_ONCE, test_and_clear_bit, WRITE_ONCE, xchg} from "../sim/atomic.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import type {Mm, PageTable, Page, Pfn, VmArea} from "./mm_types.ts";
import {
  FIRST_PFN,
  frames_of_nodes,
  has_syscalls,
  hpage_pmd_nr,
  hpage_pmd_size,
  page_to_pfn,
  PAGE_SHIFT,
  PAGE_SIZE,
  pfn_to_page,
  VM_ACCESS_FLAGS,
  VM_SHARED,
  VM_WRITE,
} from "./mm_types.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

export type Pte = number & {readonly entry: "pte"};
export type Pmd = number & {readonly entry: "pmd"};

export const _PAGE_PRESENT = 1 << 0;
export const _PAGE_RW = 1 << 1;
export const _PAGE_USER = 1 << 2;
export const _PAGE_ACCESSED = 1 << 5;
export const _PAGE_DIRTY = 1 << 6;
export const _PAGE_PSE = 1 << 7;
/** Of an entry that is not _PAGE_PRESENT: the page is there, and nobody may use it. */
export const _PAGE_PROTNONE = 1 << 3;
/** Maps something without a struct page that counts: the zero page. */
export const _PAGE_SPECIAL = 1 << 9;

/** The number of the bit, for operations on one. */
export const _PAGE_BIT_ACCESSED = 5;
export const _PAGE_BIT_DIRTY = 6;

/** Where the one table of PMDs of every process begins. */
export const TASK_START = 0x2000_0000;

/** 0xffff888000000000: where all physical memory is mapped. */
export const PAGE_OFFSET = -0x7780_0000_0000;

// From an address to its entries

/** The PMD for an address. Throws an Error where no process has memory. */
export function pmd_offset(mm: Mm, address: number): Cell<Pmd> {
  const pmdp = mm.pmds.at(pmd_index(address));
  if (pmdp && address >= TASK_START) return pmdp;
  throw new Error(`${mm.name} has no PMD for address ${address}: is it a number of a page?`);
}

export function pmd_index(address: number): number {
  return Math.floor((address - TASK_START) / hpage_pmd_size());
}

/** Which PTE of its table is for an address. */
export function pte_index(address: number): number {
  return Math.floor(address / PAGE_SIZE) % hpage_pmd_nr();
}

/** The first address of the PMD that covers `address`. */
export function pmd_start(address: number): number {
  return address - (address % hpage_pmd_size());
}

/** The next border of a PMD's range after `address`, or `end` if that comes first. */
export function pmd_addr_end(address: number, end: number): number {
  return Math.min(pmd_start(address) + hpage_pmd_size(), end);
}

/** What lies between `start` and `end`, cut where the range of one PMD ends and that of the next begins. */
export function pmd_ranges(
  start: number,
  end: number,
): (readonly [at: number, next: number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let at = start; at < end; at = pmd_addr_end(at, end))
    ranges.push([at, pmd_addr_end(at, end)]);
  return ranges;
}

// What entries say

export function pte_none(pte: Pte): boolean {
  return pte === 0;
}

export function pte_present(pte: Pte): boolean {
  return (pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) !== 0;
}

export function pte_write(pte: Pte): boolean {
  return (pte & _PAGE_RW) !== 0;
}

export function pte_young(pte: Pte): boolean {
  return (pte & _PAGE_ACCESSED) !== 0;
}

export function pte_dirty(pte: Pte): boolean {
  return (pte & _PAGE_DIRTY) !== 0;
}

/** In an entry that is not present the bit says something else. */
export function pte_special(pte: Pte): boolean {
  return pte_present(pte) && (pte & _PAGE_SPECIAL) !== 0;
}

/** May a process read what this maps? Neither a migration entry nor an empty one may be read. */
export function pte_access_permitted(pte: Pte): boolean {
  return (pte & _PAGE_PRESENT) !== 0 && (pte & _PAGE_USER) !== 0;
}

export function pte_pfn(pte: Pte): Pfn {
  return pte >>> PAGE_SHIFT;
}

export function pte_page(pte: Pte): Page {
  return pfn_to_page(pte_pfn(pte));
}

/** Neither none nor present: a swap entry, or something that looks like one. */
export function is_swap_pte(pte: Pte): boolean {
  return !pte_none(pte) && !pte_present(pte);
}

/** `prot` is what vm_get_page_prot() answers, or some of the flags that the hardware knows. */
export function mk_pte(page: Page, prot: number): Pte {
  return entry_of(page_to_pfn(page), present(prot)) as Pte;
}

export function present(prot: number): number {
  return prot & _PAGE_PROTNONE ? prot : prot | _PAGE_PRESENT | _PAGE_USER;
}

export function pte_mkwrite(pte: Pte): Pte {
  return (pte | _PAGE_RW) as Pte;
}

export function pte_wrprotect(pte: Pte): Pte {
  return (pte & ~_PAGE_RW) as Pte;
}

export function pte_mkdirty(pte: Pte): Pte {
  return (pte | _PAGE_DIRTY) as Pte;
}

export function pte_mkclean(pte: Pte): Pte {
  return (pte & ~_PAGE_DIRTY) as Pte;
}

export function pte_mkyoung(pte: Pte): Pte {
  return (pte | _PAGE_ACCESSED) as Pte;
}

export function pte_mkold(pte: Pte): Pte {
  return (pte & ~_PAGE_ACCESSED) as Pte;
}

export function pte_mkspecial(pte: Pte): Pte {
  return (pte | _PAGE_SPECIAL) as Pte;
}

/** The same page with another protection: what the hardware has noted stays. */
export function pte_modify(pte: Pte, prot: number): Pte {
  return (modified(pte, prot) | (pte & _PAGE_SPECIAL)) as Pte;
}

export function modified(entry: number, prot: number): number {
  const noted = _PAGE_ACCESSED | _PAGE_DIRTY;
  return entry_of(entry >>> PAGE_SHIFT, (present(prot) & ~noted) | (entry & noted));
}

/** Write access, if the range allows it. Models include/linux/mm.h. */
export function maybe_mkwrite(pte: Pte, vma: VmArea): Pte {
  return vma.vm_flags & VM_WRITE ? pte_mkwrite(pte) : pte;
}

/** How the entries of a range with such flags protect its pages: those of private memory never allow writing by themselves. */
export function vm_get_page_prot(vm_flags: number): number {
  if (!(vm_flags & VM_ACCESS_FLAGS)) return _PAGE_PROTNONE | _PAGE_ACCESSED;
  const writable = vm_flags & VM_SHARED && vm_flags & VM_WRITE;
  return _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | (writable ? _PAGE_RW : 0);
}

export function pmd_none(pmd: Pmd): boolean {
  return pmd === 0;
}

/** True also while a huge entry is invalidated: hardware cannot use it then, software must still see it. */
export function pmd_present(pmd: Pmd): boolean {
  return (pmd & (_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE)) !== 0;
}

export function pmd_trans_huge(pmd: Pmd): boolean {
  return (pmd & _PAGE_PSE) !== 0;
}

export function is_swap_pmd(pmd: Pmd): boolean {
  return !pmd_none(pmd) && !pmd_present(pmd);
}

export function pmd_write(pmd: Pmd): boolean {
  return (pmd & _PAGE_RW) !== 0;
}

export function pmd_young(pmd: Pmd): boolean {
  return (pmd & _PAGE_ACCESSED) !== 0;
}

export function pmd_dirty(pmd: Pmd): boolean {
  return (pmd & _PAGE_DIRTY) !== 0;
}

export function pmd_access_permitted(pmd: Pmd): boolean {
  return (pmd & _PAGE_PRESENT) !== 0 && (pmd & _PAGE_USER) !== 0;
}

export function pmd_page(pmd: Pmd): Page {
  return pfn_to_page(pmd >>> PAGE_SHIFT);
}

export function mk_huge_pmd(page: Page, prot: number): Pmd {
  return entry_of(page_to_pfn(page), present(prot) | _PAGE_PSE) as Pmd;
}

export function pmd_mkwrite(pmd: Pmd): Pmd {
  return (pmd | _PAGE_RW) as Pmd;
}

export function pmd_mkdirty(pmd: Pmd): Pmd {
  return (pmd | _PAGE_DIRTY) as Pmd;
}

export function pmd_mkclean(pmd: Pmd): Pmd {
  return (pmd & ~_PAGE_DIRTY) as Pmd;
}

export function pmd_mkyoung(pmd: Pmd): Pmd {
  return (pmd | _PAGE_ACCESSED) as Pmd;
}

export function pmd_mkold(pmd: Pmd): Pmd {
  return (pmd & ~_PAGE_ACCESSED) as Pmd;
}

/** The same huge page with another protection. */
export function pmd_modify(pmd: Pmd, prot: number): Pmd {
  return (modified(pmd, prot) | _PAGE_PSE) as Pmd;
}

export function maybe_pmd_mkwrite(pmd: Pmd, vma: VmArea): Pmd {
  return vma.vm_flags & VM_WRITE ? pmd_mkwrite(pmd) : pmd;
}

export function pmd_wrprotect(pmd: Pmd): Pmd {
  return (pmd & ~_PAGE_RW) as Pmd;
}

export function pmd_mkinvalid(pmd: Pmd): Pmd {
  return (pmd & ~_PAGE_PRESENT) as Pmd;
}

/** The page of zeros, which everybody maps who reads where nothing was ever written. */
export function ZERO_PAGE(): Page {
  return pfn_to_page(FIRST_PFN + frames_of_nodes());
}

export function is_zero_pfn(pfn: Pfn): boolean {
  return has_syscalls() && pfn === page_to_pfn(ZERO_PAGE());
}

function entry_of(pfn: Pfn, flags: number): number {
  return (pfn << PAGE_SHIFT) | flags;
}

/** Reads a PTE while others may change it. */
export function* ptep_get_lockless(ptep: Cell<Pte>): Op<Pte> {
  return yield* READ_ONCE(ptep);
}

/** Stores a PTE. Caller holds the ptl, or the table is not reachable yet. */
export function* set_pte_at(ptep: Cell<Pte>, pte: Pte): Op<void> {
  yield* WRITE_ONCE(ptep, pte);
}

/** Stores a PMD. Caller holds the pmd lock. */
export function* set_pmd_at(pmdp: Cell<Pmd>, pmd: Pmd): Op<void> {
  yield* WRITE_ONCE(pmdp, pmd);
}

/** Forgets that the page was used. Answers whether it was. Caller holds the ptl. */
export function* ptep_test_and_clear_young(ptep: Cell<Pte>): Op<boolean> {
  return yield* test_and_clear_bit(_PAGE_BIT_ACCESSED, ptep);
}

/** The same for a huge page. Caller holds the pmd lock. */
export function* pmdp_test_and_clear_young(pmdp: Cell<Pmd>): Op<boolean> {
  return yield* test_and_clear_bit(_PAGE_BIT_ACCESSED, pmdp);
}

/** Empties a PTE. Caller holds the ptl, and flushes later. */
export function* ptep_get_and_clear(ptep: Cell<Pte>): Op<Pte> {
  return yield* xchg(ptep, 0 as Pte);
}

/** Empties a PTE and flushes it. Caller holds the ptl. */
export function* ptep_clear_flush(mm: Mm, ptep: Cell<Pte>): Op<Pte> {
  const old = yield* xchg(ptep, 0 as Pte);
  if (pte_present(old)) yield* flush_tlb_mm_range(mm);
  return old;
}

/** Was the page used? Forgets it, and says. Caller holds the ptl. */
export function* ptep_clear_flush_young(mm: Mm, ptep: Cell<Pte>): Op<boolean> {
  const pte = yield* load(ptep);
  if (!pte_young(pte)) return false;
  yield* set_pte_at(ptep, pte_mkold(pte));
  yield* flush_tlb_mm_range(mm);
  return true;
}

/** The same of a huge page. Caller holds the pmd lock. */
export function* pmdp_clear_flush_young(mm: Mm, pmdp: Cell<Pmd>): Op<boolean> {
  const pmd = yield* load(pmdp);
  if (!pmd_young(pmd)) return false;
  yield* set_pmd_at(pmdp, pmd_mkold(pmd));
  yield* flush_tlb_mm_range(mm);
  return true;
}

/**
 * Makes a huge PMD unusable for hardware and answers what it was. Software still sees a huge entry, and queues on the
 * pmd lock. Caller holds it.
 */
export function* pmdp_invalidate(mm: Mm, pmdp: Cell<Pmd>): Op<Pmd> {
  const pmd = yield* load(pmdp);
  const old = yield* xchg(pmdp, pmd_mkinvalid(pmd));
  yield* flush_tlb_mm_range(mm);
  return old;
}

/** Puts a table below an empty or invalidated PMD: from now on other CPUs can find it. */
export function* pmd_populate(pmdp: Cell<Pmd>, table: PageTable): Op<void> {
  yield* WRITE_ONCE(pmdp, table_entry(table));
}

export function table_entry(table: PageTable): Pmd {
  return entry_of(table.pfn, _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED) as Pmd;
}

/** The table that a PMD points to. */
export function pmd_table(pmd: Pmd): PageTable {
  return page_table_at(PAGE_OFFSET + (pmd >>> PAGE_SHIFT) * PAGE_SIZE);
}

/** The table that stands at `address`, which boot made. */
export function page_table_at(address: number): PageTable {
  return structure_at<PageTable>(address, () => {
    throw new Error(`a PMD points to ${address}, where no page table was ever made`);
  });
}

/** Takes the lock of the one table of PMDs. */
export function* pmd_lock(mm: Mm): Op<Cell> {
  yield* spin_lock(mm.pmd_lock);
  return mm.pmd_lock;
}

/** Finds the table below a PMD and takes its lock. */
export function* pte_offset_map_lock(pmdp: Cell<Pmd>): Op<PageTable> {
  const pmd = yield* load(pmdp);
  const table = pmd_table(pmd);
  yield* spin_lock(table.ptl);
  return table;
}

export function* pte_unmap_unlock(table: PageTable): Op<void> {
  yield* spin_unlock(table.ptl);
}

/** True if there is no table below a PMD to be walked: empty, huge, or not present. */
export function* pmd_trans_unstable(pmdp: Cell<Pmd>): Op<boolean> {
  const pmd = yield* READ_ONCE(pmdp);
  return pmd_none(pmd) || pmd_trans_huge(pmd) || !pmd_present(pmd);
}

/** Keeps a table ready for the day when a huge PMD is split. Caller holds the pmd lock. */
export function* pgtable_trans_huge_deposit(
  mm: Mm,
  address: number,
  table: PageTable,
): Op<void> {
  yield* WRITE_ONCE(mm.pmd_huge_pte[pmd_index(address)], table.address);
}

/** Takes the table back. Caller holds the pmd lock. */
export function* pgtable_trans_huge_withdraw(mm: Mm, address: number): Op<PageTable> {
  const deposited = mm.pmd_huge_pte[pmd_index(address)];
  const table = yield* load(deposited);
  yield* WRITE_ONCE(deposited, 0);
  return page_table_at(table);
}

/** An empty table, which nobody can reach yet. Where threads race nobody needs one: they find theirs deposited. */
export function pte_alloc_one_of(mm: Mm): PageTable {
  return mm.free_tables.pop() ?? pte_alloc_one(mm.name);
}

/** Gives back a table, all of whose entries are empty and to which nothing points any more. */
export function pte_free(mm: Mm, table: PageTable): void {
  mm.free_tables.push(table);
}

/** Puts a table below a PMD, if that is empty. Models mm/memory.c. */
export function* pte_alloc(mm: Mm, pmdp: Cell<Pmd>): Op<void> {
  const pmd = yield* load(pmdp);
  if (!pmd_none(pmd)) return;
  const table = pte_alloc_one_of(mm);
  const ptl = yield* pmd_lock(mm);
  const now = yield* load(pmdp);
  if (pmd_none(now)) yield* pmd_populate(pmdp, table);
  else pte_free(mm, table);
  yield* spin_unlock(ptl);
}

/** Makes an empty table, where there was none before. */
export function pte_alloc_one(name: string): PageTable {
  const pfn = next_table_pfn();
  const address = machine.memory.allocate(8 * machine.pages, PAGE_OFFSET + pfn * PAGE_SIZE);
  const pte = Array.from({length: machine.pages}, (_, i) =>
    cell<Pte>(name, `pte[${i}]`, address + 8 * i, 8, "entry"),
  );
  const ptl = cell(name, "ptl", machine.memory.allocate(4), 4, "lock");
  return structure_at(address, () => ({address, pfn, pte, ptl}));
}

/** Tables take the frames below the pages that the story is about. */
function next_table_pfn(): Pfn {
  let pfn = FIRST_PFN - 0x100;
  while (machine.structures.has(PAGE_OFFSET + pfn * PAGE_SIZE)) pfn++;
  return pfn;
}
