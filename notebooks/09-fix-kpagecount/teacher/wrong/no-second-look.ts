// teacher-only
// loses: references, split-succeeds, cheap
// because: the reference is on what was the head a moment ago: the page may have left it.

import type {Op} from "../../../../src/sim/index.ts";
import {try_get_compound_head} from "../../../../src/mm/gup.ts";
import {page_mapcount, put_page} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const head = yield* try_get_compound_head(page, 1);
  if (head === null) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(head);
  return mapcount;
}
