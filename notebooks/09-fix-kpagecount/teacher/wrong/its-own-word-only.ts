// teacher-only
// loses: nobody-else
// because: of a huge page that is mapped as a whole nothing stands in the words of its parts.

import {atomic_read} from "../../../../src/sim/atomic.ts";
import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const alone = yield* atomic_read(page._mapcount);
  return alone + 1;
}
