// Swap space: which of its slots hold a page, and how many entries name each. Models mm/swapfile.c, v5.13, and include/linux/swap_slots.h.
//
// A slot is free, or it has a count of the entries that name it, beside a bit that says whether a page for it is in the swap cache
// (swap_state.ts). A huge page takes a cluster of slots, one for each of its sub-pages.
//
// Differs from v5.13: there is one area, of type 0, on a RAM disk (SWP_SYNCHRONOUS_IO); one lock guards it, and no cluster has one of its own;
// slots are looked for from where the last was found, and are given back at once: no CPU keeps some for itself. Leaves out:
// counts that do not fit in a byte, swapon and swapoff, areas that are full of pages which could be dropped.

import {atomic_read, load, store} from "../sim/atomic.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {EEXIST, ENOENT} from "./errno.ts";
import {compound_mapcount, put_page} from "./mm.ts";
import {hpage_pmd_nr, nth_page, type Page} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  compound_head,
  PageDoubleMap,
  PageLocked,
  PageSwapCache,
  PageTransCompound,
  PageTransHuge,
  SetPageDirty,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import type {Pte} from "./pgtable.ts";
import {
  clear_shadow_from_swap_cache,
  delete_from_swap_cache,
  find_get_page,
} from "./swap_state.ts";
import {swp_entry, swp_offset} from "./swapops.ts";
import {page_mapped} from "./util.ts";

// What a byte of the swap_map says. Models include/linux/swap.h.
/** A page for this slot is in the swap cache. */
export const SWAP_HAS_CACHE = 0x40;
/** Not to be used: the first slot, where the header of the area is. */
export const SWAP_MAP_BAD = 0x3f;

/** One slot has one more user: an entry that names it. The other kind is the swap cache, SWAP_HAS_CACHE. */
export const SWAP_ENTRY = 1;

/** Clusters of the area: 128 MiB, where a huge page is 2 MiB. */
export const NR_CLUSTERS = 64;

export type SwapInfo = {
  readonly address: number;
  readonly lock: Cell;
  // guarded by lock:
  readonly cluster_next: Cell;
  readonly inuse_pages: Cell;
  /** How many slots of each cluster are in use. */
  readonly cluster_count: readonly Cell[];
  /** 1 while a huge page has the cluster. */
  readonly cluster_huge: readonly Cell[];
};

// 0xffff888080000000 and what follows: where the area's data are, its swap_map, and the RAM disk.
const SWAP_INFO = -0x777f_8000_0000 + 0x10_0000;
const SWAP_MAP = SWAP_INFO + 0x10_0000;
const RAM_DISK = SWAP_INFO + 0x20_0000;

/** The one swap area, made when it is first looked at. */
export function swap_info(): SwapInfo {
  return structure_at(SWAP_INFO, make_swap_info);
}

export function nr_slots(): number {
  return NR_CLUSTERS * hpage_pmd_nr();
}

function make_swap_info(address: number): SwapInfo {
  machine.memory.allocate(24 + 8 * NR_CLUSTERS, address);
  machine.memory.allocate(nr_slots(), SWAP_MAP);
  machine.memory.allocate(8 * nr_slots(), RAM_DISK);
  const each = (field: string, at: number) =>
    Array.from({length: NR_CLUSTERS}, (_, i) => cell("swap", `${field}[${i}]`, at + 8 * i, 4));
  const si: SwapInfo = {
    address,
    lock: cell("swap", "lock", address, 4, "lock"),
    cluster_next: cell("swap", "cluster_next", address + 8, 8),
    inuse_pages: cell("swap", "inuse_pages", address + 16, 8),
    cluster_count: each("cluster_count", address + 24),
    cluster_huge: each("cluster_huge", address + 28),
  };
  machine.memory.write(si.cluster_next, 1);
  machine.memory.write(si.cluster_count[0], 1);
  machine.memory.write(swap_map(0), SWAP_MAP_BAD);
  return si;
}

