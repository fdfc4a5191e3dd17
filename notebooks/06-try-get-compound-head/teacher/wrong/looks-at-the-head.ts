// teacher-only
// loses: the-right-page, put-back
// because: it asks whether the head is a tail by now, and not whether it is still the head of the page.

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {PageTail, compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_sub} from "../../../../src/mm/page_ref.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;
  const tail = yield* PageTail(head);
  if (!tail) return head;
  if (refs > 1) yield* page_ref_sub(head, refs - 1);
  yield* put_page(head);
  return null;
}
