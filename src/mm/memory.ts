// Making mappings, copying them and taking them away. Models mm/memory.c, v5.13.
//
// Differs from v5.13: what a zap has gathered is freed after one flush for each table. Leaves out: statistics of a process; in a fault and
// in fork() that memory may run out; userfaultfd, NUMA hints, devices.

import {load, store} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {
  copy_huge_pmd_or_split,
  do_huge_pmd_anonymous_page,
  do_huge_pmd_wp_page,
  split_huge_pmd,
  __transparent_hugepage_enabled,
  zap_huge_pmd,
} from "./huge_memory.ts";
import {clear_highpage, copy_highpage} from "./highmem.ts";
import {munlock_vma_page} from "./mlock.ts";
import {get_page, page_mapcount, page_maybe_dma_pinned, put_page} from "./mm.ts";
import {
  has_syscalls,
  hpage_pmd_size,
  MMF_HAS_PINNED,
  PAGE_SIZE,
  VM_MAYWRITE,
  VM_SHARED,
  VM_LOCKED,
  VM_SEQ_READ,
  type Mm,
  type Page,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
import {
  __SetPageLocked,
  __SetPageSwapBacked,
  __SetPageUptodate,
  lock_page,
  PageAnon,
  PageMlocked,
  PageSwapCache,
  SetPageDirty,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {filemap_map_pages} from "./filemap.ts";
import {shmem_fault} from "./shmem.ts";
import {swap_readpage} from "./page_io.ts";
import {alloc_page} from "./page_alloc.ts";
import {page_count} from "./page_ref.ts";
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  maybe_mkwrite,
  mk_pte,
  pmd_addr_end,
  pmd_none,
  pmd_offset,
  pmd_start,
  pmd_table,
  pmd_trans_huge,
  pmd_trans_unstable,
  pmd_write,
  pte_alloc,
  pte_dirty,
  pte_index,
  pte_mkclean,
  pte_mkdirty,
  pte_mkold,
  pte_mkspecial,
  pte_mkyoung,
  pte_none,
  pte_offset_map_lock,
  pte_page,
  pte_present,
  pte_special,
  pte_unmap_unlock,
  pte_write,
  pte_young,
  pte_wrprotect,
  ptep_clear_flush,
  ptep_get_and_clear,
  ptep_get_lockless,
  set_pte_at,
  vm_get_page_prot,
  ZERO_PAGE,
  type Pte,
} from "./pgtable.ts";
import {migration_entry_wait} from "./migrate.ts";
import {
  anon_vma_prepare,
  do_page_add_anon_rmap,
  page_add_file_rmap,
  page_add_new_anon_rmap,
  page_dup_rmap,
  page_remove_rmap,
} from "./rmap.ts";
import {
  lru_cache_add,
  lru_cache_add_inactive_or_unevictable,
  mark_page_accessed,
} from "./swap.ts";
import {
  free_swap_cache,
  lookup_swap_cache,
  swapin_readahead,
  swapper_space,
} from "./swap_state.ts";
import {
  __swap_count,
  free_swap_and_cache,
  reuse_swap_page,
  swap_duplicate,
  swap_free,
  try_to_free_swap,
  vm_swap_full,
} from "./swapfile.ts";
import {is_migration_entry, swp_offset} from "./swapops.ts";
import {flush_tlb_mm_range} from "./tlb.ts";
import {count_vm_event} from "./vmstat.ts";
import {workingset_refault} from "./workingset.ts";

// Faults

/**
 * The process has used `address` in a way that its entries do not allow: they are mended so that it can be tried again. Caller holds the
 * mmap_lock for reading and has seen that the range allows it.
 */
export function* handle_mm_fault(vma: VmArea, address: number, write: boolean): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_none(pmd) && __transparent_hugepage_enabled(vma)) {
    const done = yield* do_huge_pmd_anonymous_page(vma, address, write);
    if (done) return;
  }
  if (pmd_trans_huge(pmd)) {
    if (!write || pmd_write(pmd)) return;
    const done = yield* do_huge_pmd_wp_page(vma, address);
    if (done) return;
  }
  yield* handle_pte_fault(vma, address, write);
}

