// teacher-only
// loses: taken, marked
// because: the page has a count while it is a tail: whoever takes a reference puts it on the head, and marks the head.

import type {Op} from "../../../../src/sim/index.ts";
import {lru_add_page_tail} from "../../../../src/mm/huge_memory.ts";
import {nth_page, type Page} from "../../../../src/mm/mm_types.ts";
import {
  PAGE_FLAGS_CHECK_AT_PREP,
  PAGE_FLAGS_INHERITED,
  clear_compound_head,
} from "../../../../src/mm/page-flags.ts";
import {page_ref_unfreeze} from "../../../../src/mm/page_ref.ts";
import {load, store} from "../../../../src/sim/atomic.ts";
import {smp_wmb} from "../../../../src/sim/lock.ts";

// cell 20
export function* __split_huge_page_tail(head: Page, i: number): Op<void> {
  const tail = nth_page(head, i);

  const inherited = yield* load(head.flags);
  const own = yield* load(tail.flags);
  yield* store(
    tail.flags,
    (own & ~PAGE_FLAGS_CHECK_AT_PREP) | (inherited & PAGE_FLAGS_INHERITED),
  );

  const mapping = yield* load(head.mapping);
  yield* store(tail.mapping, mapping);
  const index = yield* load(head.index);
  yield* store(tail.index, index + i);
  yield* smp_wmb();

  yield* page_ref_unfreeze(tail, 1);
  yield* clear_compound_head(tail);
  yield* lru_add_page_tail(head, tail);
}
