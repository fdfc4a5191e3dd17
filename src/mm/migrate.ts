// Moving a page to another frame, and waiting for that. Models mm/migrate.c, v5.13.
//
// Leaves out: KSM, pages of files and of drivers, and with them the loads that ask for them; flags that no page of these stories has; what
// happens when there is no memory for the new page. Differs from v5.13: how many passes are made is the caller's to say (there it
// is ten, and from the third on the page lock is waited for); a fault that finds no reference to be had is tried again at
// once, here as there, but as a loop that waits. A race moves one small page; move_pages() as a system call moves many, and huge ones.

import {load, READ_ONCE, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_read, spin_lock, spin_unlock, spin_until_cond, up_read} from "../sim/lock.ts";
import {EAGAIN, EBUSY, ENODEV, ENOENT, ENOMEM} from "./errno.ts";
import {put_and_wait_on_page_locked} from "./filemap.ts";
import {copy_highpage} from "./highmem.ts";
import {follow_page, prep_transhuge_page} from "./huge_memory.ts";
import {clear_page_mlock, mlock_vma_page} from "./mlock.ts";
import {get_page, get_page_unless_zero, page_mapcount, put_page, thp_nr_pages} from "./mm.ts";
import {find_vma} from "./mmap.ts";
import {
  has_syscalls,
  hpage_pmd_nr,
  nth_page,
  page_to_nid,
  PAGE_SIZE,
  VM_LOCKED,
  type AddressSpace,
  type Mm,
  type Page,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {node_state} from "./mmzone.ts";
import {
  __SetPageSwapBacked,
  __SetPageUptodate,
  ClearPageActive,
  ClearPageSwapCache,
  compound_head,
  PageActive,
  PageDirty,
  PageDoubleMap,
  PageLocked,
  PageReferenced,
  PageSwapBacked,
  PageSwapCache,
  PageTail,
  PageTransCompound,
  PageTransHuge,
  SetPageActive,
  SetPageDirty,
  SetPageReferenced,
  SetPageSwapCache,
  SetPageUnevictable,
  TestClearPageDirty,
  TestClearPageUnevictable,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {alloc_page, alloc_transhuge_page} from "./page_alloc.ts";
import {page_count, page_ref_add, page_ref_freeze, page_ref_unfreeze} from "./page_ref.ts";
import {
  begin_walk,
  page_vma_mapped_walk,
  ptep_of,
  type PageVmaMappedWalk,
} from "./page_vma_mapped.ts";
import {
  maybe_mkwrite,
  maybe_pmd_mkwrite,
  mk_huge_pmd,
  mk_pte,
  pmd_lock,
  pmd_mkold,
  pmd_offset,
  pmd_page,
  pte_mkold,
  set_pmd_at,
  set_pte_at,
  vm_get_page_prot,
  type Pte,
} from "./pgtable.ts";
import {
  anon_vma_interval_tree_foreach,
  linear_page_index,
  page_add_anon_compound_rmap,
  page_add_anon_rmap,
  page_add_file_rmap,
  page_anon_vma,
  page_get_anon_vma,
  page_to_pgoff,
  put_anon_vma,
  rmap_vmas,
  try_to_unmap,
  try_to_unmap_file,
  vma_address,
} from "./rmap.ts";
import {isolate_lru_page, putback_lru_page} from "./swap.ts";
import {
  is_migration_entry,
  is_pmd_migration_entry,
  is_write_migration_entry,
  is_write_pmd_migration_entry,
  migration_entry_to_page,
  swp_offset,
} from "./swapops.ts";
import {page_mapped, page_mapping} from "./util.ts";
import {count_vm_event} from "./vmstat.ts";

// Moving

/** move_pages(): moves the page at the start of the process's memory elsewhere. 0, or what went wrong. */
export function* move_pages(mm: Mm, passes: number): Op<number> {
  yield* down_read(mm.mmap_lock);
  const page = yield* follow_page(mm.mmap[0], mm.mmap[0].vm_start);
  const isolated = page !== null && (yield* isolate_lru_page(page));
  if (page !== null) yield* put_page(page);
  yield* up_read(mm.mmap_lock);
  if (page === null) return -ENOENT;
  if (!isolated) return -EBUSY;

  const error = yield* migrate_pages(page, passes);
  if (error !== 0) yield* putback_lru_page(page);
  return error;
}

/**
 * move_pages(): moves what a process has at `nr` addresses from `start` on to node `nid`, unless somebody else maps it, too (MPOL_MF_MOVE). 0, an
 * error, or how many pages could not be moved. Differs from v5.13: where each page is afterwards do_pages_stat() says, and no list of results.
 */
export function* do_pages_move(mm: Mm, start: number, nr: number, nid: number): Op<number> {
  if (!node_state(nid)) return -ENODEV;
  const isolated: Page[] = [];
  for (let i = 0; i < nr; i++) {
    const queued = yield* add_page_for_migration(mm, start + i * PAGE_SIZE, nid, isolated);
    if (queued) continue;
    // One that is not to be moved: those before it are moved now.
    const failed = yield* do_move_pages_to_node(isolated.splice(0), nid);
    if (failed > 0) return failed + nr - i - 1;
  }
  const failed = yield* do_move_pages_to_node(isolated, nid);
  // One too few, as the kernel counts until v5.18.
  return Math.max(failed - 1, 0);
}

/** Takes the page at `address` off the LRU list, if it is to be moved. */
export function* add_page_for_migration(
  mm: Mm,
  address: number,
  nid: number,
  isolated: Page[],
): Op<boolean> {
  yield* down_read(mm.mmap_lock);
  const page = yield* follow_page_of(mm, address);
  const movable =
    page !== null && page_to_nid(page) !== nid && (yield* page_mapcount(page)) <= 1;
  const head = movable ? yield* compound_head(page) : null;
  const queued = head !== null && (yield* isolate_lru_page(head));
  if (queued) isolated.push(head);
  if (page !== null) yield* put_page(page);
  yield* up_read(mm.mmap_lock);
  return queued;
}

/** What is mapped at `address`, with a reference: null stands for the zero page as well. Caller holds the mmap_lock. */
export function* follow_page_of(mm: Mm, address: number): Op<Page | null> {
  const vma = find_vma(mm, address);
  if (vma === null || address < vma.vm_start) return null;
  return yield* follow_page(vma, address);
}

/** Moves isolated pages, in ten passes at the most. Answers how many it could not move: those are back on the LRU list. */
export function* do_move_pages_to_node(isolated: readonly Page[], nid: number): Op<number> {
  let rest = isolated;
  for (let pass = 0; pass < 10 && rest.length > 0; pass++) {
    const again: Page[] = [];
    for (const page of rest) {
      const huge = yield* PageTransHuge(page);
      const error = yield* unmap_and_move_to(page, nid);
      if (error !== 0) again.push(page);
      else count_migrated(huge);
    }
    rest = again;
  }
  for (const page of rest) {
    const huge = yield* PageTransHuge(page);
    count_vm_event("pgmigrate_fail");
    if (huge) count_vm_event("thp_migration_fail");
    yield* putback_lru_page(page);
  }
  return rest.length;
}

export function count_migrated(huge: boolean): void {
  count_vm_event("pgmigrate_success", huge ? hpage_pmd_nr() : 1);
  if (huge) count_vm_event("thp_migration_success");
}

/** unmap_and_move(), to another node, and of huge pages as well. */
export function* unmap_and_move_to(page: Page, nid: number): Op<number> {
  const count = yield* page_count(page);
  if (count === 1) {
    // Nobody has it any more.
    yield* put_page(page);
    return 0;
  }
  const huge = yield* PageTransHuge(page);
  const newpage = huge ? yield* alloc_transhuge_page(nid) : yield* alloc_page(nid);
  if (newpage === null) return -ENOMEM;
  if (huge) yield* prep_transhuge_page(newpage);
  const error = yield* __unmap_and_move(page, newpage);
  yield* put_page(error === 0 ? page : newpage);
  return error;
}

/** For `nr` addresses from `start` on the node where the page is; -ENOENT if there is none. */
export function* do_pages_stat(mm: Mm, start: number, nr: number): Op<number[]> {
  const nodes: number[] = [];
  yield* down_read(mm.mmap_lock);
  for (let i = 0; i < nr; i++) {
    const page = yield* follow_page_of(mm, start + i * PAGE_SIZE);
    nodes.push(page === null ? -ENOENT : page_to_nid(page));
    if (page !== null) yield* put_page(page);
  }
  yield* up_read(mm.mmap_lock);
  return nodes;
}

/** Moves an isolated page. On success its last reference but those of strangers is gone. */
export function* migrate_pages(page: Page, passes: number): Op<number> {
  let error = -EAGAIN;
  for (let pass = 0; pass < passes && error === -EAGAIN; pass++) {
    error = yield* unmap_and_move(page);
  }
  return error;
}

export function* unmap_and_move(page: Page): Op<number> {
  const count = yield* page_count(page);
  if (count === 1) {
    // Nobody has it any more: nothing to move.
    yield* put_page(page);
    return 0;
  }
  const newpage = yield* alloc_page();
  if (newpage === null) return -ENOMEM;
  const error = yield* __unmap_and_move(page, newpage);
  if (error === 0) yield* put_page(page);
  else yield* put_page(newpage);
  return error;
}

/** With the page lock: entries become migration entries, the contents move, and the entries map again. */
export function* __unmap_and_move(page: Page, newpage: Page): Op<number> {
  const locked = yield* trylock_page(page);
  if (!locked) return -EAGAIN;
  const anon_vma = yield* page_get_anon_vma(page);
  yield* trylock_page(newpage);

  const before = yield* page_mapped(page);
  if (before && anon_vma !== null) {
    yield* down_read(anon_vma.rwsem);
    yield* try_to_unmap(page, false);
    yield* up_read(anon_vma.rwsem);
  }
  const of_file = has_syscalls() && before && anon_vma === null;
  if (of_file) yield* try_to_unmap_file(page);
  const still = yield* page_mapped(page);
  const error = still ? -EAGAIN : yield* move_to_new_page(newpage, page);
  if (before && anon_vma !== null) {
    yield* down_read(anon_vma.rwsem);
    yield* remove_migration_ptes(page, error === 0 ? newpage : page);
    yield* up_read(anon_vma.rwsem);
  }
  if (of_file) yield* remove_migration_ptes(page, error === 0 ? newpage : page);

  yield* unlock_page(newpage);
  if (anon_vma !== null) yield* put_anon_vma(anon_vma);
  yield* unlock_page(page);
  if (error === 0) yield* putback_lru_page(newpage);
  return error;
}

/** Caller holds both page locks, and no entry maps `page`. */
export function* move_to_new_page(newpage: Page, page: Page): Op<number> {
  const locked = yield* PageLocked(page);
  yield* VM_BUG_ON_PAGE(!locked, page, "!PageLocked(page)");
  const new_locked = yield* PageLocked(newpage);
  yield* VM_BUG_ON_PAGE(!new_locked, newpage, "!PageLocked(newpage)");

  const error = yield* migrate_page_move_mapping(newpage, page);
  if (error !== 0) return error;
  if (has_syscalls()) yield* migrate_page_copy(newpage, page);
  else yield* copy_highpage(newpage, page);
  yield* migrate_page_states(newpage, page);
  return 0;
}

/** The contents of a page, or of a huge one. */
export function* migrate_page_copy(newpage: Page, page: Page): Op<void> {
  const nr = yield* thp_nr_pages(page);
  for (let i = 0; i < nr; i++) yield* copy_highpage(nth_page(newpage, i), nth_page(page, i));
}

/** Of an anonymous page the count is only looked at, not frozen: whoever comes later gets a page that is about to be dropped. */
export function* migrate_page_move_mapping(newpage: Page, page: Page): Op<number> {
  const mapping_of_page = has_syscalls() ? yield* page_mapping(page) : null;
  if (mapping_of_page !== null)
    return yield* migrate_cached_page(newpage, page, mapping_of_page);
  const count = yield* page_count(page);
  const expected = 1;
  if (count !== expected) return -EAGAIN;

  const index = yield* load(page.index);
  yield* store(newpage.index, index);
  const mapping = yield* load(page.mapping);
  yield* store(newpage.mapping, mapping);
  const swapbacked = yield* PageSwapBacked(page);
  if (swapbacked) yield* __SetPageSwapBacked(newpage);
  return 0;
}

/** A page that can be found in a cache, too, is frozen while the other takes its place there: then nobody finds it. */
export function* migrate_cached_page(
  newpage: Page,
  page: Page,
  mapping: AddressSpace,
): Op<number> {
  const nr = yield* thp_nr_pages(page);
  const frozen = yield* page_ref_freeze(page, 1 + nr);
  if (!frozen) return -EAGAIN;
  const index = yield* load(page.index);
  yield* store(newpage.index, index);
  yield* store(newpage.mapping, yield* load(page.mapping));
  yield* page_ref_add(newpage, nr);
  const swapbacked = yield* PageSwapBacked(page);
  if (swapbacked) yield* __SetPageSwapBacked(newpage);
  const cached = yield* PageSwapCache(page);
  if (cached) yield* SetPageSwapCache(newpage);
  for (let i = 0; i < nr; i++) {
    const own = yield* load(nth_page(page, i).private);
    if (cached) yield* store(nth_page(newpage, i).private, own);
    mapping.i_pages.set(cached ? swp_offset(own as Pte) : index + i, nth_page(newpage, i));
  }
  const dirty = yield* TestClearPageDirty(page);
  if (dirty) yield* SetPageDirty(newpage);
  yield* page_ref_unfreeze(page, 1);
  if (!cached) yield* store(page.mapping, 0);
  return 0;
}

export function* migrate_page_states(newpage: Page, page: Page): Op<void> {
  const referenced = yield* PageReferenced(page);
  if (referenced) yield* SetPageReferenced(newpage);
  yield* __SetPageUptodate(newpage);
  if (has_syscalls()) yield* migrate_lru_states(newpage, page);
  const dirty = yield* PageDirty(page);
  if (dirty) yield* SetPageDirty(newpage);
}

/** Which kind of list the page was on, and that it is in no cache any more. The part of migrate_page_states() for that. */
export function* migrate_lru_states(newpage: Page, page: Page): Op<void> {
  const active = yield* PageActive(page);
  if (active) {
    yield* ClearPageActive(page);
    yield* SetPageActive(newpage);
  }
  const unevictable = !active && (yield* TestClearPageUnevictable(page));
  if (unevictable) yield* SetPageUnevictable(newpage);
  const cached = yield* PageSwapCache(page);
  if (cached) yield* ClearPageSwapCache(page);
  const nr = yield* thp_nr_pages(page);
  for (let i = 0; i < nr; i++) yield* store(nth_page(page, i).private, 0);
}

// Waiting

/**
 * Sleeps until entry `index` of `table` is no migration entry, or until the page that it names has been unlocked. The reference by which
 * one finds the page to wait for is put before the sleep; while it is there, nobody can freeze the page.
 */
export function* migration_entry_wait(table: PageTable, index: number): Op<void> {
  const found = yield* spin_until_cond(function* () {
    return yield* get_migrating_page(table, index);
  });
  if (found !== "no migration entry") yield* put_and_wait_on_page_locked(found);
}

/** The page of a migration entry, with a reference; null if it has none to be had: it is frozen, or a tail. */
export function* get_migrating_page(
  table: PageTable,
  index: number,
): Op<Page | "no migration entry" | null> {
  yield* spin_lock(table.ptl);
  const pte = yield* load(table.pte[index]);
  const page = is_migration_entry(pte) ? yield* migration_entry_to_page(pte) : null;
  const got = page !== null && (yield* get_page_unless_zero(page));
  yield* spin_unlock(table.ptl);
  if (page === null) return "no migration entry";
  return got ? page : null;
}

// The way back

/**
 * Lets every migration entry that names `old`, or a part of it, map `page`, or that part of it. Caller holds the locks of both pages and
 * that of the anon_vma.
 */
export function* remove_migration_ptes(old: Page, page: Page): Op<void> {
  const anon_vma = yield* page_anon_vma(page);
  const of_file = anon_vma === null && has_syscalls();
  yield* VM_BUG_ON_PAGE(anon_vma === null && !of_file, page, "!anon_vma");
  const pgoff = yield* page_to_pgoff(page);
  const vmas = of_file
    ? yield* rmap_vmas(page, null, pgoff)
    : anon_vma_interval_tree_foreach(anon_vma!, pgoff);
  for (const vma of vmas) {
    yield* remove_migration_pte(old, page, vma, pgoff);
  }
}

export function* remove_migration_pte(
  old: Page,
  page: Page,
  vma: VmArea,
  pgoff: number,
): Op<void> {
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");

  if (has_syscalls()) yield* remove_migration_pmd(old, page, vma, pgoff);
  const pvmw = begin_walk(old, vma, pgoff, {sync: true, migration: true});
  for (;;) {
    const found = yield* page_vma_mapped_walk(pvmw);
    if (!found) return;
    const i = linear_page_index(vma, pvmw.address) - pgoff;
    yield* restore_pte(pvmw, nth_page(page, i));
  }
}

/** One migration entry becomes a mapping of `page`. Caller holds the ptl. */
export function* restore_pte(pvmw: PageVmaMappedWalk, page: Page): Op<void> {
  const {vma, address} = pvmw;
  const ptep = ptep_of(pvmw);
  yield* get_page(page);
  const entry = yield* load(ptep);
  const pte = pte_mkold(mk_pte(page, vm_get_page_prot(vma.vm_flags)));
  // Visible before the mapcount says so: only this table's lock hides that from its walkers.
  yield* set_pte_at(ptep, is_write_migration_entry(entry) ? maybe_mkwrite(pte, vma) : pte);
  if (vma.vm_file === null) yield* page_add_anon_rmap(page, vma, address);
  else yield* page_add_file_rmap(page);
  if (vma.vm_flags & VM_LOCKED) yield* mlock_restored(page);
}

/** A migration entry in the PMD maps the whole of a huge page again. Models mm/huge_memory.c. */
export function* remove_migration_pmd(
  old: Page,
  page: Page,
  vma: VmArea,
  pgoff: number,
): Op<void> {
  const address = vma_address(pgoff, vma);
  const pmdp = pmd_offset(vma.vm_mm, address);
  const entry = yield* READ_ONCE(pmdp);
  if (!is_pmd_migration_entry(entry)) return;
  const ptl = yield* pmd_lock(vma.vm_mm);
  const now = yield* load(pmdp);
  if (now === entry && pmd_page(entry) === old) {
    yield* get_page(page);
    const pmd = pmd_mkold(mk_huge_pmd(page, vm_get_page_prot(vma.vm_flags)));
    yield* page_add_anon_compound_rmap(page, vma, address);
    const write = is_write_pmd_migration_entry(entry);
    yield* set_pmd_at(pmdp, write ? maybe_pmd_mkwrite(pmd, vma) : pmd);
    const lock = vma.vm_flags & VM_LOCKED && !(yield* PageDoubleMap(page));
    if (lock) yield* mlock_vma_page(page);
  }
  yield* spin_unlock(ptl);
}

/** A page that is mapped again by a locked range: of a huge one that PTEs map nothing is locked. Caller holds the page lock. */
export function* mlock_restored(page: Page): Op<void> {
  const compound = yield* PageTransCompound(page);
  if (!compound) {
    yield* mlock_vma_page(page);
    return;
  }
  const head = yield* compound_head(page);
  yield* clear_page_mlock(head);
}
