// teacher-only
// loses: one-on-this-page, never-from-zero, not-on-a-stranger
// because: it tries until it has a reference: it is never refused, and of a page that is freed there will be none.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_inc_not_zero} from "../../../../src/sim/atomic.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  return yield* spin_until_cond(function* () {
    return yield* atomic_inc_not_zero(page._refcount);
  });
}
