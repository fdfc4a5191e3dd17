// teacher-only
// loses: the-right-page, put-back
// because: as v5.13 has it: which page the head is may change before the reference is there.

import type {Op} from "../../../../src/sim/index.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;
  return head;
}
