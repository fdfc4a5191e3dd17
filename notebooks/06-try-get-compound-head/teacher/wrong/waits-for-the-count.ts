// teacher-only
// loses: none-where-none, the-right-page, put-back
// because: it tries again while there is no reference to be had, which may be for ever.

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_sub} from "../../../../src/mm/page_ref.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  yield* spin_until_cond(function* () {
    return yield* page_cache_add_speculative(head, refs);
  });
  const again = yield* compound_head(page);
  if (again === head) return head;
  if (refs > 1) yield* page_ref_sub(head, refs - 1);
  yield* put_page(head);
  return null;
}
