// teacher-only
// loses: one-on-this-page, not-on-a-stranger
// because: it takes the reference on the head, which may no longer be the head of that page.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_inc_not_zero} from "../../../../src/sim/atomic.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  const head = yield* compound_head(page);
  return yield* atomic_inc_not_zero(head._refcount);
}
