// References to a page. Models include/linux/page_ref.h, v5.13.
//
// A page with a count of 0 is free, frozen or a tail: nobody can take a reference. So whoever brought a page to 0 may change
// what everybody else relies on, and only the owner of a frozen page ends that.

import {
  atomic_add,
  atomic_add_unless,
  atomic_dec_and_test,
  atomic_inc,
  atomic_read,
  atomic_set,
  atomic_set_release,
  atomic_sub,
  atomic_try_cmpxchg,
} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {VM_BUG_ON, VM_BUG_ON_PAGE} from "./mmdebug.ts";
import type {Page} from "./mm_types.ts";
import {compound_head} from "./page-flags.ts";

export function* page_ref_count(page: Page): Op<number> {
  return yield* atomic_read(page._refcount);
}

/** The references of the compound page that `page` belongs to. Two loads. */
export function* page_count(page: Page): Op<number> {
  const head = yield* compound_head(page);
  return yield* atomic_read(head._refcount);
}

export function* set_page_count(page: Page, count: number): Op<void> {
  yield* atomic_set(page._refcount, count);
}

export function* page_ref_add(page: Page, nr: number): Op<void> {
  yield* atomic_add(page._refcount, nr);
}

export function* page_ref_sub(page: Page, nr: number): Op<void> {
  yield* atomic_sub(page._refcount, nr);
}

export function* page_ref_inc(page: Page): Op<void> {
  yield* atomic_inc(page._refcount);
}

export function* page_ref_dec_and_test(page: Page): Op<boolean> {
  return yield* atomic_dec_and_test(page._refcount);
}

export function* page_ref_add_unless(page: Page, nr: number, unless: number): Op<boolean> {
  return yield* atomic_add_unless(page._refcount, nr, unless);
}

/** Takes `page` out of reach: true if exactly `count` references were left, and nobody can add one now. */
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  return yield* atomic_try_cmpxchg(page._refcount, count, 0);
}

/** Gives a frozen page `count` references; everything written before is seen by whoever takes the next one. */
export function* page_ref_unfreeze(page: Page, count: number): Op<void> {
  const now = yield* page_count(page);
  yield* VM_BUG_ON_PAGE(now !== 0, page, "page_count(page) != 0");
  yield* VM_BUG_ON(count === 0, "count == 0");
  yield* atomic_set_release(page._refcount, count);
}