/** The byte of a slot. */
export function swap_map(offset: number): Cell {
  return structure_at(SWAP_MAP + offset, (address) =>
    cell("swap", `swap_map[${offset}]`, address, 1),
  );
}

/** What is in a slot: one word stands for a page's contents. */
export function swap_slot(offset: number): Cell {
  return structure_at(RAM_DISK + 8 * offset, (address) =>
    cell("ram0", `slot[${offset}]`, address, 8),
  );
}

/** Entries that name the slot, of what its byte says. */
export function swap_count(value: number): number {
  return value & ~SWAP_HAS_CACHE;
}

// Handing out slots

/** A slot for a page, or a cluster of them for a huge one, which the swap cache has from the start; 0 if there is none. */
export function* get_swap_page(page: Page): Op<Pte> {
  const huge = yield* PageTransHuge(page);
  return yield* get_swap_pages(huge ? hpage_pmd_nr() : 1);
}

export function* get_swap_pages(size: number): Op<Pte> {
  const si = swap_info();
  yield* spin_lock(si.lock);
  const offset = size === 1 ? yield* scan_swap_map_slots() : yield* swap_alloc_cluster();
  if (offset !== 0) yield* swap_range_alloc(offset, size);
  yield* spin_unlock(si.lock);
  return offset === 0 ? (0 as Pte) : swp_entry(0, offset);
}

/** The next free slot; 0 if there is none. Caller holds the lock. */
export function* scan_swap_map_slots(): Op<number> {
  const {cluster_next} = swap_info();
  const first = yield* load(cluster_next);
  for (let i = 0; i < nr_slots(); i++) {
    const offset = (first + i) % nr_slots();
    const value = yield* load(swap_map(offset));
    if (value !== 0) continue;
    yield* store(cluster_next, offset + 1);
    return offset;
  }
  return 0;
}

/** The first slot of a cluster that nobody uses; 0 if there is none. Caller holds the lock. */
export function* swap_alloc_cluster(): Op<number> {
  const {cluster_count, cluster_huge} = swap_info();
  for (let i = 1; i < NR_CLUSTERS; i++) {
    const count = yield* load(cluster_count[i]);
    if (count !== 0) continue;
    yield* store(cluster_huge[i], 1);
    return i * hpage_pmd_nr();
  }
  return 0;
}

export function* swap_range_alloc(offset: number, size: number): Op<void> {
  for (let i = 0; i < size; i++) yield* store(swap_map(offset + i), SWAP_HAS_CACHE);
  yield* add_in_use(offset, size);
}

/** Caller holds the lock. */
export function* add_in_use(offset: number, nr: number): Op<void> {
  const {inuse_pages, cluster_count} = swap_info();
  const inuse = yield* load(inuse_pages);
  yield* store(inuse_pages, inuse + nr);
  const count = yield* load(cluster_count[cluster_of(offset)]);
  yield* store(cluster_count[cluster_of(offset)], count + nr);
}

export function cluster_of(offset: number): number {
  return Math.floor(offset / hpage_pmd_nr());
}

/** Is more than half of the space in use? Then pages that are back in memory do not keep their slots. Models include/linux/swap.h. */
export function* vm_swap_full(): Op<boolean> {
  const inuse = yield* load(swap_info().inuse_pages);
  return inuse * 2 > nr_slots() - 1;
}

// Users of a slot

/** One more entry names the slot: of a page that is swapped out, or of a process that is forked. */
export function* swap_duplicate(entry: Pte): Op<void> {
  yield* __swap_duplicate(entry, SWAP_ENTRY);
}

/** The slot gets a page in the swap cache. -EEXIST if it has one, -ENOENT if nobody uses the slot any more. */
export function* swapcache_prepare(entry: Pte): Op<number> {
  return yield* __swap_duplicate(entry, SWAP_HAS_CACHE);
}

