// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {FOLL_GET, put_compound_head} from "../../../../src/mm/gup.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {page_ref_add_unless} from "../../../../src/mm/page_ref.ts";
import {spin_until_cond} from "../../../../src/sim/lock.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const {head} = yield* spin_until_cond(function* () {
    const head = yield* compound_head(page);
    const got = yield* page_ref_add_unless(head, refs, 0);
    if (!got) return {head: null};
    const again = yield* compound_head(page);
    if (again === head) return {head};
    yield* put_compound_head(head, refs, FOLL_GET);
    return null;
  });
  return head;
}
