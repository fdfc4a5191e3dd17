// What the processor does when a process reads or writes: it goes through the page tables by itself, notes in the entry that the page was used,
// and calls the kernel where an entry does not let it through. This is no kernel file. Leaves out: TLBs, so every access is noted.

import {load, set_bit, store} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {do_user_addr_fault} from "./fault.ts";
import {page_address} from "./highmem.ts";
import {nth_page, type Mm, type Page} from "./mm_types.ts";
import {
  _PAGE_ACCESSED,
  _PAGE_BIT_ACCESSED,
  _PAGE_BIT_DIRTY,
  _PAGE_DIRTY,
  _PAGE_PRESENT,
  _PAGE_RW,
  _PAGE_USER,
  pmd_offset,
  pmd_page,
  pmd_table,
  pmd_trans_huge,
  pte_index,
  pte_page,
} from "./pgtable.ts";

/** How often an access is tried again after the kernel has said that all is well now. */
const MOST_FAULTS = 8;

/** The process reads what is at `address`: null if it must not. */
export function* user_read(mm: Mm, address: number): Op<number | null> {
  const page = yield* user_access(mm, address, false);
  return page === null ? null : yield* load(page_address(page));
}

/** The process writes at `address`: false if it must not. */
export function* user_write(mm: Mm, address: number, value: number): Op<boolean> {
  const page = yield* user_access(mm, address, true);
  if (page !== null) yield* store(page_address(page), value);
  return page !== null;
}

/** The page that the process reaches at `address`, after faults if need be. Null: the process gets a SIGSEGV. */
export function* user_access(mm: Mm, address: number, write: boolean): Op<Page | null> {
  for (let faults = 0; faults < MOST_FAULTS; faults++) {
    const page = yield* walk_page_table(mm, address, write);
    if (page !== null) return page;
    const mended = yield* do_user_addr_fault(mm, address, write);
    if (!mended) return null;
  }
  throw new Error(
    `${mm.name} faults at ${address} for ever: the entry never allows what the kernel allows`,
  );
}

/** The page behind `address`, and a note in its entry that it was used. Null where the entries do not let the access through. */
export function* walk_page_table(mm: Mm, address: number, write: boolean): Op<Page | null> {
  const pmdp = pmd_offset(mm, address);
  const pmd = yield* load(pmdp);
  if (!(pmd & _PAGE_PRESENT)) return null;
  if (pmd_trans_huge(pmd)) {
    const allowed = yield* use_entry(pmdp, pmd, write);
    return allowed ? nth_page(pmd_page(pmd), pte_index(address)) : null;
  }
  const ptep = pmd_table(pmd).pte[pte_index(address)];
  const pte = yield* load(ptep);
  const allowed = yield* use_entry(ptep, pte, write);
  return allowed ? pte_page(pte) : null;
}

/** Sets the accessed bit, and the dirty bit where it writes; only what is not set yet is written. */
export function* use_entry(entryp: Cell, entry: number, write: boolean): Op<boolean> {
  const needed = _PAGE_PRESENT | _PAGE_USER | (write ? _PAGE_RW : 0);
  if ((entry & needed) !== needed) return false;
  if (!(entry & _PAGE_ACCESSED)) yield* set_bit(_PAGE_BIT_ACCESSED, entryp);
  if (write && !(entry & _PAGE_DIRTY)) yield* set_bit(_PAGE_BIT_DIRTY, entryp);
  return true;
}
