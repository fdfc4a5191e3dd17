// teacher-only
// loses: one-on-this-page, never-from-zero, not-on-a-stranger
// because: it says that it has a reference where it has none.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_inc_not_zero} from "../../../../src/sim/atomic.ts";

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  yield* atomic_inc_not_zero(page._refcount);
  return true;
}
