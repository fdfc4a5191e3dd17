// Taking and dropping references, and how often a page is mapped. Models include/linux/mm.h, v5.13.
// Leaves out: hugetlb pages, zone device pages, the overflow checks of a reference count.

import {atomic_read, atomic_set, load} from "../sim/atomic.ts";
import {WARN_ON_ONCE} from "../sim/bug.ts";
import type {Cell, Op} from "../sim/index.ts";
import {config_debug_vm_pgflags, VM_BUG_ON_PAGE, VM_BUG_ON_PGFLAGS} from "./mmdebug.ts";
import {hpage_pmd_nr, nth_page, type Page} from "./mm_types.ts";
import {compound_head, PageCompound, PageHead, PageTail} from "./page-flags.ts";
import {
  page_ref_add_unless,
  page_ref_count,
  page_ref_dec_and_test,
  page_ref_inc,
} from "./page_ref.ts";
import {__put_page} from "./swap.ts";
import {__page_mapcount} from "./util.ts";

/** Takes another reference. The caller must own one already. */
export function* get_page(page: Page): Op<void> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  yield* VM_BUG_ON_PAGE(
    count <= 0,
    head,
    "((unsigned int) page_ref_count(page) + 127u <= 127u)",
  );
  yield* page_ref_inc(head);
}

/** Takes a reference on this very page, not on its head, unless there is none: then it is free, frozen, or a tail. */
export function* get_page_unless_zero(page: Page): Op<boolean> {
  return yield* page_ref_add_unless(page, 1, 0);
}

/** Looks whether somebody has a reference, and takes another: two steps, so only where none can vanish between. */
export function* try_get_page(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  const none = yield* WARN_ON_ONCE(count <= 0, "page_ref_count(page) <= 0");
  if (none) return false;
  yield* page_ref_inc(head);
  return true;
}

/** Drops one reference. The caller must own it. */
export function* put_page(page: Page): Op<void> {
  const head = yield* compound_head(page);

  // The last one out turns off the light: nobody else can find this page any more.
  const last = yield* put_page_testzero(head);
  if (last) yield* __put_page(head);
}

export function* put_page_testzero(page: Page): Op<boolean> {
  const count = yield* page_ref_count(page);
  yield* VM_BUG_ON_PAGE(count === 0, page, "page_ref_count(page) == 0");
  return yield* page_ref_dec_and_test(page);
}

/** How often this page is mapped, alone or as a part of a huge page. */
export function* page_mapcount(page: Page): Op<number> {
  const compound = yield* PageCompound(page);
  if (compound) return yield* __page_mapcount(page);
  const mapcount = yield* atomic_read(page._mapcount);
  return mapcount + 1;
}

export function* page_mapcount_reset(page: Page): Op<void> {
  yield* atomic_set(page._mapcount, -1);
}

/** How often a huge page is mapped as a whole. `head` must be one, and nobody checks. */
export function* head_compound_mapcount(head: Page): Op<number> {
  const mapcount = yield* atomic_read(compound_mapcount_ptr(head));
  return mapcount + 1;
}

export function* compound_mapcount(page: Page): Op<number> {
  const compound = yield* PageCompound(page);
  yield* VM_BUG_ON_PAGE(!compound, page, "!PageCompound(page)");
  const head = yield* compound_head(page);
  return yield* head_compound_mapcount(head);
}

/** Where a head keeps its compound_mapcount: in the first tail. */
export function compound_mapcount_ptr(head: Page): Cell {
  return nth_page(head, 1).compound_mapcount;
}

/** Where a head of three or more pages counts its pins: in the second tail. */
export function compound_pincount_ptr(head: Page): Cell {
  return nth_page(head, 2).hpage_pinned_refcount;
}

/** Has the compound page of `page` room for a count of its pins? Two loads and more, of a page that may change between them. */
export function* hpage_pincount_available(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  const compound = yield* PageCompound(head);
  if (!compound) return false;
  const order = yield* compound_order(head);
  return order > 1;
}

/** Does it look as if somebody had pinned the page? One that has many references may look so, too. */
export function* page_maybe_dma_pinned(page: Page): Op<boolean> {
  const available = yield* hpage_pincount_available(page);
  const head = yield* compound_head(page);
  if (available) {
    const pins = yield* atomic_read(compound_pincount_ptr(head));
    return pins > 0;
  }
  const count = yield* page_ref_count(head);
  return count >= GUP_PIN_COUNTING_BIAS;
}

/** A pin of a small page counts as so many references. */
export const GUP_PIN_COUNTING_BIAS = 1024;

/** 0 if `page` heads no compound page. */
export function* compound_order(page: Page): Op<number> {
  const head = yield* PageHead(page);
  if (!head) return 0;
  return yield* load(nth_page(page, 1).compound_order);
}

/** Sub-pages of the compound page that `page` heads; 1 if it heads none. */
export function* compound_nr(page: Page): Op<number> {
  const head = yield* PageHead(page);
  if (!head) return 1;
  return yield* load(nth_page(page, 1).compound_nr);
}

/** Sub-pages of the huge page that `page` heads; 1 if it heads none. Models include/linux/huge_mm.h. */
export function* thp_nr_pages(page: Page): Op<number> {
  if (config_debug_vm_pgflags()) {
    const tail = yield* PageTail(page);
    yield* VM_BUG_ON_PGFLAGS(tail, page, "PageTail(page)");
  }
  const head = yield* PageHead(page);
  return head ? hpage_pmd_nr() : 1;
}
