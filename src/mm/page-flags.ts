// Page flags, and which page of a compound page each of them lives in. Models include/linux/page-flags.h, v5.13.
//
// A policy says what a flag's functions do with a tail: look at the head instead (PF_HEAD, PF_NO_TAIL), look at page[1]
// (PF_SECOND), or at the page they were given (PF_ANY). Some policies check that their argument makes sense, if the
// kernel was built with CONFIG_DEBUG_VM_PGFLAGS. Leaves out: the check for poisoned flags, hugetlb pages.

import {
  READ_ONCE,
  clear_bit,
  load,
  set_bit,
  store,
  test_and_clear_bit,
  test_and_set_bit,
  test_and_set_bit_lock,
  test_bit,
  WRITE_ONCE,
} from "../sim/atomic.ts";
import {BUG_ON} from "../sim/bug.ts";
import type {Cell, Op} from "../sim/index.ts";
import {clear_bit_unlock, wait_on_bit_lock} from "../sim/lock.ts";
import {config_debug_vm_pgflags, VM_BUG_ON_PAGE, VM_BUG_ON_PGFLAGS} from "./mmdebug.ts";
import {nth_page, page_at, type Page} from "./mm_types.ts";

export const PG_locked = 0;
export const PG_referenced = 1;
export const PG_uptodate = 2;
export const PG_dirty = 3;
export const PG_lru = 4;
export const PG_active = 5;
export const PG_workingset = 6;
export const PG_waiters = 7;
export const PG_slab = 9;
export const PG_swapcache = 10;
export const PG_reserved = 12;
export const PG_head = 16;
export const PG_reclaim = 18;
export const PG_swapbacked = 19;
export const PG_unevictable = 20;
export const PG_mlocked = 21;
/** In page[1] only: the huge page is mapped by a PMD and by PTEs. */
export const PG_double_map = PG_workingset;
/** Read ahead, and not asked for yet. */
export const PG_readahead = PG_reclaim;

/** All flags that a page about to be handed out must not have; PG_locked to PG_mlocked here. */
export const PAGE_FLAGS_CHECK_AT_PREP = (1 << 22) - 1;

/** Flags with which no page may be freed: who set them has not done with it. */
export const PAGE_FLAGS_CHECK_AT_FREE =
  (1 << PG_locked) |
  (1 << PG_lru) |
  (1 << PG_active) |
  (1 << PG_slab) |
  (1 << PG_reserved) |
  (1 << PG_unevictable) |
  (1 << PG_mlocked);

/** What a tail inherits from its head when the two part. */
export const PAGE_FLAGS_INHERITED =
  (1 << PG_referenced) |
  (1 << PG_swapbacked) |
  (1 << PG_swapcache) |
  (1 << PG_mlocked) |
  (1 << PG_uptodate) |
  (1 << PG_active) |
  (1 << PG_workingset) |
  (1 << PG_locked) |
  (1 << PG_unevictable) |
  (1 << PG_dirty);

/** Low bit of mapping: it points to an anon_vma. */
export const PAGE_MAPPING_ANON = 1;

/** The mapping of a tail, where no one should look. */
export const TAIL_MAPPING = 0x400;

// What a page is

/** The head of the compound page that `page` belongs to right now, or `page`. One load; true when it is made. */
export function* compound_head(page: Page): Op<Page> {
  const head = yield* READ_ONCE(page.compound_head);
  return head & 1 ? page_at(head - 1) : page;
}

export function* PageTail(page: Page): Op<boolean> {
  const head = yield* READ_ONCE(page.compound_head);
  return (head & 1) === 1;
}

/** Two loads that need not agree with each other. */
export function* PageCompound(page: Page): Op<boolean> {
  const head = yield* test_bit(PG_head, page.flags);
  if (head) return true;
  return yield* PageTail(page);
}

export function* set_compound_head(page: Page, head: Page): Op<void> {
  yield* WRITE_ONCE(page.compound_head, head.address + 1);
}

export function* clear_compound_head(page: Page): Op<void> {
  yield* WRITE_ONCE(page.compound_head, 0);
}

