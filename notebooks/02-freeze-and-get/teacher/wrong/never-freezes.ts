// teacher-only
// loses: freezes-exactly, alone-once-frozen
// because: it does nothing.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";

// cell 20
export function* page_ref_freeze(_page: Page, _count: number): Op<boolean> {
  return false;
}
