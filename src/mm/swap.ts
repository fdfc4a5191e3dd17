// The LRU list and the end of a page. Models mm/swap.c and what mm/vmscan.c takes off the list, v5.13.
// Leaves out: the per-CPU batches in front of the LRU list (pages are put on it at once), the kinds of LRU list, interrupts off
// under its lock, statistics.

import type {Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {free_transhuge_page} from "./huge_memory.ts";
import {list_add_tail, list_del} from "./list.ts";
import {get_page, put_page} from "./mm.ts";
import type {Page, VmArea} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {node} from "./mmzone.ts";
import {
  __ClearPageLRU,
  PageCompound,
  PageLRU,
  SetPageLRU,
  TestClearPageLRU,
} from "./page-flags.ts";
import {__free_pages_ok} from "./page_alloc.ts";
import {page_count} from "./page_ref.ts";

/** Puts a page on the LRU list. */
export function* lru_cache_add(page: Page): Op<void> {
  const {lruvec} = node();
  yield* spin_lock(lruvec.lru_lock);
  yield* SetPageLRU(page);
  yield* list_add_tail(page.lru, lruvec.list);
  yield* spin_unlock(lruvec.lru_lock);
}

/** The same for a new page of a range, which may be locked in memory. */
export function* lru_cache_add_inactive_or_unevictable(page: Page, _vma: VmArea): Op<void> {
  yield* lru_cache_add(page);
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

/** The last reference is gone. */
export function* __put_page(page: Page): Op<void> {
  yield* __page_cache_release(page);
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
  yield* __ClearPageLRU(page);
  yield* spin_unlock(lruvec.lru_lock);
}
