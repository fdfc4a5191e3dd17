// teacher-only
// loses: as-many-as-asked-for, the-right-page, put-back, cheap
// because: it takes one reference, however many it is asked for.

import type {Op} from "../../../../src/sim/index.ts";
import {get_page_unless_zero, put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";

// cell 20
export function* try_get_compound_head(page: Page, _refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* get_page_unless_zero(head);
  if (!got) return null;
  const again = yield* compound_head(page);
  if (again === head) return head;
  yield* put_page(head);
  return null;
}
