// The swap cache: pages that are in memory and have a slot of swap space as well. Models mm/swap_state.c, v5.13, and of mm/filemap.c
// finding a page in it.
//
// A page gets in on its way out, and when it is read back for several processes, so that all of them find the same one. It has a reference
// from there, and a huge page one for each part. `private` of each part is its entry.
//
// Differs from v5.13: what is where is kept in a table that is no words of shared memory. Leaves out: statistics; reading ahead by
// slots that lie beside each other, as for disks that turn.

import {load, store} from "../sim/atomic.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {EEXIST} from "./errno.ts";
import {get_page_unless_zero, put_page, thp_nr_pages} from "./mm.ts";
import {
  has_syscalls,
  hpage_pmd_size,
  nth_page,
  PAGE_SHIFT,
  type AddressSpace,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {
  __SetPageLocked,
  __SetPageSwapBacked,
  ClearPageSwapCache,
  compound_head,
  PageSwapCache,
  PageTransCompound,
  SetPageDirty,
  SetPageReadahead,
  SetPageSwapCache,
  TestClearPageReadahead,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {alloc_page} from "./page_alloc.ts";
import {swap_readpage} from "./page_io.ts";
import {page_ref_add, page_ref_sub} from "./page_ref.ts";
import {
  pmd_offset,
  pmd_table,
  pmd_start,
  pte_index,
  pte_none,
  pte_present,
  type Pte,
} from "./pgtable.ts";
import {lru_cache_add} from "./swap.ts";
import {
  get_swap_page,
  put_swap_page,
  swapcache_prepare,
  swp_swapcount,
  try_to_free_swap,
} from "./swapfile.ts";
import {is_migration_entry, swp_offset} from "./swapops.ts";
import {page_mapped} from "./util.ts";
import {workingset_refault} from "./workingset.ts";

/** Pages by the slot that they have. */
export type SwapCache = AddressSpace & {
  readonly lock: Cell;
  /** Of slots whose page went out: how old the list of pages was then (workingset.ts). */
  readonly shadows: Map<number, number>;
};

/** 0xffff888080300000 */
const SWAPPER_SPACE = -0x777f_8000_0000 + 0x40_0000;

export function swapper_space(): SwapCache {
  return structure_at(SWAPPER_SPACE, (address) => {
    machine.memory.allocate(8, address);
    const lock = cell("swapper_space", "lock", address, 4, "lock");
    return {address, i_pages: new Map(), i_mmap: [], lock, shadows: new Map()};
  });
}

// Into the cache and out of it

/** Gives a page that is to go a slot, or a huge one a cluster. False if there is none. Caller holds the page lock. */
export function* add_to_swap(page: Page): Op<boolean> {
  const entry = yield* get_swap_page(page);
  if (entry === 0) return false;
  yield* add_to_swap_cache(page, entry);
  // Usually an entry that maps the page is dirty, and says so when it goes; but it may have been cleaned before.
  yield* SetPageDirty(page);
  return true;
}

/** Caller holds the page lock, and has marked the slots with SWAP_HAS_CACHE. */
export function* add_to_swap_cache(page: Page, entry: Pte): Op<void> {
  const {i_pages, lock, shadows} = swapper_space();
  const nr = yield* thp_nr_pages(page);
  yield* page_ref_add(page, nr);
  yield* SetPageSwapCache(page);
  yield* spin_lock(lock);
  for (let i = 0; i < nr; i++) {
    const of_part = entry + i * 2 ** PAGE_SHIFT;
    yield* store(nth_page(page, i).private, of_part);
    i_pages.set(swp_offset(of_part as Pte), nth_page(page, i));
    shadows.delete(swp_offset(of_part as Pte));
  }
  yield* spin_unlock(lock);
}

/** Caller holds the page lock and that of the cache. `shadow` stays in the page's place, if there is one. */
export function* __delete_from_swap_cache(
  page: Page,
  entry: Pte,
  shadow: number | null,
): Op<void> {
  const {i_pages, shadows} = swapper_space();
  const nr = yield* thp_nr_pages(page);
  for (let i = 0; i < nr; i++) {
    const offset = swp_offset(entry) + i;
    i_pages.delete(offset);
    if (shadow !== null) shadows.set(offset, shadow);
    yield* store(nth_page(page, i).private, 0);
  }
  yield* ClearPageSwapCache(page);
}

/** The page, a head, has no slot any more. Caller holds the page lock. */
export function* delete_from_swap_cache(page: Page): Op<void> {
  const {lock} = swapper_space();
  const entry = (yield* load(page.private)) as Pte;
  yield* spin_lock(lock);
  yield* __delete_from_swap_cache(page, entry, null);
  yield* spin_unlock(lock);
  yield* put_swap_page(page, entry);
  const nr = yield* thp_nr_pages(page);
  yield* page_ref_sub(page, nr);
}

/** The slot is free: nobody will ask again when its page went out. */
export function clear_shadow_from_swap_cache(offset: number): void {
  swapper_space().shadows.delete(offset);
}

/** Nobody maps the page any more: then it need not keep its slot, unless an entry names that. */
export function* free_swap_cache(page: Page): Op<void> {
  const cached = yield* PageSwapCache(page);
  if (!cached) return;
  const mapped = yield* page_mapped(page);
  if (mapped) return;
  const locked = yield* trylock_page(page);
  if (!locked) return;
  yield* try_to_free_swap(page);
  yield* unlock_page(page);
}

/** Drops the reference of an entry that is no more. */
export function* free_page_and_swap_cache(page: Page): Op<void> {
  if (has_syscalls()) yield* free_swap_cache(page);
  else yield* PageSwapCache(page);
  yield* put_page(page);
}

// Looking for a page

/** The page for a slot, with a reference; null if there is none. Models pagecache_get_page(). */
export function* find_get_page(offset: number): Op<Page | null> {
  const page = swapper_space().i_pages.get(offset);
  if (page === undefined) return null;
  const head = yield* compound_head(page);
  const got = yield* get_page_unless_zero(head);
  return got ? page : null;
}

/** The same for a fault, which learns from what it finds how well reading ahead goes. */
export function* lookup_swap_cache(entry: Pte, vma: VmArea, address: number): Op<Page | null> {
  const page = yield* find_get_page(swp_offset(entry));
  if (page === null) return null;
  // A huge page was never read ahead.
  const compound = yield* PageTransCompound(page);
  if (compound) return page;
  const ahead = yield* TestClearPageReadahead(page);
  const {window, hits} = readahead_info(vma);
  vma.swap_readahead = {
    address,
    window,
    hits: ahead ? Math.min(hits + 1, SWAP_RA_HITS_MAX) : hits,
  };
  return page;
}

/** The page for a slot, from the cache or read into it; null if nobody uses the slot any more. */
export function* read_swap_cache_async(entry: Pte): Op<Page | null> {
  const {page, made} = yield* __read_swap_cache_async(entry);
  if (made) yield* swap_readpage(page);
  return page;
}

/** A new page in the cache is locked, and still to be read. */
export function* __read_swap_cache_async(
  entry: Pte,
): Op<
  | {readonly page: Page; readonly made: true}
  | {readonly page: Page | null; readonly made: false}
> {
  const found = yield* find_get_page(swp_offset(entry));
  if (found !== null) return {page: found, made: false};
  const count = yield* swp_swapcount(entry);
  const page = count === 0 ? null : yield* alloc_page();
  if (page === null) return {page: null, made: false};

  const error = yield* swapcache_prepare(entry);
  if (error !== 0) {
    yield* put_page(page);
    // Somebody was faster: what it made is there now, or will be at once.
    if (error === -EEXIST) return yield* __read_swap_cache_async(entry);
    return {page: null, made: false};
  }
  yield* __SetPageLocked(page);
  yield* __SetPageSwapBacked(page);
  const shadow = swapper_space().shadows.get(swp_offset(entry));
  yield* add_to_swap_cache(page, entry);
  if (shadow !== undefined) yield* workingset_refault(page, shadow);
  yield* lru_cache_add(page);
  return {page, made: true};
}

// Reading ahead: what the range has beside the page that is wanted

/** How the last fault for a swapped page of a range went: where, how much was read, and how much of that was used. */
export type SwapReadahead = {
  readonly address: number;
  readonly window: number;
  readonly hits: number;
};

export const SWAP_RA_HITS_MAX = 63;

/** 1 << page_cluster. */
export const SWAP_RA_MAX_WINDOW = 8;

export function readahead_info({swap_readahead}: VmArea): SwapReadahead {
  return swap_readahead ?? {address: 0, window: 0, hits: 4};
}

/** Reads the page for a slot, and some of its neighbours in the range. Models swapin_readahead() and swap_vma_readahead(). */
export function* swapin_readahead(entry: Pte, vma: VmArea, address: number): Op<Page | null> {
  const entries = yield* swap_ra_info(vma, address);
  for (const neighbour of entries) {
    const {page, made} = yield* __read_swap_cache_async(neighbour);
    if (page === null) continue;
    if (made) yield* swap_readpage(page);
    if (made && neighbour !== entry) yield* SetPageReadahead(page);
    yield* put_page(page);
  }
  return yield* read_swap_cache_async(entry);
}

/** The entries that are worth reading with that at `address`, in their order. */
export function* swap_ra_info(vma: VmArea, address: number): Op<Pte[]> {
  const last = readahead_info(vma);
  const distance =
    Math.floor(address / 2 ** PAGE_SHIFT) - Math.floor(last.address / 2 ** PAGE_SHIFT);
  const window = __swapin_nr_pages(distance, last.hits, last.window);
  vma.swap_readahead = {address, window, hits: 0};
  if (window === 1) return [];

  // Forwards, backwards, or around.
  const before =
    distance === 1 ? 0 : distance === -1 ? window - 1 : Math.floor((window - 1) / 2);
  const {start, end} = swap_ra_clamp(vma, address, before, window);
  const table = pmd_table(yield* load(pmd_offset(vma.vm_mm, address)));
  const entries: Pte[] = [];
  for (let at = start; at < end; at += 2 ** PAGE_SHIFT) {
    const pte = yield* load(table.pte[pte_index(at)]);
    if (!pte_none(pte) && !pte_present(pte) && !is_migration_entry(pte)) entries.push(pte);
  }
  return entries;
}

/** How many pages: more, the more of the last were used; `distance` is from the last fault, in pages. */
export function __swapin_nr_pages(distance: number, hits: number, last_window: number): number {
  const adjacent = Math.abs(distance) === 1;
  let pages = hits > 0 ? Math.max(4, 2 ** Math.ceil(Math.log2(hits + 2))) : adjacent ? 2 : 1;
  pages = Math.min(pages, SWAP_RA_MAX_WINDOW);
  return Math.max(pages, Math.floor(last_window / 2));
}

/** The window, as far as it lies in the range and below the same PMD. */
export function swap_ra_clamp(
  vma: VmArea,
  address: number,
  before: number,
  window: number,
): {readonly start: number; readonly end: number} {
  const first = address - before * 2 ** PAGE_SHIFT;
  const pmd = pmd_start(address);
  return {
    start: Math.max(first, vma.vm_start, pmd),
    end: Math.min(first + window * 2 ** PAGE_SHIFT, vma.vm_end, pmd + hpage_pmd_size()),
  };
}