export function* handle_pte_fault(vma: VmArea, address: number, write: boolean): Op<void> {
  const {vm_mm} = vma;
  const pmdp = pmd_offset(vm_mm, address);
  yield* pte_alloc(vm_mm, pmdp);
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return;

  const pmd = yield* load(pmdp);
  const pte = yield* ptep_get_lockless(pmd_table(pmd).pte[pte_index(address)]);
  if (pte_none(pte)) yield* do_fault(vma, address, write);
  else if (!pte_present(pte)) yield* do_swap_page(vma, address, pte, write);
  else if (write && !pte_write(pte)) yield* do_wp_page(vma, address, pte);
}

/** There is nothing yet. */
export function* do_fault(vma: VmArea, address: number, write: boolean): Op<void> {
  if (vma.vm_file !== null) {
    if (write) yield* do_shared_fault(vma, address);
    else yield* do_read_fault(vma, address);
    return;
  }
  if (!write) {
    yield* map_zero_page(vma, address);
    return;
  }
  yield* anon_vma_prepare(vma);
  yield* do_anonymous_page(vma, address);
}

/** Reading where nothing was written yet: there are zeros, the same for everybody. The part of do_anonymous_page() for that. */
export function* map_zero_page(vma: VmArea, address: number): Op<void> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const pte = yield* load(ptep);
  if (pte_none(pte)) yield* set_pte_at(ptep, zero_pte(vma));
  yield* pte_unmap_unlock(table);
}

/** An entry for the zero page: its struct page counts no mappings. */
export function zero_pte(vma: VmArea): Pte {
  return pte_mkspecial(mk_pte(ZERO_PAGE(), vm_get_page_prot(vma.vm_flags)));
}

/** The page that a present entry maps, if one counts its mappings: the zero page does not. */
export function vm_normal_page(pte: Pte): Page | null {
  return pte_special(pte) ? null : pte_page(pte);
}

/** The process writes where it has no page yet: a new one, mapped by a PTE. There is a table already. */
export function* do_anonymous_page(vma: VmArea, address: number): Op<void> {
  const page = yield* alloc_page();
  if (page === null) return;
  yield* clear_highpage(page);
  yield* __SetPageUptodate(page);
  const entry = mk_pte(page, _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY);

  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const pte = yield* load(ptep);
  if (pte_none(pte)) {
    yield* page_add_new_anon_rmap(page, vma, address, false);
    yield* lru_cache_add_inactive_or_unevictable(page, vma);
    yield* set_pte_at(ptep, entry);
  }
  yield* pte_unmap_unlock(table);
  // Somebody was faster.
  if (!pte_none(pte)) yield* put_page(page);
}

/** The process uses the page at `address`, and sleeps as long as that is on the move. Models handle_mm_fault() and do_swap_page(). */
export function* fault_in(vma: VmArea, address: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const index = pte_index(address);
  for (;;) {
    const unstable = yield* pmd_trans_unstable(pmdp);
    if (unstable) return;
    const pmd = yield* load(pmdp);
    const table = pmd_table(pmd);
    const pte = yield* ptep_get_lockless(table.pte[index]);
    if (!is_migration_entry(pte)) return;
    yield* migration_entry_wait(table, index);
  }
}

// Copy on write

/** The process writes where it may only read: to a page of its own, or to one that others see. */
export function* do_wp_page(vma: VmArea, address: number, old: Pte): Op<void> {
  const page = vm_normal_page(old);
  if (page !== null) {
    const reused = yield* reuse_sole_page(vma, address, page);
    if (reused) return;
    yield* get_page(page);
  }
  yield* wp_page_copy(vma, address, old, page);
}

/**
 * Allows writing, if the only reference is that of this very mapping. A part of a huge page is never taken for that: the references of all
 * parts are counted together. Models the middle of do_wp_page() and wp_page_reuse().
 */
export function* reuse_sole_page(vma: VmArea, address: number, page: Page): Op<boolean> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const sole = yield* is_sole_page(page);
  if (sole) {
    const ptep = table.pte[pte_index(address)];
    const pte = yield* load(ptep);
    yield* set_pte_at(ptep, maybe_mkwrite(pte_mkdirty(pte_mkyoung(pte)), vma));
  }
  yield* pte_unmap_unlock(table);
  return sole;
}

