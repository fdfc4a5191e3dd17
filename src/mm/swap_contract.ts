// To be replaced by swapfile.ts, swap_state.ts and the end of memory.ts: delete this file when they are there.

import {bug} from "../sim/bug.ts";
import type {Op} from "../sim/index.ts";
import {migration_entry_wait} from "./migrate.ts";
import type {Page, VmArea} from "./mm_types.ts";
import {
  pmd_offset,
  pte_index,
  pte_offset_map_lock,
  pte_unmap_unlock,
  type Pte,
} from "./pgtable.ts";
import {is_migration_entry} from "./swapops.ts";

const NO_SWAP = {about: "swap", dump: []};

export function* do_swap_page(
  vma: VmArea,
  address: number,
  pte: Pte,
  _write: boolean,
): Op<void> {
  if (!is_migration_entry(pte)) yield* bug("no swap yet", NO_SWAP);
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  yield* pte_unmap_unlock(table);
  yield* migration_entry_wait(table, pte_index(address));
}

export function* swap_duplicate(_entry: Pte): Op<void> {
  yield* bug("no swap yet", NO_SWAP);
}

export function* free_swap_and_cache(_entry: Pte): Op<void> {
  yield* bug("no swap yet", NO_SWAP);
}

export function* free_swap_cache(_page: Page): Op<void> {}
