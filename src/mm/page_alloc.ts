// Handing out pages and taking them back. Models mm/page_alloc.c, v5.13.
//
// Differs from v5.13: a zone keeps its free pages one by one, on a list from which the last that came is the first to go, where the
// kernel has per-CPU lists in front of blocks of powers of two that are joined and parted again. Who frees a huge page
// finds its first part on top. A bad page stops the machine; the kernel complains and never uses the page again. Leaves out: watermarks, reclaim, interrupts
// off under the zone's lock, the poisoning of free pages.

import {atomic_read, atomic_set, load, store} from "../sim/atomic.ts";
import {bug} from "../sim/bug.ts";
import type {Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {list_add, list_del, list_empty} from "./list.ts";
import {compound_mapcount_ptr, page_mapcount_reset} from "./mm.ts";
import {dump_page, VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  hpage_pmd_nr,
  is_page,
  nth_page,
  page_of_lru,
  page_to_nid,
  type Page,
} from "./mm_types.ts";
import {node, type Node} from "./mmzone.ts";
import {
  __SetPageHead,
  clear_compound_head,
  ClearPageHead,
  PAGE_FLAGS_CHECK_AT_FREE,
  PAGE_FLAGS_CHECK_AT_PREP,
  PAGE_MAPPING_ANON,
  set_compound_head,
  TAIL_MAPPING,
} from "./page-flags.ts";
import {page_ref_count, set_page_count} from "./page_ref.ts";

export const TRANSHUGE_PAGE_DTOR = 3;

/** The type of a page that the allocator owns, kept in its _mapcount. */
export const PAGE_TYPE_BUDDY = -129;

// Handing out

/** A page with one reference, of this node; null if there is none left. */
export function* alloc_page(nid = 0): Op<Page | null> {
  const {zone} = node(nid);
  yield* spin_lock(zone.lock);
  const page = yield* rmqueue(zone);
  yield* spin_unlock(zone.lock);
  if (page !== null) yield* prep_new_page(page);
  return page;
}

/** Takes the uppermost free page off the list. Caller holds the zone's lock. */
export function* rmqueue(zone: Node["zone"]): Op<Page | null> {
  const empty = yield* list_empty(zone.free_list);
  if (empty) return null;
  const first = yield* load(zone.free_list.next);
  const page = page_of_lru(first);
  yield* list_del(page.lru);
  yield* __ClearPageBuddy(page);
  return page;
}

export function* prep_new_page(page: Page): Op<void> {
  const flags = yield* load(page.flags);
  yield* store(page.flags, flags & ~PAGE_FLAGS_CHECK_AT_PREP);
  yield* store(page.private, 0);
  yield* set_page_refcounted(page);
}

/** From here on whoever remembers this page from its last life can take a reference to it again. */
export function* set_page_refcounted(page: Page): Op<void> {
  const count = yield* page_ref_count(page);
  yield* VM_BUG_ON_PAGE(count !== 0, page, "page_ref_count(page)");
  yield* set_page_count(page, 1);
}

/** A new huge page with one reference; null if there are not enough free pages that lie one behind the other. */
export function* alloc_transhuge_page(nid = 0): Op<Page | null> {
  const {zone} = node(nid);
  yield* spin_lock(zone.lock);
  const first = yield* find_free_block(zone);
  for (let i = 0; first !== null && i < hpage_pmd_nr(); i++) {
    yield* list_del(nth_page(first, i).lru);
    yield* __ClearPageBuddy(nth_page(first, i));
  }
  yield* spin_unlock(zone.lock);
  if (first === null) return null;
  yield* prep_new_page(first);
  yield* prep_compound_page(first);
  return first;
}

/** The first of enough free pages that lie one behind the other; null if there are none. Caller holds the zone's lock. */
export function* find_free_block(zone: Node["zone"]): Op<Page | null> {
  let at = yield* load(zone.free_list.next);
  while (at !== zone.free_list.address) {
    const page = page_of_lru(at);
    const free = yield* are_free(page, hpage_pmd_nr());
    if (free) return page;
    at = yield* load(page.lru.next);
  }
  return null;
}

export function* are_free(page: Page, nr: number): Op<boolean> {
  for (let i = 0; i < nr; i++) {
    if (!is_page(nth_page(page, i))) return false;
    const buddy = yield* PageBuddy(nth_page(page, i));
    if (!buddy) return false;
  }
  return true;
}

/** Joins the pages from `page` on. Nobody else can see them; the head keeps the allocator's reference. */
export function* prep_compound_page(page: Page): Op<void> {
  const nr = hpage_pmd_nr();
  yield* __SetPageHead(page);
  for (let i = 1; i < nr; i++) {
    const tail = nth_page(page, i);
    yield* set_page_count(tail, 0);
    yield* store(tail.mapping, TAIL_MAPPING);
    yield* set_compound_head(tail, page);
  }
  const first = nth_page(page, 1);
  yield* store(first.compound_dtor, TRANSHUGE_PAGE_DTOR);
  yield* store(first.compound_order, Math.log2(nr));
  yield* store(first.compound_nr, nr);
  yield* atomic_set(compound_mapcount_ptr(page), -1);
  if (nr > 2) yield* atomic_set(nth_page(page, 2).hpage_pinned_refcount, 0);
}

// Taking back

/** The end of a small page, or of a huge one with all its parts. Nobody has a reference. */
export function* __free_pages_ok(page: Page, compound: boolean): Op<void> {
  const nr = compound ? hpage_pmd_nr() : 1;
  yield* free_pages_prepare(page, nr);
  const {zone} = node(page_to_nid(page));
  yield* spin_lock(zone.lock);
  for (let i = nr - 1; i >= 0; i--) yield* __free_one_page(nth_page(page, i), zone);
  yield* spin_unlock(zone.lock);
}

/** Wipes what the page has been, and looks whether somebody still uses it. */
export function* free_pages_prepare(page: Page, nr: number): Op<void> {
  for (let i = 1; i < nr; i++) {
    const tail = nth_page(page, i);
    yield* store(tail.mapping, 0);
    yield* clear_compound_head(tail);
    yield* check_free_page(tail);
  }
  if (nr > 1) yield* ClearPageHead(page);
  const mapping = yield* load(page.mapping);
  if (mapping & PAGE_MAPPING_ANON) yield* store(page.mapping, 0);
  yield* check_free_page(page);
}

export function* check_free_page(page: Page): Op<void> {
  const mapcount = yield* atomic_read(page._mapcount);
  if (mapcount !== -1) yield* bug("Bad page state: nonzero mapcount", dump_page(page));
  const count = yield* page_ref_count(page);
  if (count !== 0) yield* bug("Bad page state: nonzero _refcount", dump_page(page));
  const flags = yield* load(page.flags);
  if (flags & PAGE_FLAGS_CHECK_AT_FREE)
    yield* bug("Bad page state: PAGE_FLAGS_CHECK_AT_FREE flag(s) set", dump_page(page));
  yield* store(page.flags, flags & ~PAGE_FLAGS_CHECK_AT_PREP);
}

/** Caller holds the zone's lock. */
export function* __free_one_page(page: Page, zone: Node["zone"]): Op<void> {
  yield* __SetPageBuddy(page);
  yield* list_add(page.lru, zone.free_list);
}

export function* PageBuddy(page: Page): Op<boolean> {
  const type = yield* atomic_read(page._mapcount);
  return type === PAGE_TYPE_BUDDY;
}

export function* __SetPageBuddy(page: Page): Op<void> {
  yield* atomic_set(page._mapcount, PAGE_TYPE_BUDDY);
}

export function* __ClearPageBuddy(page: Page): Op<void> {
  yield* page_mapcount_reset(page);
}
