// teacher-only
// loses: as-many-as-asked-for, none-where-none, the-right-page, put-back, cheap
// because: the count of a tail is always 0: it has to be the head's.

import type {Op} from "../../../../src/sim/index.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {page_ref_add_unless} from "../../../../src/mm/page_ref.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const got = yield* page_ref_add_unless(page, refs, 0);
  return got ? page : null;
}
