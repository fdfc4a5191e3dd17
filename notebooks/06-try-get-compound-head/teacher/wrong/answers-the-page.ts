// teacher-only
// loses: as-many-as-asked-for, none-where-none, the-right-page, put-back, cheap
// because: the callers put what they get: it has to be the head, and not the part of it that was asked for.

import type {Op} from "../../../../src/sim/index.ts";
import {put_page} from "../../../../src/mm/mm.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_sub} from "../../../../src/mm/page_ref.ts";
import {page_cache_add_speculative} from "../../../../src/mm/pagemap.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const got = yield* page_cache_add_speculative(head, refs);
  if (!got) return null;
  const again = yield* compound_head(page);
  if (again === head) return page;
  if (refs > 1) yield* page_ref_sub(head, refs - 1);
  yield* put_page(head);
  return null;
}
