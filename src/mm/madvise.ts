// Advice. Models mm/madvise.c, v5.13, of which MADV_FREE is kept, for a part of one huge page's range.
// Leaves out: what MADV_FREE does to the small pages once the huge page is split, TLB gathering.

import type {Op} from "../sim/index.ts";
import {down_read, up_read} from "../sim/lock.ts";
import {madvise_free_huge_pmd} from "./huge_memory.ts";
import type {Mm} from "./mm_types.ts";

/** madvise(MADV_FREE) of a part of the range: the mmap_lock is held for reading only, as smaps holds it. */
export function* madvise_free(mm: Mm): Op<void> {
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* madvise_free_huge_pmd(vma);
  yield* up_read(mm.mmap_lock);
}
