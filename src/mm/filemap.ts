// Pages that can be found by their place in an object, and waiting for one to be unlocked. Models mm/filemap.c, v5.13.
//
// Differs from v5.13: there is no wait queue. Who sleeps there is woken by whoever unlocks the page and never looks at it again;
// here the sleep ends when the page is not locked, even if somebody else has it by then.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {wait_on_bit} from "../sim/lock.ts";
import {do_set_pte} from "./memory.ts";
import {get_page_unless_zero, put_page} from "./mm.ts";
import {PAGE_SIZE, type AddressSpace, type Page, type VmArea} from "./mm_types.ts";
import {compound_head, PG_locked, trylock_page, unlock_page} from "./page-flags.ts";
import {
  pmd_offset,
  pte_index,
  pte_none,
  pte_offset_map_lock,
  pte_unmap_unlock,
} from "./pgtable.ts";
import {linear_page_index} from "./rmap.ts";

/** Drops the caller's reference, and sleeps until the page is unlocked: which is no longer the caller's by then. */
export function* put_and_wait_on_page_locked(page: Page): Op<void> {
  const head = yield* compound_head(page);
  yield* put_page(page);
  yield* wait_on_bit(PG_locked, head.flags);
}

/** The page at a place of an object, with a reference; null if there is none. */
export function* mapping_get_entry({i_pages}: AddressSpace, index: number): Op<Page | null> {
  const page = i_pages.get(index);
  if (page === undefined) return null;
  const got = yield* get_page_unless_zero(page);
  return got ? page : null;
}

/** Maps what the object has between two addresses, all below one PMD, where nothing is mapped yet. */
export function* filemap_map_pages(vma: VmArea, start: number, end: number): Op<void> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, start));
  for (let address = start; address < end; address += PAGE_SIZE) {
    const page = yield* mapping_get_entry(vma.vm_file!, linear_page_index(vma, address));
    if (page === null) continue;
    const ptep = table.pte[pte_index(address)];
    const pte = yield* load(ptep);
    const locked = pte_none(pte) && (yield* trylock_page(page));
    if (locked) {
      yield* do_set_pte(vma, ptep, page, false);
      yield* unlock_page(page);
    } else {
      yield* put_page(page);
    }
  }
  yield* pte_unmap_unlock(table);
}
