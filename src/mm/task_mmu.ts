// /proc/PID/smaps, /proc/PID/smaps_rollup and /proc/PID/pagemap. Models fs/proc/task_mmu.c, v5.13.
//
// Differs from v5.13: what pagemap says of a page is an object, and not the bits of a 64-bit word. Leaves out: that smaps_rollup lets go
// of the mmap_lock where others wait for it; shmem and hugetlb mappings, swap and device entries, idle-page bits, locked VMAs; the walk down to the PMD. An entry is read once, under its lock, where the source reads `*pte` several times.

import {load} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_read, spin_unlock, up_read} from "../sim/lock.ts";
import {follow_trans_huge_pmd, pmd_trans_huge_lock} from "./huge_memory.ts";
import {compound_nr, page_mapcount} from "./mm.ts";
import {
  hpage_pmd_nr,
  nth_page,
  PAGE_SIZE,
  page_to_pfn,
  type Mm,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {PageAnon, PageDirty, PageReferenced, PageSwapBacked} from "./page-flags.ts";
import {page_count} from "./page_ref.ts";
import {
  pmd_addr_end,
  pmd_dirty,
  pmd_offset,
  pmd_page,
  pmd_present,
  pmd_trans_unstable,
  pmd_young,
  pte_dirty,
  pte_index,
  pte_offset_map_lock,
  pte_page,
  pte_pfn,
  pte_present,
  pte_unmap_unlock,
  pte_young,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {is_migration_entry, migration_entry_to_page, swp_type} from "./swapops.ts";

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
  let address = vma.vm_start;
  while (address < vma.vm_end) {
    const next = pmd_addr_end(address, vma.vm_end);
    yield* smaps_pte_range(vma, address, next, mss);
    address = next;
  }
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
    yield* smaps_pte_entry(pte, mss);
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

/** A huge PMD. Caller holds the pmd lock. */
export function* smaps_pmd_entry(pmdp: Cell<Pmd>, mss: MemSizeStats): Op<void> {
  const pmd = yield* load(pmdp);
  if (!pmd_present(pmd)) return;
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

// pagemap

/** What pagemap says of one page of a process's range. */
export type PagemapEntry = {
  /** PM_PRESENT, PM_SWAP, or neither. */
  readonly state: "present" | "swap" | "none";
  /** The frame of a present page; of a swap entry its type. */
  readonly frame: number;
  /** PM_MMAP_EXCLUSIVE: mapped once, as far as one can tell. */
  readonly exclusive: boolean;
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
    const entry = yield* pte_to_pagemap_entry(pte);
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

/** One PTE. Caller holds the ptl. */
export function* pte_to_pagemap_entry(pte: Pte): Op<PagemapEntry> {
  const page = yield* page_of_entry(pte);
  if (page === null) return PAGEMAP_HOLE;
  yield* PageAnon(page);
  const exclusive = yield* is_mapped_once(page);
  return pagemap_entry(pte, exclusive);
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
