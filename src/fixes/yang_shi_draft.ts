// Yang Shi's first draft of 21 December 2021, which he called untested: the reference is taken inside smaps_account(), once the page has
// been added to Rss. There is no recheck, and where the reference is lost Rss and Pss do not agree.

import type {Op} from "../sim/index.ts";
import {compound_nr, get_page_unless_zero, page_mapcount, put_page} from "../mm/mm.ts";
import {nth_page, PAGE_SIZE, type Page} from "../mm/mm_types.ts";
import {compound_head} from "../mm/page-flags.ts";
import {
  page_count_is_one,
  PSS_SHIFT,
  smaps_account_size,
  smaps_page_accumulate,
  type MemSizeStats,
} from "../mm/task_mmu.ts";

export function* smaps_account(
  mss: MemSizeStats,
  page: Page,
  compound: boolean,
  young: boolean,
  dirty: boolean,
): Op<void> {
  const head = yield* compound_head(page);
  const nr = compound ? yield* compound_nr(page) : 1;
  const size = nr * PAGE_SIZE;
  yield* smaps_account_size(mss, page, size, young, dirty);

  const sole = yield* page_count_is_one(page);
  if (sole) {
    yield* smaps_page_accumulate(mss, page, size, size * 2 ** PSS_SHIFT, dirty, true);
    return;
  }
  // Lost the race with a split?
  const got = yield* get_page_unless_zero(head);
  if (!got) return;
  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(page, i);
    const mapcount = yield* page_mapcount(subpage);
    const whole = PAGE_SIZE * 2 ** PSS_SHIFT;
    const pss = mapcount >= 2 ? Math.floor(whole / mapcount) : whole;
    yield* smaps_page_accumulate(mss, subpage, PAGE_SIZE, pss, dirty, mapcount < 2);
  }
  yield* put_page(head);
}
