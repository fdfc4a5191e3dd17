// teacher-only
// loses: one-on-this-page, never-from-zero, not-on-a-stranger
// because: it does nothing, and safely.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";

// cell 30
export function* get_page_unless_zero(_page: Page): Op<boolean> {
  return false;
}
