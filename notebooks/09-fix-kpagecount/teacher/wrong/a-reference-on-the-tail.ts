// teacher-only
// loses: nobody-else, split-succeeds
// because: a tail has no count of its own, so it never gets a reference and is never counted.

import type {Op} from "../../../../src/sim/index.ts";
import {page_mapcount, put_page, get_page_unless_zero} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const got = yield* get_page_unless_zero(page);
  if (!got) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* put_page(page);
  return mapcount;
}
