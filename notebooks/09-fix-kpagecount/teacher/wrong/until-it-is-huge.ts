// teacher-only
// loses: nobody-else, no-crash, no-torn-count, references, split-succeeds, cheap
// because: it tries again until the page is a part of a huge one, which it will never be again.

import {atomic_read} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import {compound_mapcount_ptr} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {compound_head, PageHead, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  for (;;) {
    const mapcount = yield* atomic_read(page._mapcount);
    const head = yield* compound_head(page);
    const huge = yield* PageHead(head);
    if (huge) return mapcount + 1 + (yield* atomic_read(compound_mapcount_ptr(head))) + 1;
  }
}
