// teacher-only
// loses: names-the-page, only-while-locked
// because: the lock of a huge page is the head's: a tail has a bit of its own, and that is clear.

import type {Op} from "../../../../src/sim/index.ts";
import {BUG_ON} from "../../../../src/sim/bug.ts";
import {page_to_pfn, pfn_to_page, type Page} from "../../../../src/mm/mm_types.ts";
import {test_bit} from "../../../../src/sim/atomic.ts";
import {compound_head, PageLocked, PG_locked} from "../../../../src/mm/page-flags.ts";
import {type Pte} from "../../../../src/mm/pgtable.ts";
import {swp_offset} from "../../../../src/mm/swapops.ts";

// cell 30
export function* make_migration_entry(page: Page, write: boolean): Op<Pte> {
  const head = yield* compound_head(page);
  void head;
  const locked = yield* test_bit(PG_locked, page.flags);
  yield* BUG_ON(!locked, "!PageLocked(page)");
  const type = write ? 29 : 28;
  return ((page_to_pfn(page) << 12) | (type << 7)) as Pte;
}

export function* migration_entry_to_page(entry: Pte): Op<Page> {
  const page = pfn_to_page(swp_offset(entry));
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  return page;
}
