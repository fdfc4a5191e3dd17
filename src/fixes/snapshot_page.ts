// What Luiz Capitulino did for kpagecount in July 2025: copy the words first, look whether they belonged together, and count with the copy.
// After a few attempts in vain the page is taken for a small one. No reference, no lock; whoever splits never notices.

import type {Op} from "../sim/index.ts";
import {atomic_read, load, READ_ONCE} from "../sim/atomic.ts";
import {compound_mapcount_ptr} from "../mm/mm.ts";
import {nth_page, page_at, type Page} from "../mm/mm_types.ts";
import {PageHead, PageSlab, PG_double_map} from "../mm/page-flags.ts";
import {page_has_type} from "../mm/page.ts";

export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  for (let i = 0; i < 3; i++) {
    const mapcount = yield* snapshot_mapcount(page);
    if (mapcount !== null) return mapcount;
  }
  const alone = yield* atomic_read(page._mapcount);
  return alone + 1;
}

/** How often `page` is mapped; null if its words did not belong together. */
export function* snapshot_mapcount(page: Page): Op<number | null> {
  const ptes = yield* atomic_read(page._mapcount);
  const word = yield* READ_ONCE(page.compound_head);
  const tail = (word & 1) === 1;
  const head = tail ? page_at(word - 1) : page;
  const huge = yield* PageHead(head);
  if (!huge) return tail ? null : ptes + 1;

  const first = nth_page(head, 1);
  const pmds = yield* atomic_read(compound_mapcount_ptr(head));
  const flags = yield* load(first.flags);
  const double_map = (flags >>> PG_double_map) & 1;
  const intact = yield* is_still_compound(page, word, head);
  return intact ? ptes + 1 + (pmds + 1) - double_map : null;
}

/** Was everything that was copied a part of one huge page until now? Its head is the last to leave, and its tails leave one by one. */
export function* is_still_compound(page: Page, word: number, head: Page): Op<boolean> {
  const now = yield* READ_ONCE(page.compound_head);
  const first = yield* READ_ONCE(nth_page(head, 1).compound_head);
  const huge = yield* PageHead(head);
  return (now === word || page === head) && first === head.address + 1 && huge;
}
