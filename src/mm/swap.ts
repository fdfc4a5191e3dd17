// The LRU list and the end of a page. Models mm/swap.c and what mm/vmscan.c takes off the list, v5.13.
//
// Differs from v5.13: there are no per-CPU batches in front of the LRU list, pages are put on it at once; and it is one list, where the kernel
// has one for each kind: that a page is active or unevictable only its flags say. Leaves out: interrupts off under the lock.

import type {Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {free_transhuge_page} from "./huge_memory.ts";
import {list_add_tail, list_del} from "./list.ts";
import {get_page, put_page, thp_nr_pages} from "./mm.ts";
import {has_syscalls, VM_LOCKED, type Page, type VmArea} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {node} from "./mmzone.ts";
import {
  __ClearPageActive,
  __ClearPageLRU,
  __ClearPageUnevictable,
  ClearPageActive,
  ClearPageReferenced,
  ClearPageSwapBacked,
  compound_head,
  PageActive,
  PageAnon,
  PageCompound,
  PageLRU,
  PageMlocked,
  PageReferenced,
  PageSwapBacked,
  PageSwapCache,
  PageUnevictable,
  SetPageActive,
  SetPageLRU,
  SetPageReferenced,
  SetPageUnevictable,
  TestClearPageLRU,
  TestClearPageUnevictable,
  TestSetPageMlocked,
} from "./page-flags.ts";
import {__free_pages_ok} from "./page_alloc.ts";
import {page_count} from "./page_ref.ts";
import {count_vm_event} from "./vmstat.ts";
import {workingset_age_nonresident} from "./workingset.ts";

/** Puts a page on the LRU list. */
export function* lru_cache_add(page: Page): Op<void> {
  const {lruvec} = node();
  yield* spin_lock(lruvec.lru_lock);
  yield* SetPageLRU(page);
  if (has_syscalls()) yield* sort_unevictable(page);
  yield* list_add_tail(page.lru, lruvec.list);
  yield* spin_unlock(lruvec.lru_lock);
}

/** Says of a page whether it is one of those that cannot be put out. The part of __pagevec_lru_add_fn() for that. Caller holds the lru_lock. */
export function* sort_unevictable(page: Page): Op<void> {
  const before = yield* TestClearPageUnevictable(page);
  const evictable = yield* page_evictable(page);
  const nr = yield* thp_nr_pages(page);
  if (evictable) {
    if (before) count_vm_event("unevictable_pgs_rescued", nr);
    return;
  }
  yield* ClearPageActive(page);
  yield* SetPageUnevictable(page);
  if (!before) count_vm_event("unevictable_pgs_culled", nr);
}

/** May the page be put out? Models mm/internal.h, for memory that no file holds. */
export function* page_evictable(page: Page): Op<boolean> {
  const mlocked = yield* PageMlocked(page);
  return !mlocked;
}

/** The same for a new page of a range, which may be locked in memory. */
export function* lru_cache_add_inactive_or_unevictable(page: Page, vma: VmArea): Op<void> {
  if (vma.vm_flags & VM_LOCKED) yield* count_mlocked(page);
  yield* lru_cache_add(page);
}

/** Marks a page as locked in memory. False if it is already. */
export function* count_mlocked(page: Page): Op<boolean> {
  const before = yield* TestSetPageMlocked(page);
  if (before) return false;
  const nr = yield* thp_nr_pages(page);
  count_vm_event("unevictable_pgs_mlocked", nr);
  return true;
}

/** Takes a page off the LRU list, with a reference of its own; false if somebody else has, or it never was there. */
export function* isolate_lru_page(page: Page): Op<boolean> {
  const count = yield* page_count(page);
  yield* VM_BUG_ON_PAGE(count === 0, page, "!page_count(page)");
  const was_on_list = yield* TestClearPageLRU(page);
  if (!was_on_list) return false;

  yield* get_page(page);
  const {lruvec} = node();
  yield* spin_lock(lruvec.lru_lock);
  yield* list_del(page.lru);
  yield* spin_unlock(lruvec.lru_lock);
  return true;
}

/** Ends what isolate_lru_page() began. */
export function* putback_lru_page(page: Page): Op<void> {
  yield* lru_cache_add(page);
  yield* put_page(page);
}

/** The page has been used: the first time that is noted, the second time it moves up. */
export function* mark_page_accessed(page: Page): Op<void> {
  const head = yield* compound_head(page);
  const referenced = yield* PageReferenced(head);
  if (!referenced) {
    yield* SetPageReferenced(head);
    return;
  }
  const unevictable = yield* PageUnevictable(head);
  const active = yield* PageActive(head);
  if (unevictable || active) return;
  // The zero page is on no list: it has nowhere to move.
  const on_list = yield* PageLRU(head);
  if (on_list) yield* SetPageActive(head);
  yield* ClearPageReferenced(head);
  const nr = yield* thp_nr_pages(head);
  yield* workingset_age_nonresident(nr);
}

/** The process will not need the page soon: an active one moves down. */
export function* deactivate_page(page: Page): Op<void> {
  const on_list = yield* PageLRU(page);
  const active = yield* PageActive(page);
  const unevictable = yield* PageUnevictable(page);
  if (!on_list || !active || unevictable) return;
  yield* ClearPageActive(page);
  yield* ClearPageReferenced(page);
}

/** The process does not need what is in the page: unless it is written to before, it may be dropped and need not be swapped out. */
export function* mark_page_lazyfree(page: Page): Op<void> {
  const on_list = yield* PageLRU(page);
  const anon = yield* PageAnon(page);
  const swapbacked = yield* PageSwapBacked(page);
  const cached = yield* PageSwapCache(page);
  const unevictable = yield* PageUnevictable(page);
  if (!on_list || !anon || !swapbacked || cached || unevictable) return;
  yield* ClearPageActive(page);
  yield* ClearPageReferenced(page);
  yield* ClearPageSwapBacked(page);
  const nr = yield* thp_nr_pages(page);
  count_vm_event("pglazyfree", nr);
}

/** The last reference is gone. */
export function* __put_page(page: Page): Op<void> {
  yield* __page_cache_release(page);
  const compound = yield* PageCompound(page);
  if (compound) yield* free_transhuge_page(page);
  yield* __free_pages_ok(page, compound);
}

/** The end of a page that was taken off the LRU list, and whose last reference was frozen away. Models mm/page_alloc.c. */
export function* free_unref_page(page: Page): Op<void> {
  const compound = yield* PageCompound(page);
  if (compound) yield* free_transhuge_page(page);
  yield* __free_pages_ok(page, compound);
}

/** Takes a page that nobody has a reference to off the LRU list. */
export function* __page_cache_release(page: Page): Op<void> {
  const on_list = yield* PageLRU(page);
  if (!on_list) return;
  const {lruvec} = node();
  yield* spin_lock(lruvec.lru_lock);
  yield* list_del(page.lru);
  yield* __clear_page_lru_flags(page);
  yield* spin_unlock(lruvec.lru_lock);
}

/** Takes from a page what it has as a member of the LRU list. Models include/linux/mm_inline.h. Caller holds the lru_lock. */
export function* __clear_page_lru_flags(page: Page): Op<void> {
  yield* __ClearPageLRU(page);
  if (!has_syscalls()) return;
  const active = yield* PageActive(page);
  const unevictable = yield* PageUnevictable(page);
  // A page cannot be both: who frees it is told.
  if (active && unevictable) return;
  yield* __ClearPageActive(page);
  yield* __ClearPageUnevictable(page);
}
