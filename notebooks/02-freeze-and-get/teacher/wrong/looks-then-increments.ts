// teacher-only
// loses: never-from-zero, raised-from-zero
// because: between the look and the increment the page may be frozen; and in the schedule the getter comes too late.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {page_ref_count, page_ref_inc} from "../../../../src/mm/page_ref.ts";

// cell 30
export function* get_page_unless_zero(page: Page): Op<boolean> {
  const references = yield* page_ref_count(page);
  if (references === 0) return false;
  yield* page_ref_inc(page);
  return true;
}

// cell 40
export const raised = "freeze_vs_try_get_page~pages-2~03widpk1~b157a3";
