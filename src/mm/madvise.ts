// Advice. Models mm/madvise.c, v5.13 with what 5.14 adds (MADV_POPULATE_READ and _WRITE), hugepage_madvise() of mm/huge_memory.c and
// ksm_madvise() of mm/ksm.c.
//
// Leaves out: MADV_REMOVE, poisoned pages, files. Of MADV_MERGEABLE the flag is kept: nobody looks for pages that are the
// same.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_read, down_write, up_read, up_write} from "../sim/lock.ts";
import {EINVAL, ENOMEM} from "./errno.ts";
import {madvise_free_huge_pmd} from "./huge_memory.ts";
import {
  madvise_cold,
  madvise_free_single_vma,
  madvise_pageout,
  madvise_willneed,
} from "./madvise_pages.ts";
import {faultin_page_range} from "./gup.ts";
import {zap_page_range} from "./memory.ts";
import {
  find_vma,
  offset_in_page,
  PAGE_ALIGN,
  prev_of,
  vma_modify_flags,
  vma_next,
} from "./mmap.ts";
import {
  PAGE_SIZE,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_RAND_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_WIPEONFORK,
  type Mm,
  type VmArea,
} from "./mm_types.ts";
import {pmd_offset, pmd_trans_huge} from "./pgtable.ts";

// Models include/uapi/asm-generic/mman-common.h.
export const MADV_NORMAL = 0;
export const MADV_RANDOM = 1;
export const MADV_SEQUENTIAL = 2;
export const MADV_WILLNEED = 3;
export const MADV_DONTNEED = 4;
export const MADV_FREE = 8;
export const MADV_DONTFORK = 10;
export const MADV_DOFORK = 11;
export const MADV_MERGEABLE = 12;
export const MADV_UNMERGEABLE = 13;
export const MADV_HUGEPAGE = 14;
export const MADV_NOHUGEPAGE = 15;
export const MADV_DONTDUMP = 16;
export const MADV_DODUMP = 17;
export const MADV_WIPEONFORK = 18;
export const MADV_KEEPONFORK = 19;
export const MADV_COLD = 20;
export const MADV_PAGEOUT = 21;
export const MADV_POPULATE_READ = 22;
export const MADV_POPULATE_WRITE = 23;

/** Advice about pages, which leaves the ranges as they are. */
export const ABOUT_PAGES: readonly number[] = [
  ...[MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_PAGEOUT],
  ...[MADV_POPULATE_READ, MADV_POPULATE_WRITE],
];

/** Advice that sets or clears flags of ranges. */
export const ABOUT_RANGES: readonly number[] = [
  ...[MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_DONTFORK, MADV_DOFORK],
  ...[MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE],
  ...[MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK, MADV_KEEPONFORK],
];

// The system call

export function* do_madvise(
  mm: Mm,
  start: number,
  length: number,
  behavior: number,
): Op<number> {
  if (!madvise_behavior_valid(behavior) || offset_in_page(start) !== 0) return -EINVAL;
  const end = start + PAGE_ALIGN(length);
  if (end === start) return 0;

  const write = madvise_need_mmap_write(behavior);
  if (write) yield* down_write(mm.mmap_lock);
  else yield* down_read(mm.mmap_lock);
  const error = yield* advise_ranges(mm, start, end, behavior);
  if (write) yield* up_write(mm.mmap_lock);
  else yield* up_read(mm.mmap_lock);
  return error;
}

export function madvise_behavior_valid(behavior: number): boolean {
  return ABOUT_PAGES.includes(behavior) || ABOUT_RANGES.includes(behavior);
}

export function madvise_need_mmap_write(behavior: number): boolean {
  return !ABOUT_PAGES.includes(behavior);
}

/** The loop of do_madvise(): a hole is passed over, and answered by -ENOMEM when all is done. */
export function* advise_ranges(
  mm: Mm,
  start: number,
  end: number,
  behavior: number,
): Op<number> {
  let unmapped_error = 0;
  let vma = find_vma(mm, start);
  let prev = prev_of(mm, start);
  let at = start;
  while (at < end) {
    if (vma === null || vma.vm_start >= end) return -ENOMEM;
    if (at < vma.vm_start) unmapped_error = -ENOMEM;
    at = Math.max(at, vma.vm_start);
    const upto = Math.min(vma.vm_end, end);
    const advised: VmArea | number = yield* madvise_vma(vma, prev, at, upto, behavior);
    if (typeof advised === "number") return advised;
    at = Math.max(upto, advised.vm_end);
    prev = advised;
    vma = vma_next(mm, advised);
  }
  return unmapped_error;
}

/** Advice about what lies between `start` and `end` in `vma`. Answers the range that this is then, or an error. */
export function* madvise_vma(
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
  behavior: number,
): Op<VmArea | number> {
  if (ABOUT_RANGES.includes(behavior))
    return yield* madvise_behavior(vma, prev, start, end, behavior);
  const error = yield* advise_pages(vma, start, end, behavior);
  return error === 0 ? vma : error;
}

