// teacher-only
// loses: no-crash, no-torn-count, references, split-succeeds, cheap
// because: whether the page is a part of a huge one is asked first, and page_mapcount() asks again: in between it may have changed.

import {atomic_read} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import {page_mapcount} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {PageCompound, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const compound = yield* PageCompound(page);
  if (!compound) return 1 + (yield* atomic_read(page._mapcount));
  return yield* page_mapcount(page);
}
