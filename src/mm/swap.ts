// The LRU list and the end of a page. Models mm/swap.c and the freeing part of mm/page_alloc.c, v5.13.
// Leaves out: the per-CPU batches in front of the LRU list (pages are put on it at once), the kinds of LRU list, interrupts off
// under its lock; taking a freed page off the list, the destructor of huge pages, and the allocator: a freed page only gets
// the type of a page that the buddy allocator owns, at once, where the kernel has a per-CPU list in between.

import {atomic_set, store} from "../sim/atomic.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import type {Op} from "../sim/index.ts";
import {list_add_tail} from "./list.ts";
import {node} from "./mmzone.ts";
import type {Page} from "./mm_types.ts";
import {SetPageLRU} from "./page-flags.ts";

/** The page type of a free page, kept in its _mapcount. */
export const PAGE_TYPE_BUDDY = -129;

/** Puts a new page on the LRU list. */
export function* lru_cache_add(page: Page): Op<void> {
  const {lruvec} = node();
  yield* spin_lock(lruvec.lru_lock);
  yield* SetPageLRU(page);
  yield* list_add_tail(page.lru, lruvec.list);
  yield* spin_unlock(lruvec.lru_lock);
}

/** The last reference is gone. */
export function* __put_page(page: Page): Op<void> {
  yield* store(page.mapping, 0);
  yield* atomic_set(page._mapcount, PAGE_TYPE_BUDDY);
}
