// /proc/kpagecount: how often each page of the machine is mapped. Models fs/proc/page.c, v5.13.
//
// It goes by page frames, not by anybody's page table, and takes no lock and no reference. Leaves out: frames without a struct page, and
// the other files of that place.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {page_mapcount} from "./mm.ts";
import {pfn_to_page, type Page, type Pfn} from "./mm_types.ts";
import {PageSlab} from "./page-flags.ts";

/** A page that has a type keeps it in its _mapcount: the types are numbers below this. */
export const PAGE_MAPCOUNT_RESERVE = -128;

/** The mapcounts of `nr` frames from `pfn` on. */
export function* kpagecount_read(pfn: Pfn, nr: number): Op<number[]> {
  const counts: number[] = [];
  for (let i = 0; i < nr; i++) {
    const count = yield* kpagecount_of(pfn_to_page(pfn + i));
    counts.push(count);
  }
  return counts;
}

/** 0 for pages that nobody could map: slabs, and pages of some type of their own. */
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  return yield* page_mapcount(page);
}

export function* page_has_type(page: Page): Op<boolean> {
  const type = yield* load(page._mapcount);
  return type < PAGE_MAPCOUNT_RESERVE;
}
