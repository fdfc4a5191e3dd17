// teacher-only
// loses: nobody-else
// because: where one process maps the parts and another the whole each part is counted once more than it is mapped.

import {atomic_read} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import {compound_mapcount_ptr} from "../../../../src/mm/mm.ts";
import {nth_page, type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const ptes = yield* atomic_read(page._mapcount);
  const head = yield* compound_head(page);
  const first = nth_page(head, 1);
  const pmds = yield* atomic_read(compound_mapcount_ptr(head));
  const still = yield* compound_head(first);
  if (still === head) return ptes + 1 + (pmds + 1);
  const alone = yield* atomic_read(page._mapcount);
  return alone + 1;
}
