// What Jann Horn sent on 11 June 2021, four days after the thread (c24d37322548, v5.14): once the reference is there, look again whether the page
// still belongs to the head. And how pins are counted is looked up only when the page can no longer change.

import type {Op} from "../sim/index.ts";
import {atomic_add} from "../sim/atomic.ts";
import {WARN_ON_ONCE} from "../sim/bug.ts";
import {FOLL_GET} from "../mm/gup.ts";
import {
  compound_pincount_ptr,
  GUP_PIN_COUNTING_BIAS,
  hpage_pincount_available,
  put_page,
} from "../mm/mm.ts";
import type {Page} from "../mm/mm_types.ts";
import {compound_head} from "../mm/page-flags.ts";
import {page_cache_add_speculative} from "../mm/pagemap.ts";
import {page_ref_add, page_ref_count, page_ref_sub} from "../mm/page_ref.ts";

export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  const overflown = yield* WARN_ON_ONCE(count < 0, "page_ref_count(head) < 0");
  if (overflown) return null;
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;

  const again = yield* compound_head(page);
  if (again === head) return head;
  yield* put_page_refs(head, refs);
  return null;
}

export function* put_page_refs(page: Page, refs: number): Op<void> {
  if (refs > 1) yield* page_ref_sub(page, refs - 1);
  yield* put_page(page);
}

export function* try_grab_compound_head(
  page: Page,
  refs: number,
  flags: number,
): Op<Page | null> {
  const head = yield* try_get_compound_head(page, refs);
  if (head === null || flags & FOLL_GET) return head;

  const counted_apart = yield* hpage_pincount_available(head);
  if (counted_apart) yield* atomic_add(compound_pincount_ptr(head), refs);
  else yield* page_ref_add(head, refs * (GUP_PIN_COUNTING_BIAS - 1));
  return head;
}
