// teacher-only
// loses: never-from-zero, not-on-a-stranger, raised-from-zero
// because: it raises the count from zero and lowers it again, and in between the owner is not alone; and the schedule raises the count a step too soon.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {atomic_add_return, atomic_dec} from "../../../../src/sim/atomic.ts";

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  const count = yield* atomic_add_return(page._refcount, 1);
  if (count > 1) return true;
  yield* atomic_dec(page._refcount);
  return false;
}

// cell 40
export const raised = "freeze_vs_try_get_page~pages-2~03widpk1~a2b162a";