export function* __swap_duplicate(entry: Pte, usage: number): Op<number> {
  const {lock} = swap_info();
  const slot = swap_map(swp_offset(entry));
  yield* spin_lock(lock);
  const value = yield* load(slot);
  const error = duplicate_error(value, usage);
  if (error === 0) yield* store(slot, value + usage);
  yield* spin_unlock(lock);
  return error;
}

export function duplicate_error(value: number, usage: number): number {
  if (value === 0) return -ENOENT;
  return usage === SWAP_HAS_CACHE && value & SWAP_HAS_CACHE ? -EEXIST : 0;
}

/** One entry fewer names the slot. */
export function* swap_free(entry: Pte): Op<void> {
  yield* __swap_entry_free(entry);
}

/** The same, and what the byte says afterwards. */
export function* __swap_entry_free(entry: Pte): Op<number> {
  const {lock} = swap_info();
  yield* spin_lock(lock);
  const value = yield* __swap_entry_free_locked(swp_offset(entry), SWAP_ENTRY);
  yield* spin_unlock(lock);
  return value;
}

/** Nobody uses the slot any more: it is free. Caller holds the lock. */
export function* __swap_entry_free_locked(offset: number, usage: number): Op<number> {
  const value = yield* load(swap_map(offset));
  yield* store(swap_map(offset), value - usage);
  if (value === usage) {
    yield* add_in_use(offset, -1);
    clear_shadow_from_swap_cache(offset);
  }
  return value - usage;
}

/** The swap cache has no page for these slots any more: those of one page, or of a huge one. */
export function* put_swap_page(page: Page, entry: Pte): Op<void> {
  const {lock, cluster_huge} = swap_info();
  const offset = swp_offset(entry);
  const huge = yield* PageTransHuge(page);
  yield* spin_lock(lock);
  if (huge) yield* store(cluster_huge[cluster_of(offset)], 0);
  for (let i = 0; i < (huge ? hpage_pmd_nr() : 1); i++) {
    yield* __swap_entry_free_locked(offset + i, SWAP_HAS_CACHE);
  }
  yield* spin_unlock(lock);
}

/** The huge page that has the cluster is split: the slots go on one by one. */
export function* split_swap_cluster(entry: Pte): Op<void> {
  const {lock, cluster_huge} = swap_info();
  yield* spin_lock(lock);
  yield* store(cluster_huge[cluster_of(swp_offset(entry))], 0);
  yield* spin_unlock(lock);
}

/** An entry goes with its range; and with the last one, what the swap cache has for it. */
export function* free_swap_and_cache(entry: Pte): Op<void> {
  const value = yield* __swap_entry_free(entry);
  if (value !== SWAP_HAS_CACHE) return;
  const swapped = yield* swap_page_trans_huge_swapped(entry);
  if (!swapped) yield* __try_to_reclaim_swap(entry);
}

/** Drops the page that is cached for an entry that nobody has any more, unless it is mapped and there is room enough. */
export function* __try_to_reclaim_swap(entry: Pte): Op<void> {
  const page = yield* find_get_page(swp_offset(entry));
  if (page === null) return;
  const locked = yield* trylock_page(page);
  if (locked) {
    const mapped = yield* page_mapped(page);
    const drop = !mapped || (yield* vm_swap_full());
    if (drop) yield* try_to_free_swap(page);
    yield* unlock_page(page);
  }
  yield* put_page(page);
}

// How many users there are

/** How many entries name the slot, as a fault asks; the answer may be old. */
export function* __swap_count(entry: Pte): Op<number> {
  const value = yield* load(swap_map(swp_offset(entry)));
  return swap_count(value);
}

/** The same for /proc/PID/smaps. */
export function* swp_swapcount(entry: Pte): Op<number> {
  const {lock} = swap_info();
  yield* spin_lock(lock);
  const count = yield* __swap_count(entry);
  yield* spin_unlock(lock);
  return count;
}

/** How many entries name the slot of a page that is in the swap cache. */
export function* page_swapcount(page: Page): Op<number> {
  const entry = yield* load(page.private);
  return yield* __swap_count(entry as Pte);
}

