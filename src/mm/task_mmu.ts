// /proc/PID/smaps, /proc/PID/smaps_rollup, /proc/PID/pagemap and /proc/PID/clear_refs. Models fs/proc/task_mmu.c, v5.13.
//
// Differs from v5.13: what pagemap says of a page is an object, and not the bits of a 64-bit word; what is locked is added up for a whole
// VMA, and not page by page. An entry is read once, under its lock, where the source reads `*pte` several times. Leaves out: that
// smaps_rollup lets go of the mmap_lock where others wait for it; hugetlb mappings, PMD migration entries, device entries,
// idle-page and soft-dirty bits; the walk down to the PMD.

import {load} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_read, down_write, spin_unlock, up_read, up_write} from "../sim/lock.ts";
import {
  follow_trans_huge_pmd,
  is_huge_zero_pmd,
  pmd_trans_huge_lock,
  transparent_hugepage_active,
} from "./huge_memory.ts";
import {compound_nr, page_mapcount} from "./mm.ts";
import {
  has_syscalls,
  hpage_pmd_nr,
  nth_page,
  PAGE_SIZE,
  page_to_pfn,
  VM_EXEC,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_READ,
  VM_WRITE,
  type Mm,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {vm_normal_page} from "./memory.ts";
import {
  ClearPageReferenced,
  PageAnon,
  PageDirty,
  PageReferenced,
  PageSwapBacked,
} from "./page-flags.ts";
import {page_count} from "./page_ref.ts";
import {
  is_swap_pte,
  pmd_addr_end,
  pmd_dirty,
  pmd_offset,
  pmd_page,
  pmd_present,
  pmd_trans_unstable,
  pmd_young,
  pmdp_test_and_clear_young,
  pte_dirty,
  pte_index,
  pte_offset_map_lock,
  pte_page,
  pte_pfn,
  pte_present,
  pte_special,
  pte_unmap_unlock,
  pte_young,
  ptep_test_and_clear_young,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {is_migration_entry, migration_entry_to_page, swp_offset, swp_type} from "./swapops.ts";
import {shmem_swap_usage} from "./shmem.ts";
import {swp_swapcount} from "./swapfile.ts";

/** Pss is kept as bytes << 12, so that a page may be shared fairly. */
export const PSS_SHIFT = 12;

/** What smaps prints of a VMA, in bytes; `pss` is shifted. */
export type MemSizeStats = {
  resident: number;
  pss: number;
  anonymous: number;
  lazyfree: number;
  referenced: number;
  anonymous_thp: number;
  shared_clean: number;
  shared_dirty: number;
  private_clean: number;
  private_dirty: number;
  swap: number;
  /** Shifted, as pss. */
  swap_pss: number;
  /** What of pss is locked in memory. */
  pss_locked: number;
};

export function empty_stats(): MemSizeStats {
  return {
    resident: 0,
    pss: 0,
    anonymous: 0,
    lazyfree: 0,
    referenced: 0,
    anonymous_thp: 0,
    shared_clean: 0,
    shared_dirty: 0,
    private_clean: 0,
    private_dirty: 0,
    swap: 0,
    swap_pss: 0,
    pss_locked: 0,
  };
}

/** Reads smaps of a process, all its VMAs. */
export function* show_smap(mm: Mm): Op<MemSizeStats> {
  const mss = empty_stats();
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* smap_gather_stats(vma, mss);
  yield* up_read(mm.mmap_lock);
  return mss;
}

/** Reads smaps_rollup of a process: one sum of all its VMAs. */
export function* show_smaps_rollup(mm: Mm): Op<MemSizeStats> {
  const mss = empty_stats();
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* smap_gather_stats(vma, mss);
  yield* up_read(mm.mmap_lock);
  return mss;
}

export function* smap_gather_stats(vma: VmArea, mss: MemSizeStats): Op<void> {
  const pss = mss.pss;
  if (vma.vm_file !== null) mss.swap += shmem_swap_usage(vma);
  let address = vma.vm_start;
  while (address < vma.vm_end) {
    const next = pmd_addr_end(address, vma.vm_end);
    yield* smaps_pte_range(vma, address, next, mss);
    address = next;
  }
  if (vma.vm_flags & VM_LOCKED) mss.pss_locked += mss.pss - pss;
}

/** What lies below one PMD: under the pmd lock if it is huge, under the lock of the table below it if there is one. */
export function* smaps_pte_range(
  vma: VmArea,
  address: number,
  end: number,
  mss: MemSizeStats,
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl !== null) {
    yield* smaps_pmd_entry(pmdp, mss);
    yield* spin_unlock(ptl);
    return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const table = yield* pte_offset_map_lock(pmdp);
  for (let at = address; at < end; at += PAGE_SIZE) {
    const pte = yield* load(table.pte[pte_index(at)]);
    if (is_swapped(pte)) yield* smaps_swap_entry(pte, mss);
    else if (!pte_special(pte)) yield* smaps_pte_entry(pte, mss);
  }
  yield* pte_unmap_unlock(table);
}

/** One PTE: a mapping, or a migration entry that names a page which it does not hold. */
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) {
    yield* smaps_account(mss, pte_page(pte), false, pte_young(pte), pte_dirty(pte));
  } else if (is_migration_entry(pte)) {
    const page = yield* migration_entry_to_page(pte);
    yield* smaps_account(mss, page, false, false, false);
  }
}

