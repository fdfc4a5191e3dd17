// teacher-only
// loses: alone-once-frozen
// because: between the look and the store somebody may come, and the store writes over them.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {page_ref_count, set_page_count} from "../../../../src/mm/page_ref.ts";

// cell 20
export function* page_ref_freeze(page: Page, count: number): Op<boolean> {
  const found = yield* page_ref_count(page);
  if (found !== count) return false;
  yield* set_page_count(page, 0);
  return true;
}