export function* ClearPageCompound(page: Page): Op<void> {
  const head = yield* PageHead(page);
  yield* BUG_ON(!head, "!PageHead(page)");
  yield* ClearPageHead(page);
}

export function* PageTransCompound(page: Page): Op<boolean> {
  return yield* PageCompound(page);
}

/** Not to be asked of a tail. */
export function* PageTransHuge(page: Page): Op<boolean> {
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");
  return yield* PageHead(page);
}

export function* PageAnon(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  const mapping = yield* load(head.mapping);
  return (mapping & PAGE_MAPPING_ANON) !== 0;
}

// PF_ANY: the page that is given

export function* PageHead(page: Page): Op<boolean> {
  return yield* test_bit(PG_head, page.flags);
}

export function* __SetPageHead(page: Page): Op<void> {
  const flags = yield* load(page.flags);
  yield* store(page.flags, flags | (1 << PG_head));
}

export function* ClearPageHead(page: Page): Op<void> {
  yield* clear_bit(PG_head, page.flags);
}

// PF_HEAD: the head

export function* PF_HEAD(page: Page): Op<Page> {
  return yield* compound_head(page);
}

export function* PageLRU(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_bit(PG_lru, head.flags);
}

export function* SetPageLRU(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* set_bit(PG_lru, head.flags);
}

export function* TestClearPageLRU(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_and_clear_bit(PG_lru, head.flags);
}

export function* PageDirty(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_bit(PG_dirty, head.flags);
}

/** Of a new page, before anybody can see it: no policy. */
export function* __SetPageUptodate(page: Page): Op<void> {
  yield* set_bit(PG_uptodate, page.flags);
}

export function* SetPageDirty(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* set_bit(PG_dirty, head.flags);
}

export function* PageReferenced(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_bit(PG_referenced, head.flags);
}

export function* SetPageReferenced(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* set_bit(PG_referenced, head.flags);
}

export function* ClearPageReferenced(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* clear_bit(PG_referenced, head.flags);
}

export function* TestClearPageReferenced(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_and_clear_bit(PG_referenced, head.flags);
}

export function* ClearPageDirty(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* clear_bit(PG_dirty, head.flags);
}

export function* TestClearPageDirty(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_and_clear_bit(PG_dirty, head.flags);
}

export function* PageActive(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_bit(PG_active, head.flags);
}

export function* SetPageActive(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* set_bit(PG_active, head.flags);
}

export function* ClearPageActive(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* clear_bit(PG_active, head.flags);
}

export function* PageUnevictable(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_bit(PG_unevictable, head.flags);
}

export function* SetPageUnevictable(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* set_bit(PG_unevictable, head.flags);
}

export function* TestClearPageUnevictable(page: Page): Op<boolean> {
  const head = yield* PF_HEAD(page);
  return yield* test_and_clear_bit(PG_unevictable, head.flags);
}

/** Clears a bit in two plain accesses: the caller sees to it that nobody else changes the word. Models asm/bitops.h. */
export function* __clear_bit(bit: number, word: Cell<number>): Op<void> {
  const value = yield* load(word);
  yield* store(word, value & ~(1 << bit));
}

/** Caller holds the lru_lock, as for the next two. */
export function* __ClearPageLRU(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* __clear_bit(PG_lru, head.flags);
}

export function* __ClearPageActive(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* __clear_bit(PG_active, head.flags);
}

export function* __ClearPageUnevictable(page: Page): Op<void> {
  const head = yield* PF_HEAD(page);
  yield* __clear_bit(PG_unevictable, head.flags);
}

// PF_NO_TAIL: the head; a modifier must not be given a tail

export function* PF_NO_TAIL(page: Page, enforce: boolean): Op<Page> {
  if (enforce && config_debug_vm_pgflags()) {
    const tail = yield* PageTail(page);
    yield* VM_BUG_ON_PGFLAGS(tail, page, "1 && PageTail(page)");
  }
  return yield* compound_head(page);
}

export function* PageLocked(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, false);
  return yield* test_bit(PG_locked, head.flags);
}

export function* PageSwapBacked(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, false);
  return yield* test_bit(PG_swapbacked, head.flags);
}

