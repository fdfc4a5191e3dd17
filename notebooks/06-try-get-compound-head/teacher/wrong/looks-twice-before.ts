// teacher-only
// loses: the-right-page, put-back
// because: the second look comes before the reference, so the gap is behind it as it was behind the first.

import type {Op} from "../../../../src/sim/index.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const again = yield* compound_head(page);
  if (again !== head) return null;
  const got = yield* page_cache_add_speculative(head, refs);
  return got ? head : null;
}
