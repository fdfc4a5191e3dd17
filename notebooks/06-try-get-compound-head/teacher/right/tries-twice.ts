// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {FOLL_GET, put_compound_head} from "../../../../src/mm/gup.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  for (let i = 0; i < 2; i++) {
    const head = yield* compound_head(page);
    const got = yield* page_cache_add_speculative(head, refs);
    if (!got) return null;
    const again = yield* compound_head(page);
    if (again === head) return head;
    yield* put_compound_head(head, refs, FOLL_GET);
  }
  return null;
}
