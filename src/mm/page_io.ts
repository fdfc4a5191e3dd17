// Writing pages to swap space and reading them back. Models mm/page_io.c, v5.13, and drivers/block/brd.c.
//
// Swap space is a RAM disk, which is done when it is asked: so no page is ever under writeback, and whoever reads does not wait.

import {load, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {page_address} from "./highmem.ts";
import {thp_nr_pages} from "./mm.ts";
import {nth_page, type Page} from "./mm_types.ts";
import {SetPageUptodate, unlock_page} from "./page-flags.ts";
import type {Pte} from "./pgtable.ts";
import {swap_slot, try_to_free_swap} from "./swapfile.ts";
import {swp_offset} from "./swapops.ts";
import {count_vm_event} from "./vmstat.ts";

/** Writes a page of the swap cache, or a huge one, unless nobody wants it any more. Caller holds the page lock, and has not afterwards. */
export function* swap_writepage(page: Page): Op<void> {
  const unused = yield* try_to_free_swap(page);
  if (!unused) yield* __swap_writepage(page);
  yield* unlock_page(page);
}

export function* __swap_writepage(page: Page): Op<void> {
  const nr = yield* thp_nr_pages(page);
  const entry = (yield* load(page.private)) as Pte;
  for (let i = 0; i < nr; i++) {
    const contents = yield* load(page_address(nth_page(page, i)));
    yield* store(swap_slot(swp_offset(entry) + i), contents);
  }
  if (nr > 1) count_vm_event("thp_swpout");
  count_vm_event("pswpout", nr);
}

/** Reads what `private` names into the page. Caller holds the page lock, and has not afterwards. */
export function* swap_readpage(page: Page): Op<void> {
  const entry = (yield* load(page.private)) as Pte;
  const contents = yield* load(swap_slot(swp_offset(entry)));
  yield* store(page_address(page), contents);
  yield* SetPageUptodate(page);
  yield* unlock_page(page);
  count_vm_event("pswpin");
}