export function* is_sole_page(page: Page): Op<boolean> {
  const anon = yield* PageAnon(page);
  if (!anon) return false;
  const count = yield* page_count(page);
  if (count !== 1) return false;
  const locked = yield* trylock_page(page);
  if (!locked) return false;
  const mapcount = yield* page_mapcount(page);
  const again = yield* page_count(page);
  yield* unlock_page(page);
  return mapcount === 1 && again === 1;
}

/** A page of its own, with what was in the old one: null stands for the zero page. Takes over the caller's reference to that. */
export function* wp_page_copy(
  vma: VmArea,
  address: number,
  old: Pte,
  old_page: Page | null,
): Op<void> {
  yield* anon_vma_prepare(vma);
  const page = yield* alloc_page();
  if (page === null) return;
  if (old_page === null) yield* clear_highpage(page);
  else yield* copy_highpage(page, old_page);
  yield* __SetPageUptodate(page);

  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const pte = yield* load(ptep);
  if (pte === old) yield* replace_page(vma, address, ptep, page, old_page);
  yield* pte_unmap_unlock(table);

  if (pte !== old) yield* put_page(page);
  if (pte === old && old_page !== null) {
    if (has_syscalls()) yield* leave_old_page(vma, old_page);
    yield* put_page(old_page);
  }
  if (old_page !== null) yield* put_page(old_page);
}

/** The page that was copied is not locked in memory for this range's sake any more, and may not need its slot of swap space. */
export function* leave_old_page(vma: VmArea, old_page: Page): Op<void> {
  const mlocked = vma.vm_flags & VM_LOCKED && (yield* PageMlocked(old_page));
  if (mlocked) {
    yield* lock_page(old_page);
    const still = yield* PageMlocked(old_page);
    if (still) yield* munlock_vma_page(old_page);
    yield* unlock_page(old_page);
  }
  yield* free_swap_cache(old_page);
}

/** The new page takes the old one's place. Caller holds the ptl, and puts the reference of the mapping that is no more. */
export function* replace_page(
  vma: VmArea,
  address: number,
  ptep: Cell<Pte>,
  page: Page,
  old_page: Page | null,
): Op<void> {
  const entry = pte_mkdirty(mk_pte(page, vm_get_page_prot(vma.vm_flags)));
  yield* ptep_clear_flush(vma.vm_mm, ptep);
  yield* page_add_new_anon_rmap(page, vma, address, false);
  yield* lru_cache_add_inactive_or_unevictable(page, vma);
  yield* set_pte_at(ptep, maybe_mkwrite(entry, vma));
  if (old_page !== null) yield* page_remove_rmap(old_page);
}

// Shared memory

/** Reading: what the object has nearby is mapped at once. What it has not is made. */
export function* do_read_fault(vma: VmArea, address: number): Op<void> {
  const mapped = yield* do_fault_around(vma, address);
  if (mapped) return;
  const page = yield* shmem_fault(vma, address);
  if (page === null) return;
  const done = yield* finish_fault(vma, address, page, false);
  yield* unlock_page(page);
  if (!done) yield* put_page(page);
}

/** Writing: all will see it, so nothing is copied. */
export function* do_shared_fault(vma: VmArea, address: number): Op<void> {
  const page = yield* shmem_fault(vma, address);
  if (page === null) return;
  const done = yield* finish_fault(vma, address, page, true);
  if (done) yield* SetPageDirty(page);
  yield* unlock_page(page);
  if (!done) yield* put_page(page);
}

/** How much is mapped at once, in pages: fault_around_bytes. */
export const FAULT_AROUND_PAGES = 16;

/** True if the page at `address` is mapped now. */
export function* do_fault_around(vma: VmArea, address: number): Op<boolean> {
  const size = FAULT_AROUND_PAGES * PAGE_SIZE;
  const start = Math.max(address - (address % size), vma.vm_start, pmd_start(address));
  const end = Math.min(start + size, vma.vm_end, pmd_addr_end(address, vma.vm_end));
  yield* filemap_map_pages(vma, start, end);
  const pmd = yield* load(pmd_offset(vma.vm_mm, address));
  const pte = yield* ptep_get_lockless(pmd_table(pmd).pte[pte_index(address)]);
  return !pte_none(pte);
}

