// teacher-only

import {atomic_read, test_bit} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import {compound_mapcount_ptr} from "../../../../src/mm/mm.ts";
import {nth_page, type Page} from "../../../../src/mm/mm_types.ts";
import {
  compound_head,
  PageHead,
  PG_double_map,
  PageSlab,
} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  for (let i = 0; i < 3; i++) {
    const ptes = yield* atomic_read(page._mapcount);
    const head = yield* compound_head(page);
    const huge = yield* PageHead(head);
    if (!huge && head === page) return ptes + 1;
    const pmds = yield* atomic_read(compound_mapcount_ptr(head));
    const both = yield* test_bit(PG_double_map, nth_page(head, 1).flags);
    const still = yield* PageHead(head);
    const part = yield* compound_head(nth_page(head, 1));
    if (huge && still && part === head) return ptes + 1 + (pmds + 1) - (both ? 1 : 0);
  }
  const alone = yield* atomic_read(page._mapcount);
  return alone + 1;
}