/** An entry whose page is in swap space: it counts, and shares what it has there with the other entries that say so. */
export function* smaps_swap_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const users = yield* swp_swapcount(pte);
  mss.swap += PAGE_SIZE;
  mss.swap_pss += Math.floor((PAGE_SIZE * 2 ** PSS_SHIFT) / Math.max(users, 1));
}

/** Is the page of this entry in swap space? That of a migration entry is not. */
export function is_swapped(pte: Pte): boolean {
  return is_swap_pte(pte) && !is_migration_entry(pte);
}

/** A huge PMD. Caller holds the pmd lock. */
export function* smaps_pmd_entry(pmdp: Cell<Pmd>, mss: MemSizeStats): Op<void> {
  const pmd = yield* load(pmdp);
  if (!pmd_present(pmd) || is_huge_zero_pmd(pmd)) return;
  const page = yield* follow_trans_huge_pmd(pmd);
  const anon = yield* PageAnon(page);
  if (anon) mss.anonymous_thp += hpage_pmd_nr() * PAGE_SIZE;
  yield* smaps_account(mss, page, true, pmd_young(pmd), pmd_dirty(pmd));
}

/** Adds one page, or one huge page (`compound`), to what smaps will print. */
export function* smaps_account(
  mss: MemSizeStats,
  page: Page,
  compound: boolean,
  young: boolean,
  dirty: boolean,
): Op<void> {
  const nr = compound ? yield* compound_nr(page) : 1;
  const size = nr * PAGE_SIZE;
  yield* smaps_account_size(mss, page, size, young, dirty);

  // One reference: then there is one mapping at the most, and no need to look how often the page is mapped.
  const sole = yield* page_count_is_one(page);
  if (sole) {
    yield* smaps_page_accumulate(mss, page, size, size * 2 ** PSS_SHIFT, dirty, true);
    return;
  }
  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(page, i);
    const mapcount = yield* page_mapcount(subpage);
    const whole = PAGE_SIZE * 2 ** PSS_SHIFT;
    const pss = mapcount >= 2 ? Math.floor(whole / mapcount) : whole;
    yield* smaps_page_accumulate(mss, subpage, PAGE_SIZE, pss, dirty, mapcount < 2);
  }
}

/** The part of smaps_account() that does not ask how often the page is mapped. */
export function* smaps_account_size(
  mss: MemSizeStats,
  page: Page,
  size: number,
  young: boolean,
  dirty: boolean,
): Op<void> {
  const anon = yield* PageAnon(page);
  if (anon) {
    mss.anonymous += size;
    const swapbacked = yield* PageSwapBacked(page);
    const written = swapbacked || dirty || (yield* PageDirty(page));
    if (!written) mss.lazyfree += size;
  }
  mss.resident += size;
  const referenced = young || (yield* PageReferenced(page));
  if (referenced) mss.referenced += size;
}

/** `page_count(page) == 1`: two loads. */
export function* page_count_is_one(page: Page): Op<boolean> {
  const count = yield* page_count(page);
  return count === 1;
}