/** Maps a page that was found or made. False if somebody was faster. Takes over the caller's reference if it does. */
export function* finish_fault(
  vma: VmArea,
  address: number,
  page: Page,
  write: boolean,
): Op<boolean> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const pte = yield* load(ptep);
  if (pte_none(pte)) yield* do_set_pte(vma, ptep, page, write);
  yield* pte_unmap_unlock(table);
  return pte_none(pte);
}

/** Caller holds the ptl. */
export function* do_set_pte(
  vma: VmArea,
  ptep: Cell<Pte>,
  page: Page,
  write: boolean,
): Op<void> {
  const entry = mk_pte(page, vm_get_page_prot(vma.vm_flags));
  yield* page_add_file_rmap(page);
  yield* set_pte_at(ptep, write ? maybe_mkwrite(pte_mkdirty(entry), vma) : entry);
}

/** What an entry has noted, the page of an object is told before the entry goes. The part of zap_pte_range() for that. Caller holds the ptl. */
export function* keep_notes(vma: VmArea, ptep: Cell<Pte>): Op<void> {
  const pte = yield* load(ptep);
  const page = pte_present(pte) ? vm_normal_page(pte) : null;
  if (page === null) return;
  if (pte_dirty(pte)) yield* SetPageDirty(page);
  if (pte_young(pte) && !(vma.vm_flags & VM_SEQ_READ)) yield* mark_page_accessed(page);
}

// Taking away

/** Unmaps `size` bytes from `start` on, and drops the references once no CPU can use the entries any more. */
export function* zap_page_range(vma: VmArea, start: number, size: number): Op<void> {
  yield* unmap_page_range(vma, start, start + size);
}

export function* unmap_page_range(vma: VmArea, start: number, end: number): Op<void> {
  let address = start;
  while (address < end) {
    const next = pmd_addr_end(address, end);
    yield* zap_pmd_range(vma, address, next);
    address = next;
  }
}

/** What lies below one PMD. */
export function* zap_pmd_range(vma: VmArea, address: number, end: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_trans_huge(pmd)) {
    if (end - address === hpage_pmd_size()) {
      yield* zap_huge_pmd(vma, address);
      return;
    }
    yield* split_huge_pmd(vma, address);
  }
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (!unstable) yield* zap_pte_range(vma, address, end);
}

export function* zap_pte_range(vma: VmArea, address: number, end: number): Op<void> {
  const gathered: Page[] = [];
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  for (let at = address; at < end; at += PAGE_SIZE) {
    if (vma.vm_file !== null) yield* keep_notes(vma, table.pte[pte_index(at)]);
    const page = yield* zap_pte(table, pte_index(at));
    if (page !== null) gathered.push(page);
  }
  yield* pte_unmap_unlock(table);
  if (gathered.length > 0) yield* tlb_finish_mmu(vma.vm_mm, gathered);
}

/** Makes sure that no CPU uses the mappings any more, and only then drops their references. Models mm/mmu_gather.c. */
export function* tlb_finish_mmu(mm: Mm, gathered: readonly Page[]): Op<void> {
  yield* flush_tlb_mm_range(mm);
  for (const page of gathered) {
    if (has_syscalls()) yield* free_swap_cache(page);
    yield* put_page(page);
  }
}

/** Empties one entry: the page that it mapped, with the reference that is left of the mapping. Caller holds the ptl. */
export function* zap_pte(table: PageTable, index: number): Op<Page | null> {
  const pte = yield* load(table.pte[index]);
  if (!pte_present(pte)) {
    if (has_syscalls() && !pte_none(pte)) yield* zap_swap_pte(table, index, pte);
    return null;
  }
  yield* ptep_get_and_clear(table.pte[index]);
  const page = vm_normal_page(pte);
  if (page !== null) yield* page_remove_rmap(page);
  return page;
}

/** An entry whose page is in swap space goes, and with it a user of that. */
export function* zap_swap_pte(table: PageTable, index: number, pte: Pte): Op<void> {
  yield* ptep_get_and_clear(table.pte[index]);
  if (!is_migration_entry(pte)) yield* free_swap_and_cache(pte);
}

// Copying, for fork()

