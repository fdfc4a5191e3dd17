// teacher-only

import type {Op} from "../../../../src/sim/index.ts";
import {FOLL_GET, put_compound_head} from "../../../../src/mm/gup.ts";
import {type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head} from "../../../../src/mm/page-flags.ts";
import {atomic_read, atomic_try_cmpxchg} from "../../../../src/sim/atomic.ts";

// cell 20
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  for (;;) {
    const count = yield* atomic_read(head._refcount);
    if (count === 0) return null;
    const got = yield* atomic_try_cmpxchg(head._refcount, count, count + refs);
    if (got) break;
  }
  const again = yield* compound_head(page);
  if (again === head) return head;
  yield* put_compound_head(head, refs, FOLL_GET);
  return null;
}
