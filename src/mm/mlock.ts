// Memory that is to be kept in memory. Models mm/mlock.c, v5.13: the ranges first, then the pages.
//
// Leaves out: how much a process may lock, mlockall().

import type {Op} from "../sim/index.ts";
import {down_write, up_write} from "../sim/lock.ts";
import {EAGAIN, EFAULT, ENOMEM} from "./errno.ts";
import {__mm_populate} from "./gup.ts";
import {change_ranges, offset_in_page, PAGE_ALIGN, vma_modify_flags} from "./mmap.ts";
import {
  VM_LOCKED,
  VM_LOCKED_CLEAR_MASK,
  VM_LOCKONFAULT,
  type Mm,
  type VmArea,
} from "./mm_types.ts";

// Ranges

/** mlock(): all pages of a range are there from now on, and stay. */
export function* mlock(mm: Mm, start: number, len: number): Op<number> {
  return yield* do_mlock(mm, start, len, VM_LOCKED);
}

/** mlock2(MLOCK_ONFAULT): a page stays from when it is there. */
export function* mlock_onfault(mm: Mm, start: number, len: number): Op<number> {
  return yield* do_mlock(mm, start, len, VM_LOCKED | VM_LOCKONFAULT);
}

export function* do_mlock(mm: Mm, start: number, len: number, flags: number): Op<number> {
  const error = yield* lock_flags(mm, start, len, flags);
  if (error !== 0) return error;
  const [from, length] = whole_pages(start, len);
  const populated = yield* __mm_populate(mm, from, length);
  return populated < 0 ? __mlock_posix_error_return(populated) : 0;
}

export function* munlock(mm: Mm, start: number, len: number): Op<number> {
  return yield* lock_flags(mm, start, len, 0);
}

export function* lock_flags(mm: Mm, start: number, len: number, flags: number): Op<number> {
  yield* down_write(mm.mmap_lock);
  const error = yield* apply_vma_lock_flags(mm, ...whole_pages(start, len), flags);
  yield* up_write(mm.mmap_lock);
  return error;
}

/** The pages that a part of `len` bytes from `start` on touches. */
export function whole_pages(start: number, len: number): [from: number, length: number] {
  const offset = offset_in_page(start);
  return [start - offset, PAGE_ALIGN(len + offset)];
}

export function* apply_vma_lock_flags(
  mm: Mm,
  start: number,
  len: number,
  flags: number,
): Op<number> {
  return yield* change_ranges(mm, start, start + len, function* (vma, prev, from, to) {
    const newflags = (vma.vm_flags & VM_LOCKED_CLEAR_MASK) | flags;
    return yield* mlock_fixup(vma, prev, from, to, newflags);
  });
}

/** Gives `newflags` to what lies between `start` and `end` in `vma`. Answers the range that this is then. */
export function* mlock_fixup(
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
  newflags: number,
): Op<VmArea> {
  if (newflags === vma.vm_flags) return vma;
  const changed = yield* vma_modify_flags(vma, prev, start, end, newflags);
  changed.vm_flags = newflags;
  if (!(newflags & VM_LOCKED)) yield* munlock_vma_pages_range(changed, start, end);
  return changed;
}

/** What POSIX wants to hear when pages could not be had. */
export function __mlock_posix_error_return(error: number): number {
  if (error === -EFAULT) return -ENOMEM;
  return error === -ENOMEM ? -EAGAIN : error;
}

// Pages

/** The pages that `vma` maps between `start` and `end` need not stay any more. */
export function* munlock_vma_pages_range(vma: VmArea, _start: number, _end: number): Op<void> {
  vma.vm_flags &= VM_LOCKED_CLEAR_MASK;
}