/** What the parent has in its range the child gets, too, and neither may write to it without a copy. Caller holds both mmap_locks for writing. */
export function* copy_page_range(dst_vma: VmArea, src_vma: VmArea): Op<void> {
  // What the child would get by faults of its own is not worth copying.
  if (src_vma.anon_vma === null) return;
  let address = src_vma.vm_start;
  while (address < src_vma.vm_end) {
    const next = pmd_addr_end(address, src_vma.vm_end);
    yield* copy_pmd_range(dst_vma, src_vma, address, next);
    address = next;
  }
}

/** What lies below one PMD. */
export function* copy_pmd_range(
  dst_vma: VmArea,
  src_vma: VmArea,
  address: number,
  end: number,
): Op<void> {
  const src_pmd = pmd_offset(src_vma.vm_mm, address);
  const pmd = yield* load(src_pmd);
  if (pmd_none(pmd)) return;
  if (pmd_trans_huge(pmd)) {
    const copied = yield* copy_huge_pmd_or_split(dst_vma, src_vma, address);
    if (copied) return;
  }
  yield* copy_pte_range(dst_vma, src_vma, address, end);
}

export function* copy_pte_range(
  dst_vma: VmArea,
  src_vma: VmArea,
  address: number,
  end: number,
): Op<void> {
  const dst_pmd = pmd_offset(dst_vma.vm_mm, address);
  yield* pte_alloc(dst_vma.vm_mm, dst_pmd);
  const to = yield* pte_offset_map_lock(dst_pmd);
  const from = yield* pte_offset_map_lock(pmd_offset(src_vma.vm_mm, address));
  for (let at = address; at < end; at += PAGE_SIZE) {
    const i = pte_index(at);
    const pte = yield* load(from.pte[i]);
    if (pte_present(pte)) yield* copy_present_pte(dst_vma, src_vma, to.pte[i], from.pte[i], at);
    else if (!pte_none(pte)) yield* copy_nonpresent_pte(to.pte[i], from.pte[i]);
  }
  yield* pte_unmap_unlock(from);
  yield* pte_unmap_unlock(to);
}

/** An entry that maps. Caller holds both locks. */
export function* copy_present_pte(
  dst_vma: VmArea,
  src_vma: VmArea,
  to: Cell<Pte>,
  from: Cell<Pte>,
  address: number,
): Op<void> {
  const old = yield* load(from);
  const page = vm_normal_page(old);
  if (page !== null) {
    const pinned = yield* page_needs_cow_for_dma(src_vma, page);
    if (pinned) {
      yield* copy_present_page(dst_vma, to, address, page);
      return;
    }
    yield* get_page(page);
    yield* page_dup_rmap(page, false);
  }
  let pte = old;
  if (is_cow_mapping(src_vma) && pte_write(pte)) {
    pte = pte_wrprotect(pte);
    yield* set_pte_at(from, pte);
  }
  if (src_vma.vm_flags & VM_SHARED) pte = pte_mkclean(pte);
  yield* set_pte_at(to, pte_mkold(pte));
}

/** A page that a device may be writing to stays the parent's: the child gets a copy at once. */
export function* copy_present_page(
  dst_vma: VmArea,
  to: Cell<Pte>,
  address: number,
  page: Page,
): Op<void> {
  const copy = yield* alloc_page();
  if (copy === null) return;
  yield* copy_highpage(copy, page);
  yield* __SetPageUptodate(copy);
  yield* page_add_new_anon_rmap(copy, dst_vma, address, false);
  yield* lru_cache_add_inactive_or_unevictable(copy, dst_vma);
  const entry = pte_mkdirty(mk_pte(copy, vm_get_page_prot(dst_vma.vm_flags)));
  yield* set_pte_at(to, maybe_mkwrite(entry, dst_vma));
}

/** An entry of a page that is in swap space, of which there is one user more now. */
export function* copy_nonpresent_pte(to: Cell<Pte>, from: Cell<Pte>): Op<void> {
  const entry = yield* load(from);
  yield* swap_duplicate(entry);
  yield* set_pte_at(to, entry);
}