/** Does any entry name the slot, or one of the cluster that a huge page has? */
export function* swap_page_trans_huge_swapped(entry: Pte): Op<boolean> {
  const {lock, cluster_huge} = swap_info();
  const cluster = cluster_of(swp_offset(entry));
  yield* spin_lock(lock);
  const huge = yield* load(cluster_huge[cluster]);
  const nr = huge ? hpage_pmd_nr() : 1;
  const first = huge ? cluster * nr : swp_offset(entry);
  const swapped = yield* any_swapped(first, nr);
  yield* spin_unlock(lock);
  return swapped;
}

/** Caller holds the lock. */
export function* any_swapped(first: number, nr: number): Op<boolean> {
  for (let i = 0; i < nr; i++) {
    const value = yield* load(swap_map(first + i));
    if (swap_count(value) > 0) return true;
  }
  return false;
}

/** Does any entry name the slots of the page that is in the swap cache? */
export function* page_swapped(page: Page): Op<boolean> {
  const compound = yield* PageTransCompound(page);
  if (!compound) {
    const count = yield* page_swapcount(page);
    return count !== 0;
  }
  const head = yield* compound_head(page);
  const entry = yield* load(head.private);
  return yield* swap_page_trans_huge_swapped(entry as Pte);
}

// Writing to a page that may be somebody else's, too

/**
 * May the process that asks have the page for itself? Only if there is no other mapping, and no entry of a page that is swapped out. Then the
 * page leaves the swap cache. Caller holds the page lock.
 */
export function* reuse_swap_page(page: Page): Op<boolean> {
  const locked = yield* PageLocked(page);
  yield* VM_BUG_ON_PAGE(!locked, page, "!PageLocked(page)");
  const {most, swapped} = yield* page_trans_huge_map_swapcount(page);
  const cached = most === 1 && (yield* PageSwapCache(page));
  if (cached && (yield* is_last_of_cluster(page, swapped))) {
    const head = yield* compound_head(page);
    yield* delete_from_swap_cache(head);
    yield* SetPageDirty(head);
  }
  return most <= 1;
}

/** Of a huge page: is the entry that is about to go the only one that is left? */
export function* is_last_of_cluster(page: Page, swapped: number): Op<boolean> {
  const compound = yield* PageTransCompound(page);
  if (!compound) return true;
  const own = yield* page_swapcount(page);
  return swapped === own;
}

/** Mappings and entries of that part of a page that has most of them, and entries of all parts. */
export function* page_trans_huge_map_swapcount(
  page: Page,
): Op<{readonly most: number; readonly swapped: number}> {
  const cached = yield* PageSwapCache(page);
  const compound = yield* PageTransCompound(page);
  if (!compound) {
    const mapcount = yield* atomic_read(page._mapcount);
    const swapped = cached ? yield* page_swapcount(page) : 0;
    return {most: mapcount + 1 + swapped, swapped};
  }

  const head = yield* compound_head(page);
  let most = 0;
  let swapped = 0;
  for (let i = 0; i < hpage_pmd_nr(); i++) {
    const mapcount = yield* atomic_read(nth_page(head, i)._mapcount);
    const count = cached ? yield* page_swapcount(nth_page(head, i)) : 0;
    swapped += count;
    most = Math.max(most, mapcount + 1 + count);
  }
  const both = yield* PageDoubleMap(head);
  const pmds = yield* compound_mapcount(head);
  return {most: most - (both ? 1 : 0) + pmds, swapped};
}

/** Takes a page out of the swap cache, if no entry names its slot any more. Caller holds the page lock. */
export function* try_to_free_swap(page: Page): Op<boolean> {
  const cached = yield* PageSwapCache(page);
  if (!cached) return false;
  const swapped = yield* page_swapped(page);
  if (swapped) return false;
  const head = yield* compound_head(page);
  yield* delete_from_swap_cache(head);
  yield* SetPageDirty(head);
  return true;
}
