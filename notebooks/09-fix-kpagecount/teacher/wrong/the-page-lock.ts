// teacher-only
// loses: no-crash, no-torn-count, references, split-succeeds, cheap
// because: the lock is taken through the head, and given back through what is the head by then.

import type {Op} from "../../../../src/sim/index.ts";
import {page_mapcount} from "../../../../src/mm/mm.ts";
import type {Page} from "../../../../src/mm/mm_types.ts";
import {trylock_page, unlock_page, PageSlab} from "../../../../src/mm/page-flags.ts";
import {page_has_type} from "../../../../src/mm/page.ts";

// cell 20
export function* kpagecount_of(page: Page): Op<number> {
  const slab = yield* PageSlab(page);
  if (slab) return 0;
  const typed = yield* page_has_type(page);
  if (typed) return 0;
  const locked = yield* trylock_page(page);
  if (!locked) return 0;
  const mapcount = yield* page_mapcount(page);
  yield* unlock_page(page);
  return mapcount;
}
