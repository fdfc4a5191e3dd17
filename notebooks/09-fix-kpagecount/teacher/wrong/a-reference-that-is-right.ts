// teacher-only
// loses: split-succeeds, cheap
// because: it holds, and a split that meets the reference is refused, or has to put everything back.

import type {Op} from "../../../../src/sim/index.ts";
import {page_mapcount, put_page} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {compound_head, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, 1);
  if (!got) return 0;
  const again = yield* compound_head(page);
  const mapcount = again === head ? yield* page_mapcount(page) : 0;
  yield* put_page(head);
  return mapcount;
}