export function* smaps_page_accumulate(
  mss: MemSizeStats,
  page: Page,
  size: number,
  pss: number,
  dirty: boolean,
  is_private: boolean,
): Op<void> {
  mss.pss += pss;
  yield* PageAnon(page);
  const written = dirty || (yield* PageDirty(page));
  if (is_private && written) mss.private_dirty += size;
  else if (is_private) mss.private_clean += size;
  else if (written) mss.shared_dirty += size;
  else mss.shared_clean += size;
}

// The text of smaps

/** Reads smaps of a process as it is printed, VMA by VMA. */
export function* pid_smaps_read(mm: Mm): Op<string> {
  let text = "";
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) {
    const mss = empty_stats();
    yield* smap_gather_stats(vma, mss);
    text += smaps_text(vma, mss);
  }
  yield* up_read(mm.mmap_lock);
  return text;
}

/** What is printed of one VMA, byte for byte. Models the printing of show_smap(). */
export function smaps_text(vma: VmArea, mss: MemSizeStats): string {
  const lines = [
    show_map_vma(vma),
    ...fields_of_vma(vma, mss).map(([name, bytes]) => kB_line(name, bytes)),
    `THPeligible:    ${transparent_hugepage_active(vma) ? 1 : 0}`,
    `ProtectionKey:  ${"0".padStart(8)}`,
    show_smap_vma_flags(vma),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Where it is, what may be done there, and of which file it is: nothing of anonymous memory, which has none. */
export function show_map_vma({vm_start, vm_end, vm_flags, vm_pgoff, vm_file}: VmArea): string {
  const hex = (value: number) => value.toString(16).padStart(8, "0");
  const range = `${hex(vm_start)}-${hex(vm_end)} ${vma_perms(vm_flags)}`;
  if (vm_file === null) return `${range} 00000000 00:00 0 `;
  const inode = `${range} ${hex(vm_pgoff * PAGE_SIZE)} 00:01 ${SHMEM_INODE} `;
  return `${inode.padEnd(NAME_COLUMN)}/dev/zero (deleted)`;
}

/** The inode that every object of shared anonymous memory says it has; and where in a line the name of a file begins. */
const SHMEM_INODE = 1;
const NAME_COLUMN = 73;

/** `rw-p`: private, or `s` for shared. */
export function vma_perms(vm_flags: number): string {
  const letter = (flag: number, name: string) => (vm_flags & flag ? name : "-");
  const access = letter(VM_READ, "r") + letter(VM_WRITE, "w") + letter(VM_EXEC, "x");
  return access + (vm_flags & VM_MAYSHARE ? "s" : "p");
}

/** The lines that have a size, in their order, in bytes. Nothing here maps files, hugetlb pages or huge pages of shared memory. */
export function fields_of_vma(
  {vm_start, vm_end}: VmArea,
  mss: MemSizeStats,
): [name: string, bytes: number][] {
  return [
    ["Size", vm_end - vm_start],
    ["KernelPageSize", PAGE_SIZE],
    ["MMUPageSize", PAGE_SIZE],
    ["Rss", mss.resident],
    ["Pss", unshifted(mss.pss)],
    ["Shared_Clean", mss.shared_clean],
    ["Shared_Dirty", mss.shared_dirty],
    ["Private_Clean", mss.private_clean],
    ["Private_Dirty", mss.private_dirty],
    ["Referenced", mss.referenced],
    ["Anonymous", mss.anonymous],
    ["LazyFree", mss.lazyfree],
    ["AnonHugePages", mss.anonymous_thp],
    ["ShmemPmdMapped", 0],
    ["FilePmdMapped", 0],
    ["Shared_Hugetlb", 0],
    ["Private_Hugetlb", 0],
    ["Swap", mss.swap],
    ["SwapPss", unshifted(mss.swap_pss)],
    ["Locked", unshifted(mss.pss_locked)],
  ];
}

export function unshifted(pss: number): number {
  return Math.floor(pss / 2 ** PSS_SHIFT);
}

/** A number ends in the same column of every line, whatever the length of the name. */
export function kB_line(name: string, bytes: number): string {
  const kB = String(Math.floor(bytes / 1024));
  return `${`${name}:`.padEnd(16)}${kB.padStart(8)} kB`;
}

/** Two letters for each flag, in the order of bits. Models show_smap_vma_flags(). */
export function show_smap_vma_flags({vm_flags}: VmArea): string {
  const set = vma_flag_mnemonics().filter((_, bit) => (vm_flags >>> bit) & 1);
  return `VmFlags: ${set.map((mnemonic) => mnemonic && `${mnemonic} `).join("")}`;
}

/** By bit. A flag without letters of its own has two question marks; this kernel has no soft-dirty pages, and prints nothing of them. */
export function vma_flag_mnemonics(): string[] {
  return [
    ...["rd", "wr", "ex", "sh", "mr", "mw", "me", "ms"],
    ...["gd", "um", "pf", "dw", "uw", "lo", "io", "sr"],
    ...["rr", "dc", "de", "??", "ac", "nr", "ht", "sf"],
    ...["ar", "wf", "dd", "", "mm", "hg", "nh", "mg"],
  ];
}

// pagemap

/** What pagemap says of one page of a process's range. */
export type PagemapEntry = {
  /** PM_PRESENT, PM_SWAP, or neither. */
  readonly state: "present" | "swap" | "none";
  /** The frame of a present page; of a swap entry its type. */
  readonly frame: number;
  /** PM_MMAP_EXCLUSIVE: mapped once, as far as one can tell. */
  readonly exclusive: boolean;
  /** PM_FILE: a page of a file, or of shared anonymous memory. */
  readonly file?: boolean;
  /** Of a swap entry: where in swap space. */
  readonly offset?: number;
};

export const PAGEMAP_HOLE: PagemapEntry = {state: "none", frame: 0, exclusive: false};

/** Reads pagemap of a process, the ranges that it maps one behind the other, each under the mmap_lock as one chunk. */
export function* pagemap_read(mm: Mm): Op<PagemapEntry[]> {
  const entries: PagemapEntry[] = [];
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* pagemap_of(vma, entries);
  yield* up_read(mm.mmap_lock);
  return entries;
}

export function* pagemap_of(vma: VmArea, entries: PagemapEntry[]): Op<void> {
  let address = vma.vm_start;
  while (address < vma.vm_end) {
    const next = pmd_addr_end(address, vma.vm_end);
    const before = entries.length;
    yield* pagemap_pmd_range(vma, address, next, entries);
    if (entries.length === before) entries.push(...holes((next - address) / PAGE_SIZE));
    address = next;
  }
}

/** Where there is no table nothing is mapped. Models pagemap_pte_hole(). */
export function holes(nr: number): PagemapEntry[] {
  return Array.from({length: nr}, () => PAGEMAP_HOLE);
}

/** What lies below one PMD: of a huge one all pages have what its head has. */
export function* pagemap_pmd_range(
  vma: VmArea,
  address: number,
  end: number,
  entries: PagemapEntry[],
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl !== null) {
    yield* pagemap_huge_pmd(pmdp, address, end, entries);
    yield* spin_unlock(ptl);
    return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const table = yield* pte_offset_map_lock(pmdp);
  for (let at = address; at < end; at += PAGE_SIZE) {
    const pte = yield* load(table.pte[pte_index(at)]);
    const known = pagemap_entry_without_page(pte);
    const entry = known ?? (yield* pte_to_pagemap_entry(pte));
    entries.push(entry);
  }
  yield* pte_unmap_unlock(table);
}

/** The part of pagemap_pmd_range() for a huge PMD. Caller holds the pmd lock. */
export function* pagemap_huge_pmd(
  pmdp: Cell<Pmd>,
  address: number,
  end: number,
  entries: PagemapEntry[],
): Op<void> {
  const pmd = yield* load(pmdp);
  if (!pmd_present(pmd)) return;
  const page = pmd_page(pmd);
  const exclusive = yield* is_mapped_once(page);
  for (let at = address; at < end; at += PAGE_SIZE) {
    entries.push({state: "present", frame: page_to_pfn(page) + pte_index(at), exclusive});
  }
}

/** What is said where no page is asked how often it is mapped: of what is in swap space, and of the zero page. Null of everything else. */
export function pagemap_entry_without_page(pte: Pte): PagemapEntry | null {
  if (is_swapped(pte)) return {...pagemap_entry(pte, false), offset: swp_offset(pte)};
  return pte_special(pte) ? pagemap_entry(pte, false) : null;
}

/** One PTE. Caller holds the ptl. */
export function* pte_to_pagemap_entry(pte: Pte): Op<PagemapEntry> {
  const page = yield* page_of_entry(pte);
  if (page === null) return PAGEMAP_HOLE;
  const anon = yield* PageAnon(page);
  const exclusive = yield* is_mapped_once(page);
  const entry = pagemap_entry(pte, exclusive);
  return has_syscalls() && !anon ? {...entry, file: true} : entry;
}

/** The page that a PTE maps, or that a migration entry names; null if it does neither. */
export function* page_of_entry(pte: Pte): Op<Page | null> {
  if (pte_present(pte)) return pte_page(pte);
  return is_migration_entry(pte) ? yield* migration_entry_to_page(pte) : null;
}

export function pagemap_entry(pte: Pte, exclusive: boolean): PagemapEntry {
  if (pte_present(pte)) return {state: "present", frame: pte_pfn(pte), exclusive};
  return {state: "swap", frame: swp_type(pte), exclusive};
}

/** `page_mapcount(page) == 1`. */
export function* is_mapped_once(page: Page): Op<boolean> {
  const mapcount = yield* page_mapcount(page);
  return mapcount === 1;
}

// clear_refs

export const CLEAR_REFS_ALL = 1;
export const CLEAR_REFS_ANON = 2;
export const CLEAR_REFS_MAPPED = 3;
export const CLEAR_REFS_SOFT_DIRTY = 4;
export const CLEAR_REFS_MM_HIWATER_RSS = 5;

/**
 * Writing a number to clear_refs: forgets that pages were used, those of anonymous memory, of mapped files, or all. False if there is no
 * such number. Soft-dirty bits, which 4 is about, this kernel has not; nor the highest Rss, about which is 5.
 */
export function* clear_refs_write(mm: Mm, type: number): Op<boolean> {
  if (!(type >= CLEAR_REFS_ALL && type <= CLEAR_REFS_MM_HIWATER_RSS)) return false;
  yield* down_write(mm.mmap_lock);
  const chosen = mm.mmap.filter((vma) => clear_refs_test_walk(vma, type));
  for (const vma of chosen) yield* clear_refs_of(vma);
  yield* up_write(mm.mmap_lock);
  return true;
}

/** Is this range to be walked through? */
export function clear_refs_test_walk({vm_file}: VmArea, type: number): boolean {
  if (type === CLEAR_REFS_ANON) return vm_file === null;
  if (type === CLEAR_REFS_MAPPED) return vm_file !== null;
  return type === CLEAR_REFS_ALL;
}

export function* clear_refs_of(vma: VmArea): Op<void> {
  let address = vma.vm_start;
  while (address < vma.vm_end) {
    const next = pmd_addr_end(address, vma.vm_end);
    yield* clear_refs_pte_range(vma, address, next);
    address = next;
  }
}

/** What lies below one PMD. */
export function* clear_refs_pte_range(vma: VmArea, address: number, end: number): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_trans_huge_lock(mm, pmdp);
  if (ptl !== null) {
    yield* clear_refs_pmd(pmdp);
    yield* spin_unlock(ptl);
    return;
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const table = yield* pte_offset_map_lock(pmdp);
  for (let at = address; at < end; at += PAGE_SIZE) {
    yield* clear_refs_pte(table.pte[pte_index(at)]);
  }
  yield* pte_unmap_unlock(table);
}

export function* clear_refs_pte(ptep: Cell<Pte>): Op<void> {
  const pte = yield* load(ptep);
  const page = pte_present(pte) ? vm_normal_page(pte) : null;
  if (page === null) return;
  yield* ptep_test_and_clear_young(ptep);
  yield* ClearPageReferenced(page);
}

/** A huge PMD. Caller holds the pmd lock. */
export function* clear_refs_pmd(pmdp: Cell<Pmd>): Op<void> {
  const pmd = yield* load(pmdp);
  if (!pmd_present(pmd)) return;
  yield* pmdp_test_and_clear_young(pmdp);
  yield* ClearPageReferenced(pmd_page(pmd));
}