/** Private memory that may be written to, now or after mprotect(). Models include/linux/mm.h. */
export function is_cow_mapping({vm_flags}: VmArea): boolean {
  return (vm_flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;
}

/** Does somebody hold a pin on the page of a process that is forked? Models include/linux/mm.h. */
export function* page_needs_cow_for_dma(vma: VmArea, page: Page): Op<boolean> {
  if (!is_cow_mapping(vma) || !(vma.vm_mm.flags & MMF_HAS_PINNED)) return false;
  return yield* page_maybe_dma_pinned(page);
}

// Swapping in

/** The entry names a page that is in swap space, or on the move: then it is waited for, and the fault happens again if it has to. */
export function* do_swap_page(
  vma: VmArea,
  address: number,
  entry: Pte,
  write: boolean,
): Op<void> {
  if (is_migration_entry(entry)) {
    const pmd = yield* load(pmd_offset(vma.vm_mm, address));
    yield* migration_entry_wait(pmd_table(pmd), pte_index(address));
    return;
  }
  const found = yield* swapin(vma, address, entry);
  if (found === null) return;
  const {page, cached} = found;
  yield* lock_page(page);
  const still = !cached || (yield* is_cached_for(page, entry));
  const pte = still ? yield* map_swapped_page(vma, address, entry, page, write) : null;
  if (pte !== null) {
    yield* swap_free(entry);
    yield* free_swap_of_mapped(vma, page);
  }
  yield* unlock_page(page);

  // Somebody was faster, or had the page for himself.
  if (pte === null) yield* put_page(page);
  else if (write && !pte_write(pte)) yield* do_wp_page(vma, address, pte);
}

/** The page for an entry, with a reference. Who is alone with the slot of a disk that is done at once needs no swap cache. */
export function* swapin(
  vma: VmArea,
  address: number,
  entry: Pte,
): Op<{readonly page: Page; readonly cached: boolean} | null> {
  const found = yield* lookup_swap_cache(entry, vma, address);
  if (found !== null) return {page: found, cached: true};
  count_vm_event("pgmajfault");
  const count = yield* __swap_count(entry);
  const cached = count !== 1;
  const page = cached
    ? yield* swapin_readahead(entry, vma, address)
    : yield* swapin_alone(entry);
  return page === null ? null : {page, cached};
}

/** A new page with what is in the slot. The part of do_swap_page() that skips the swap cache. */
export function* swapin_alone(entry: Pte): Op<Page | null> {
  const page = yield* alloc_page();
  if (page === null) return null;
  yield* __SetPageLocked(page);
  yield* __SetPageSwapBacked(page);
  const shadow = swapper_space().shadows.get(swp_offset(entry));
  if (shadow !== undefined) yield* workingset_refault(page, shadow);
  yield* lru_cache_add(page);
  yield* store(page.private, entry);
  yield* swap_readpage(page);
  yield* store(page.private, 0);
  return page;
}

/** Has the page not left the swap cache, or come back for another slot? Caller holds the page lock. */
export function* is_cached_for(page: Page, entry: Pte): Op<boolean> {
  const cached = yield* PageSwapCache(page);
  const own = yield* load(page.private);
  return cached && own === entry;
}

/** What the entry says now; null if it has changed. Who writes may do so if nobody else has the page. Caller holds the page lock. */
export function* map_swapped_page(
  vma: VmArea,
  address: number,
  entry: Pte,
  page: Page,
  write: boolean,
): Op<Pte | null> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const ptep = table.pte[pte_index(address)];
  const now = yield* load(ptep);
  let pte: Pte | null = null;
  if (now === entry) {
    const exclusive = write && (yield* reuse_swap_page(page));
    pte = mk_pte(page, vm_get_page_prot(vma.vm_flags));
    if (exclusive) pte = maybe_mkwrite(pte_mkdirty(pte), vma);
    yield* set_pte_at(ptep, pte);
    yield* do_page_add_anon_rmap(page, vma, address, exclusive);
  }
  yield* pte_unmap_unlock(table);
  return pte;
}

/** Does the page have to keep its slot? Not if space is short, or if it is not to go out again. Caller holds the page lock. */
export function* free_swap_of_mapped({vm_flags}: VmArea, page: Page): Op<void> {
  const full = yield* vm_swap_full();
  const mlocked = yield* PageMlocked(page);
  if (full || vm_flags & VM_LOCKED || mlocked) yield* try_to_free_swap(page);
}
