// Entries that are not present: what swap entries say of pages that are on the move. Models include/linux/swapops.h and
// include/linux/swap.h, v5.13. An entry is passed around as what stands in the PTE.
//
// Differs from v5.13: in a PMD the type of a migration entry does not say whether the page may be written to; a bit does, since one of the bits of
// the type says of a PMD that it is huge. Leaves out: entries of device memory and of poisoned pages.

import type {Op} from "../sim/index.ts";
import {BUG_ON} from "../sim/bug.ts";
import {page_to_pfn, PAGE_SHIFT, pfn_to_page, type Page, type Pfn} from "./mm_types.ts";
import {compound_head, PageLocked} from "./page-flags.ts";
import {_PAGE_RW, is_swap_pmd, is_swap_pte, type Pmd, type Pte} from "./pgtable.ts";

export const SWP_MIGRATION_READ = 28;
export const SWP_MIGRATION_WRITE = 29;
export const SWP_TYPE_SHIFT = 7;
export const SWP_TYPE_MASK = 31;

/** The entry that says "this page is here, locked by somebody: wait". It holds no reference and no mapcount. */
export function* make_migration_entry(page: Page, write: boolean): Op<Pte> {
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(page))");
  const type = write ? SWP_MIGRATION_WRITE : SWP_MIGRATION_READ;
  return ((page_to_pfn(page) << PAGE_SHIFT) | (type << SWP_TYPE_SHIFT)) as Pte;
}

export function swp_type(entry: Pte): number {
  return (entry >>> SWP_TYPE_SHIFT) & SWP_TYPE_MASK;
}

/** The entry for a page that is in a slot of a swap area. */
export function swp_entry(type: number, offset: number): Pte {
  return ((offset << PAGE_SHIFT) | (type << SWP_TYPE_SHIFT)) as Pte;
}

/** The slot of the swap area; of a migration entry, the frame of the page that it names. */
export function swp_offset(entry: Pte): Pfn {
  return entry >>> PAGE_SHIFT;
}

export function is_migration_entry(entry: Pte): boolean {
  const type = swp_type(entry);
  return is_swap_pte(entry) && (type === SWP_MIGRATION_READ || type === SWP_MIGRATION_WRITE);
}

/** Is the page of this entry in swap space? That of a migration entry is not. */
export function is_swapped(pte: Pte): boolean {
  return is_swap_pte(pte) && !is_migration_entry(pte);
}

export function is_write_migration_entry(entry: Pte): boolean {
  return is_swap_pte(entry) && swp_type(entry) === SWP_MIGRATION_WRITE;
}

/** The same, but that nobody may write to the page when it is there again. */
export function make_migration_entry_read(entry: Pte): Pte {
  const others = entry & ~(SWP_TYPE_MASK << SWP_TYPE_SHIFT);
  return (others | (SWP_MIGRATION_READ << SWP_TYPE_SHIFT)) as Pte;
}

/** The page itself, not its head, as in v5.13; the lock that is checked is the head's. */
export function* migration_entry_to_page(entry: Pte): Op<Page> {
  const page = pfn_to_page(swp_offset(entry));
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* BUG_ON(!locked, "!PageLocked(compound_head(p))");
  return page;
}

/** The same for the whole of a huge page, in a PMD. */
export function* make_pmd_migration_entry(head: Page, write: boolean): Op<Pmd> {
  const entry = yield* make_migration_entry(head, false);
  return (write ? entry | _PAGE_RW : entry) as number as Pmd;
}

export function is_pmd_migration_entry(pmd: Pmd): boolean {
  return is_swap_pmd(pmd);
}

export function is_write_pmd_migration_entry(pmd: Pmd): boolean {
  return is_swap_pmd(pmd) && (pmd & _PAGE_RW) !== 0;
}
