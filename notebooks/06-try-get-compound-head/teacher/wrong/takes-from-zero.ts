// teacher-only
// loses: none-where-none, the-right-page, put-back, cheap
// because: it adds to a count of 0 as well, which is that of a frozen or of a free page.

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_add, page_ref_sub} from "../../../../src/mm/page_ref.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  yield* page_ref_add(head, refs);
  const again = yield* compound_head(page);
  if (again === head) return head;
  if (refs > 1) yield* page_ref_sub(head, refs - 1);
  yield* put_page(head);
  return null;
}
