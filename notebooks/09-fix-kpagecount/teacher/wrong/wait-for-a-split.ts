// teacher-only
// loses: nobody-else, no-crash, no-torn-count, references, split-succeeds, cheap
// because: it waits until the page is a part of no huge one any more: where nobody splits it, that is for ever.

import {atomic_read} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {PageCompound, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  yield* spin_until_cond(function* () {
    return !(yield* PageCompound(page));
  });
  const alone = yield* atomic_read(page._mapcount);
  return alone + 1;
}
