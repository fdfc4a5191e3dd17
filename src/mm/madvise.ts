// Advice. Models mm/madvise.c, v5.13, of which MADV_FREE and MADV_DONTNEED are kept, for a part of one huge page's range.
// Leaves out: all that MADV_FREE does to PTEs, that is to the small pages once the huge page is split, and its second try at a
// huge page whose split has failed; TLB gathering.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_read, up_read} from "../sim/lock.ts";
import {madvise_free_huge_pmd} from "./huge_memory.ts";
import {zap_page_range} from "./memory.ts";
import {PAGE_SIZE, type Mm, type VmArea} from "./mm_types.ts";
import {pmd_offset, pmd_trans_huge} from "./pgtable.ts";

/** madvise(MADV_FREE) of a part of the range: the mmap_lock is held for reading only, as smaps holds it. */
export function* madvise_free(mm: Mm): Op<void> {
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* madvise_free_pte_range(vma);
  yield* up_read(mm.mmap_lock);
}

export function* madvise_free_pte_range(vma: VmArea): Op<void> {
  const pmd = yield* load(pmd_offset(vma.vm_mm, vma.vm_start));
  if (pmd_trans_huge(pmd)) yield* madvise_free_huge_pmd(vma, vma.vm_start);
}

/** madvise(MADV_DONTNEED) of the page at `address`: it is not mapped afterwards, and a huge page is mapped by PTEs. */
export function* madvise_dontneed(mm: Mm, address: number): Op<void> {
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* zap_page_range(vma, address, PAGE_SIZE);
  yield* up_read(mm.mmap_lock);
}