/** The part of madvise_vma() for advice that leaves the range as it is. */
export function* advise_pages(
  vma: VmArea,
  start: number,
  end: number,
  behavior: number,
): Op<number> {
  switch (behavior) {
    case MADV_POPULATE_READ:
    case MADV_POPULATE_WRITE:
      return yield* madvise_populate(vma, start, end, behavior === MADV_POPULATE_WRITE);
    case MADV_WILLNEED:
      yield* madvise_willneed(vma, start, end);
      return 0;
    default:
      return yield* madvise_pages(vma, start, end, behavior);
  }
}

// Flags of ranges

export function* madvise_behavior(
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
  behavior: number,
): Op<VmArea | number> {
  const shared = vma.vm_file !== null || (vma.vm_flags & VM_SHARED) !== 0;
  // Nobody knows what a child should find instead.
  if (behavior === MADV_WIPEONFORK && shared) return -EINVAL;
  const new_flags = advised_flags(vma.vm_flags, behavior);
  if (new_flags === vma.vm_flags) return vma;
  const changed = yield* vma_modify_flags(vma, prev, start, end, new_flags);
  changed.vm_flags = new_flags;
  return changed;
}

/** The part of madvise_behavior() that knows which advice is which flag. */
export function advised_flags(vm_flags: number, behavior: number): number {
  switch (behavior) {
    case MADV_NORMAL:
      return vm_flags & ~(VM_RAND_READ | VM_SEQ_READ);
    case MADV_RANDOM:
      return (vm_flags & ~VM_SEQ_READ) | VM_RAND_READ;
    case MADV_SEQUENTIAL:
      return (vm_flags & ~VM_RAND_READ) | VM_SEQ_READ;
    case MADV_DONTFORK:
      return vm_flags | VM_DONTCOPY;
    case MADV_DOFORK:
      return vm_flags & ~VM_DONTCOPY;
    case MADV_WIPEONFORK:
      return vm_flags | VM_WIPEONFORK;
    case MADV_KEEPONFORK:
      return vm_flags & ~VM_WIPEONFORK;
    case MADV_DONTDUMP:
      return vm_flags | VM_DONTDUMP;
    case MADV_DODUMP:
      return vm_flags & ~VM_DONTDUMP;
    case MADV_MERGEABLE:
    case MADV_UNMERGEABLE:
      return ksm_madvise(vm_flags, behavior);
    default:
      return hugepage_madvise(vm_flags, behavior);
  }
}

/** Shared memory cannot be merged, and the advice is not heard. Models mm/ksm.c. */
export function ksm_madvise(vm_flags: number, behavior: number): number {
  if (behavior === MADV_UNMERGEABLE) return vm_flags & ~VM_MERGEABLE;
  return vm_flags & VM_SHARED ? vm_flags : vm_flags | VM_MERGEABLE;
}

/** Models mm/huge_memory.c. */
export function hugepage_madvise(vm_flags: number, behavior: number): number {
  return behavior === MADV_HUGEPAGE
    ? (vm_flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE
    : (vm_flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
}

// Pages

/** Pages that are kept in memory are not to be given back, nor to be thought of as cold. */
export function* madvise_pages(
  vma: VmArea,
  start: number,
  end: number,
  behavior: number,
): Op<number> {
  if (!can_madv_lru_vma(vma)) return -EINVAL;
  switch (behavior) {
    case MADV_DONTNEED:
      yield* zap_page_range(vma, start, end - start);
      return 0;
    case MADV_FREE:
      if (vma.vm_file !== null) return -EINVAL;
      yield* madvise_free_single_vma(vma, start, end);
      return 0;
    case MADV_COLD:
      yield* madvise_cold(vma, start, end);
      return 0;
    default:
      yield* madvise_pageout(vma, start, end);
      return 0;
  }
}

export function can_madv_lru_vma({vm_flags}: VmArea): boolean {
  return (vm_flags & VM_LOCKED) === 0;
}

/** Makes sure that all pages are there, as if each had been read or written to. */
export function* madvise_populate(
  vma: VmArea,
  start: number,
  end: number,
  write: boolean,
): Op<number> {
  const pages = yield* faultin_page_range(vma, start, end, write);
  return Math.min(pages, 0);
}

// For those who race: advice about one page

/** madvise(MADV_FREE) of a part of the range: the mmap_lock is held for reading only, as smaps holds it. The part of do_madvise() for that. */
export function* madvise_free(mm: Mm): Op<void> {
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* madvise_free_pte_range(vma);
  yield* up_read(mm.mmap_lock);
}

export function* madvise_free_pte_range(vma: VmArea): Op<void> {
  const pmd = yield* load(pmd_offset(vma.vm_mm, vma.vm_start));
  if (pmd_trans_huge(pmd)) yield* madvise_free_huge_pmd(vma, vma.vm_start);
}

/** madvise(MADV_DONTNEED) of the page at `address`: it is not mapped afterwards, and a huge page is mapped by PTEs. The part of do_madvise() for that. */
export function* madvise_dontneed(mm: Mm, address: number): Op<void> {
  yield* down_read(mm.mmap_lock);
  for (const vma of mm.mmap) yield* zap_page_range(vma, address, PAGE_SIZE);
  yield* up_read(mm.mmap_lock);
}