export function* PageSlab(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, false);
  return yield* test_bit(PG_slab, head.flags);
}

/** Of a new page, before anybody can see it. */
export function* __SetPageSwapBacked(page: Page): Op<void> {
  const flags = yield* load(page.flags);
  yield* store(page.flags, flags | (1 << PG_swapbacked));
}

/** Only a page that is also PG_swapbacked is in the swap cache. */
export function* PageSwapCache(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  const swapbacked = yield* PageSwapBacked(head);
  return swapbacked && (yield* test_bit(PG_swapcache, head.flags));
}

export function* PageMlocked(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, false);
  return yield* test_bit(PG_mlocked, head.flags);
}

export function* SetPageSwapBacked(page: Page): Op<void> {
  const head = yield* PF_NO_TAIL(page, true);
  yield* set_bit(PG_swapbacked, head.flags);
}

export function* ClearPageSwapBacked(page: Page): Op<void> {
  const head = yield* PF_NO_TAIL(page, true);
  yield* clear_bit(PG_swapbacked, head.flags);
}

export function* SetPageSwapCache(page: Page): Op<void> {
  const head = yield* PF_NO_TAIL(page, true);
  yield* set_bit(PG_swapcache, head.flags);
}

export function* ClearPageSwapCache(page: Page): Op<void> {
  const head = yield* PF_NO_TAIL(page, true);
  yield* clear_bit(PG_swapcache, head.flags);
}

export function* TestSetPageMlocked(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, true);
  return yield* test_and_set_bit(PG_mlocked, head.flags);
}

export function* TestClearPageMlocked(page: Page): Op<boolean> {
  const head = yield* PF_NO_TAIL(page, true);
  return yield* test_and_clear_bit(PG_mlocked, head.flags);
}

export function* SetPageUptodate(page: Page): Op<void> {
  const head = yield* PF_NO_TAIL(page, true);
  yield* set_bit(PG_uptodate, head.flags);
}

// PF_NO_COMPOUND: a small page; what a compound one would do is left out

export function* SetPageReadahead(page: Page): Op<void> {
  yield* set_bit(PG_readahead, page.flags);
}

export function* TestClearPageReadahead(page: Page): Op<boolean> {
  return yield* test_and_clear_bit(PG_readahead, page.flags);
}

/** Of a new page, before anybody can see it. */
export function* __SetPageLocked(page: Page): Op<void> {
  yield* set_bit(PG_locked, page.flags);
}

/** Writing back takes no time here: a page that is swapped out is written to memory, at once. */
export function PageWriteback(_page: Page): boolean {
  return false;
}

// PF_SECOND: page[1], and the page that is given must be a head

export function* PF_SECOND(page: Page): Op<Page> {
  if (config_debug_vm_pgflags()) {
    const head = yield* PageHead(page);
    yield* VM_BUG_ON_PGFLAGS(!head, page, "!PageHead(page)");
  }
  return nth_page(page, 1);
}

export function* PageDoubleMap(page: Page): Op<boolean> {
  const second = yield* PF_SECOND(page);
  return yield* test_bit(PG_double_map, second.flags);
}

export function* TestSetPageDoubleMap(page: Page): Op<boolean> {
  const second = yield* PF_SECOND(page);
  return yield* test_and_set_bit(PG_double_map, second.flags);
}

export function* TestClearPageDoubleMap(page: Page): Op<boolean> {
  const second = yield* PF_SECOND(page);
  return yield* test_and_clear_bit(PG_double_map, second.flags);
}

// The page lock. Models include/linux/pagemap.h and mm/filemap.c; leaves out: PG_waiters and the wait queue.

export function* trylock_page(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  const held = yield* test_and_set_bit_lock(PG_locked, head.flags);
  return !held;
}

export function* lock_page(page: Page): Op<void> {
  const head = yield* compound_head(page);
  yield* wait_on_bit_lock(PG_locked, head.flags);
}

export function* unlock_page(page: Page): Op<void> {
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* VM_BUG_ON_PAGE(!locked, head, "!PageLocked(page)");
  yield* clear_bit_unlock(PG_locked, head.flags);
}
