// Getting a reference to a page that one has no right to yet. Models include/linux/pagemap.h, v5.13.

import type {Op} from "../sim/index.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import type {Page} from "./mm_types.ts";
import {PageTail} from "./page-flags.ts";
import {page_ref_add_unless} from "./page_ref.ts";

/** Takes `count` references, unless there are none: then the page is free, or frozen. Whoever gets them has to look again what it got. */
export function* page_cache_add_speculative(page: Page, count: number): Op<boolean> {
  const got = yield* page_ref_add_unless(page, count, 0);
  if (!got) return false;
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");
  return true;
}
