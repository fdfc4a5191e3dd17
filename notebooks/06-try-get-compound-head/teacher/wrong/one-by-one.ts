// teacher-only
// loses: the-right-page, put-back, cheap
// because: it takes one at a time: each costs an access.

import type {Op} from "../../../../src/sim/index.ts";
import {get_page_unless_zero, put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  for (let i = 0; i < refs; i++) {
    const got = yield* get_page_unless_zero(head);
    if (!got) return null;
  }
  const again = yield* compound_head(page);
  if (again === head) return head;
  for (let i = 0; i < refs; i++) yield* put_page(head);
  return null;
}
