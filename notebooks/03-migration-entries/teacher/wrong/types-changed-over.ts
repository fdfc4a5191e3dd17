// teacher-only
// loses: names-the-page
// because: 29 is for writing, and 28 for reading.

import type {Op} from "../../../../src/sim/index.ts";
import {BUG_ON} from "../../../../src/sim/bug.ts";
import {page_to_pfn, pfn_to_page, type Page} from "../../../../src/mm/mm_types.ts";
import {compound_head, PageLocked} from "../../../../src/mm/page-flags.ts";
import {type Pte} from "../../../../src/mm/pgtable.ts";
import {swp_offset} from "../../../../src/mm/swapops.ts";

// cell 30
export function* make_migration_entry(page: Page, write: boolean): Op<Pte> {
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  const type = write ? 28 : 29;
  return ((page_to_pfn(page) << 12) | (type << 7)) as Pte;
}

export function* migration_entry_to_page(entry: Pte): Op<Page> {
  const page = pfn_to_page(swp_offset(entry));
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  return page;
}
