// Moving a page to another frame, and waiting for that. Models mm/migrate.c, v5.13, for small anonymous pages; the way back from
// migration entries to mappings also for huge pages that are split.
//
// Leaves out: huge pages as what is moved, entries in a PMD, KSM, file pages, mlock, pages of drivers, and with them the loads that ask
// for them; flags that no page of these stories has. Differs from v5.13: how many passes are made is the caller's to say (there it
// is ten, and from the third on the page lock is waited for); a fault that finds no reference to be had is tried again at
// once, here as there, but as a loop that waits.

import {load, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_read, spin_lock, spin_unlock, spin_until_cond, up_read} from "../sim/lock.ts";
import {EAGAIN, EBUSY, ENOENT, ENOMEM} from "./errno.ts";
import {put_and_wait_on_page_locked} from "./filemap.ts";
import {copy_highpage} from "./highmem.ts";
import {follow_page} from "./huge_memory.ts";
import {clear_page_mlock, mlock_vma_page} from "./mlock.ts";
import {get_page, get_page_unless_zero, put_page} from "./mm.ts";
import {
  nth_page,
  VM_LOCKED,
  type Mm,
  type Page,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  __SetPageSwapBacked,
  __SetPageUptodate,
  compound_head,
  PageDirty,
  PageLocked,
  PageReferenced,
  PageSwapBacked,
  PageTail,
  PageTransCompound,
  SetPageDirty,
  SetPageReferenced,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {alloc_page} from "./page_alloc.ts";
import {page_count} from "./page_ref.ts";
import {
  begin_walk,
  page_vma_mapped_walk,
  ptep_of,
  type PageVmaMappedWalk,
} from "./page_vma_mapped.ts";
import {maybe_mkwrite, mk_pte, pte_mkold, set_pte_at, vm_get_page_prot} from "./pgtable.ts";
import {
  anon_vma_interval_tree_foreach,
  linear_page_index,
  page_add_anon_rmap,
  page_anon_vma,
  page_get_anon_vma,
  page_to_pgoff,
  put_anon_vma,
  try_to_unmap,
} from "./rmap.ts";
import {isolate_lru_page, putback_lru_page} from "./swap.ts";
import {
  is_migration_entry,
  is_write_migration_entry,
  migration_entry_to_page,
} from "./swapops.ts";
import {page_mapped} from "./util.ts";

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
  const still = yield* page_mapped(page);
  const error = still ? -EAGAIN : yield* move_to_new_page(newpage, page);
  if (before && anon_vma !== null) {
    yield* down_read(anon_vma.rwsem);
    yield* remove_migration_ptes(page, error === 0 ? newpage : page);
    yield* up_read(anon_vma.rwsem);
  }

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
  yield* copy_highpage(newpage, page);
  yield* migrate_page_states(newpage, page);
  return 0;
}

/** Of an anonymous page the count is only looked at, not frozen: whoever comes later gets a page that is about to be dropped. */
export function* migrate_page_move_mapping(newpage: Page, page: Page): Op<number> {
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

export function* migrate_page_states(newpage: Page, page: Page): Op<void> {
  const referenced = yield* PageReferenced(page);
  if (referenced) yield* SetPageReferenced(newpage);
  yield* __SetPageUptodate(newpage);
  const dirty = yield* PageDirty(page);
  if (dirty) yield* SetPageDirty(newpage);
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
  yield* VM_BUG_ON_PAGE(anon_vma === null, page, "!anon_vma");
  const pgoff = yield* page_to_pgoff(page);
  for (const vma of anon_vma_interval_tree_foreach(anon_vma!, pgoff)) {
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
  yield* page_add_anon_rmap(page, vma, address);
  if (vma.vm_flags & VM_LOCKED) yield* mlock_restored(page);
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
