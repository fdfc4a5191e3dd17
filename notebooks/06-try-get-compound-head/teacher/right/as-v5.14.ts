// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_count, page_ref_sub} from "../../../../src/mm/page_ref.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";
import {WARN_ON_ONCE} from "../../../../src/sim/bug.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  const overflown = yield* WARN_ON_ONCE(count < 0, "page_ref_count(head) < 0");
  if (overflown) return null;
  if (!(yield* page_cache_add_speculative(head, refs))) return null;
  if ((yield* compound_head(page)) !== head) {
    yield* page_ref_sub(head, refs - 1);
    yield* put_page(head);
    return null;
  }
  return head;
}
