// Nobody has sent this. The head of a split huge page gets its count back by an increment, which promises no order: on a machine with weak memory
// that may be seen before the tails have left their head. Here a barrier stands between.

import type {Op} from "../sim/index.ts";
import {load} from "../sim/atomic.ts";
import {local_irq_enable, smp_wmb, spin_lock, spin_unlock} from "../sim/lock.ts";
import {__split_huge_page_tail, remap_page} from "../mm/huge_memory.ts";
import {put_page, thp_nr_pages} from "../mm/mm.ts";
import {nth_page, type Page} from "../mm/mm_types.ts";
import {node} from "../mm/mmzone.ts";
import {
  ClearPageCompound,
  compound_head,
  PageAnon,
  PageSwapCache,
  unlock_page,
} from "../mm/page-flags.ts";
import {page_ref_add, page_ref_inc} from "../mm/page_ref.ts";
import type {Pte} from "../mm/pgtable.ts";
import {split_swap_cluster} from "../mm/swapfile.ts";

export function* __split_huge_page(page: Page): Op<void> {
  const {lruvec} = node();
  const head = yield* compound_head(page);
  const nr = yield* thp_nr_pages(head);
  yield* PageAnon(head);
  yield* PageSwapCache(head);

  yield* spin_lock(lruvec.lru_lock);
  for (let i = nr - 1; i >= 1; i--) {
    yield* __split_huge_page_tail(head, i);
    // Beyond the end of a file? In the page cache? Neither can be, but both are asked.
    yield* load(nth_page(head, i).index);
    yield* PageAnon(page);
  }
  yield* ClearPageCompound(head);
  yield* spin_unlock(lruvec.lru_lock);

  // Frozen no more, and nobody gets to see that before the tails are tails no more.
  yield* PageAnon(head);
  const cached = yield* PageSwapCache(head);
  yield* smp_wmb();
  if (cached) yield* page_ref_add(head, 2);
  else yield* page_ref_inc(head);
  yield* local_irq_enable();
  yield* remap_page(head, nr);
  const swapcache = yield* PageSwapCache(head);
  if (swapcache) yield* split_swap_cluster((yield* load(head.private)) as Pte);

  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(head, i);
    if (subpage === page) continue;
    yield* unlock_page(subpage);
    // Nobody may map it any more: then this was the last reference.
    yield* put_page(subpage);
  }
}
