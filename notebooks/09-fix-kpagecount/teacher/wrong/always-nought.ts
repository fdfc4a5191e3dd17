// teacher-only
// loses: nobody-else, no-crash, no-torn-count, references, split-succeeds, cheap
// because: it asks nothing.

import type {Op} from "../../../../src/sim/index.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";

// cell 20
export function* kpagecount_of(_page: Page): Op<number> {
  return 0;
}
