// Memory that processes share, though no file stands behind it. Models mm/shmem.c, v5.13.
//
// An object keeps its pages for as long as somebody maps it; each has a reference from there. What has been put out has an entry there that names its
// slot of swap space, where a process's own page would have that in its page table.
//
// Differs from v5.13: a page that comes back from swap space is read alone, without those that lie beside it there. Leaves out: huge
// pages, files of tmpfs, how large an object is.

import {load, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {mapping_get_entry} from "./filemap.ts";
import {clear_highpage} from "./highmem.ts";
import {put_page} from "./mm.ts";
import {
  address_space_at,
  PAGE_SIZE,
  type AddressSpace,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {
  __SetPageLocked,
  __SetPageSwapBacked,
  __SetPageUptodate,
  lock_page,
  SetPageDirty,
  unlock_page,
} from "./page-flags.ts";
import {alloc_page} from "./page_alloc.ts";
import {swap_writepage} from "./page_io.ts";
import {page_ref_inc, page_ref_sub} from "./page_ref.ts";
import type {Pte} from "./pgtable.ts";
import {linear_page_index} from "./rmap.ts";
import {lru_cache_add} from "./swap.ts";
import {
  add_to_swap_cache,
  delete_from_swap_cache,
  read_swap_cache_async,
} from "./swap_state.ts";
import {free_swap_and_cache, get_swap_page, swap_duplicate, swap_free} from "./swapfile.ts";

/** A new object without any page, for `vma` to map. */
export function shmem_zero_setup(vma: VmArea): void {
  const address = machine.memory.allocate(16);
  vma.vm_file = structure_at<AddressSpace>(address, () => ({
    ...{address, i_pages: new Map(), i_swapped: new Map(), i_mmap: []},
  }));
}

/** The page for an address, locked, with a reference: made if there is none; null if there is no memory. */
export function* shmem_fault(vma: VmArea, address: number): Op<Page | null> {
  const mapping = vma.vm_file!;
  const index = linear_page_index(vma, address);
  const found = yield* mapping_get_entry(mapping, index);
  if (found !== null) {
    yield* lock_page(found);
    return found;
  }
  const swap = mapping.i_swapped?.get(index);
  if (swap !== undefined) return yield* shmem_swapin_page(mapping, index, swap);

  const page = yield* alloc_page();
  if (page === null) return null;
  yield* __SetPageLocked(page);
  yield* __SetPageSwapBacked(page);
  yield* shmem_add_to_page_cache(page, mapping, index);
  yield* lru_cache_add(page);
  yield* clear_highpage(page);
  yield* __SetPageUptodate(page);
  return page;
}

/** The object has the page now, and a reference to it. Caller holds the page lock. */
export function* shmem_add_to_page_cache(
  page: Page,
  mapping: AddressSpace,
  index: number,
): Op<void> {
  yield* page_ref_inc(page);
  yield* store(page.mapping, mapping.address);
  yield* store(page.index, index);
  mapping.i_pages.set(index, page);
}

/** The object has the page no more, but its slot, if it has one. The reference is the caller's to put. Caller holds the page lock. */
export function* shmem_delete_from_page_cache(page: Page, swap: Pte | null): Op<void> {
  const mapping = yield* load(page.mapping);
  const index = yield* load(page.index);
  const {i_pages, i_swapped} = address_space_at(mapping);
  i_pages.delete(index);
  if (swap !== null) i_swapped!.set(index, swap);
  yield* store(page.mapping, 0);
}

/** The end of an object: nobody maps it any more, and its pages go. */
export function* shmem_evict_inode({i_pages, i_swapped}: AddressSpace): Op<void> {
  for (const page of [...i_pages.values()]) {
    yield* lock_page(page);
    yield* shmem_delete_from_page_cache(page, null);
    yield* unlock_page(page);
    yield* put_page(page);
  }
  for (const swap of i_swapped!.values()) yield* free_swap_and_cache(swap);
  i_swapped!.clear();
}

/** How much of what a range maps is in swap space, in bytes: its page tables do not say. */
export function shmem_swap_usage(vma: VmArea): number {
  const first = linear_page_index(vma, vma.vm_start);
  const end = linear_page_index(vma, vma.vm_end);
  const swapped = [...vma.vm_file!.i_swapped!.keys()];
  return swapped.filter((index) => index >= first && index < end).length * PAGE_SIZE;
}

/** Puts a page that nobody maps into swap space. Caller holds the page lock; it is let go of, if there is room: else the answer is false. */
export function* shmem_writepage(page: Page): Op<boolean> {
  const swap = yield* get_swap_page(page);
  if (swap === 0) {
    yield* SetPageDirty(page);
    return false;
  }
  yield* add_to_swap_cache(page, swap);
  yield* swap_duplicate(swap);
  yield* shmem_delete_from_page_cache(page, swap);
  yield* page_ref_sub(page, 1);
  yield* swap_writepage(page);
  return true;
}

/** The way back. The page is locked, with a reference. */
export function* shmem_swapin_page(
  mapping: AddressSpace,
  index: number,
  swap: Pte,
): Op<Page | null> {
  const page = yield* read_swap_cache_async(swap);
  if (page === null) return null;
  yield* lock_page(page);
  yield* shmem_add_to_page_cache(page, mapping, index);
  mapping.i_swapped!.delete(index);
  yield* delete_from_swap_cache(page);
  yield* SetPageDirty(page);
  yield* swap_free(swap);
  return page;
}
