// teacher-only
// loses: put-back
// because: it takes as many as it is asked for, and gives back one.

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;
  const again = yield* compound_head(page);
  if (again === head) return head;
  yield* put_page(head);
  return null;
}
