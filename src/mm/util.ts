// The mapcount of a page that is a part of a huge page. Models mm/util.c, v5.13. Leaves out: hugetlb and file pages.

import {atomic_read, load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {compound_mapcount_ptr, compound_nr} from "./mm.ts";
import {address_space_at, nth_page, type AddressSpace, type Page} from "./mm_types.ts";
import {
  compound_head,
  PAGE_MAPPING_ANON,
  PageAnon,
  PageCompound,
  PageDoubleMap,
  PageSwapCache,
} from "./page-flags.ts";
import {swapper_space} from "./swap_state.ts";

/** Mappings of `page` by PTEs, and by PMDs of the whole: several loads that nobody promised would agree. */
export function* __page_mapcount(page: Page): Op<number> {
  const ptes = yield* atomic_read(page._mapcount);
  const anon = yield* PageAnon(page);
  if (!anon) return ptes + 1;

  const head = yield* compound_head(page);
  const pmds = yield* atomic_read(compound_mapcount_ptr(head));
  const both = yield* PageDoubleMap(head);
  return ptes + 1 + (pmds + 1) - (both ? 1 : 0);
}

/** Is any part of the compound page mapped by anyone? */
export function* page_mapped(page: Page): Op<boolean> {
  const compound = yield* PageCompound(page);
  if (!compound) {
    const mapcount = yield* atomic_read(page._mapcount);
    return mapcount >= 0;
  }
  const head = yield* compound_head(page);
  const pmds = yield* atomic_read(compound_mapcount_ptr(head));
  if (pmds >= 0) return true;
  const nr = yield* compound_nr(head);
  for (let i = 0; i < nr; i++) {
    const ptes = yield* atomic_read(nth_page(head, i)._mapcount);
    if (ptes >= 0) return true;
  }
  return false;
}

/** The cache in which the page can be found: null for anonymous memory that has no slot of swap space. */
export function* page_mapping(page: Page): Op<AddressSpace | null> {
  const head = yield* compound_head(page);
  const cached = yield* PageSwapCache(head);
  if (cached) return swapper_space();
  const mapping = yield* load(head.mapping);
  if (mapping === 0 || mapping & PAGE_MAPPING_ANON) return null;
  return address_space_at(mapping);
}
