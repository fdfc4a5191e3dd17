// Memory that is to be kept in memory. Models mm/mlock.c, v5.13: the ranges first, then the pages.
//
// A page of a locked range has PG_mlocked, as far as somebody has come across it, and is then one of those that cannot be put out. Of a huge
// page that is mapped as a whole, its head has it; while PTEs map it, nothing of it has.
//
// Differs from v5.13: a huge page that another process maps, too, is not locked again when the first unlocks it, as in v5.14. Leaves out: how much a
// process may lock, mlockall(), the batches in which small pages are unlocked.

import type {Op} from "../sim/index.ts";
import {down_write, up_read, up_write} from "../sim/lock.ts";
import {EAGAIN, EFAULT, ENOMEM} from "./errno.ts";
import {__mm_populate} from "./gup.ts";
import {follow_page} from "./huge_memory.ts";
import {compound_mapcount, page_mapcount, put_page, thp_nr_pages} from "./mm.ts";
import {change_ranges, offset_in_page, PAGE_ALIGN, vma_modify_flags} from "./mmap.ts";
import {
  PAGE_SIZE,
  VM_LOCKED,
  VM_LOCKED_CLEAR_MASK,
  VM_LOCKONFAULT,
  type Mm,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  lock_page,
  PageAnon,
  PageDoubleMap,
  PageLocked,
  PageMlocked,
  PageTail,
  PageTransCompound,
  PageUnevictable,
  TestClearPageMlocked,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {
  begin_walk,
  page_vma_mapped_walk,
  page_vma_mapped_walk_done,
} from "./page_vma_mapped.ts";
import {lock_anon_vma_read, page_to_pgoff, rmap_vmas} from "./rmap.ts";
import {count_mlocked, isolate_lru_page, putback_lru_page} from "./swap.ts";
import {count_vm_event} from "./vmstat.ts";

// Ranges

/** mlock(): all pages of a range are there from now on, and stay. */
export function* mlock(mm: Mm, start: number, len: number): Op<number> {
  return yield* do_mlock(mm, start, len, VM_LOCKED);
}

/** mlock2(MLOCK_ONFAULT): a page stays from when it is there. Models mlock2(). */
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

// Pages: locking

/** Locks a page that a locked range maps: a small one, or a huge one that is mapped as a whole. Caller holds the page lock. */
export function* mlock_vma_page(page: Page): Op<void> {
  const locked = yield* PageLocked(page);
  yield* VM_BUG_ON_PAGE(!locked, page, "!PageLocked(page)");
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");
  const first = yield* count_mlocked(page);
  if (!first) return;
  const isolated = yield* isolate_lru_page(page);
  if (isolated) yield* putback_lru_page(page);
}

/** A process that populates a locked range has come to `page`, which a PTE maps. The part of follow_page_pte() for FOLL_MLOCK. */
export function* mlock_pte_page(vma: VmArea, page: Page): Op<void> {
  if (!(vma.vm_flags & VM_LOCKED)) return;
  const compound = yield* PageTransCompound(page);
  if (compound) return;
  const locked = yield* trylock_page(page);
  if (!locked) return;
  yield* mlock_vma_page(page);
  yield* unlock_page(page);
}

/** The same where a PMD maps the whole: unless somebody else maps it. The part of follow_trans_huge_pmd() for FOLL_MLOCK. */
export function* mlock_huge_page(vma: VmArea, head: Page): Op<void> {
  if (!(vma.vm_flags & VM_LOCKED)) return;
  const pmds = yield* compound_mapcount(head);
  const both = yield* PageDoubleMap(head);
  if (pmds !== 1 || both) return;
  const locked = yield* trylock_page(head);
  if (!locked) return;
  const now = yield* PageDoubleMap(head);
  if (!now) yield* mlock_vma_page(head);
  yield* unlock_page(head);
}

// Pages: unlocking

/** Unlocks all pages of a range, which is none of the locked ones any more. */
export function* munlock_vma_pages_range(vma: VmArea, start: number, end: number): Op<void> {
  vma.vm_flags &= VM_LOCKED_CLEAR_MASK;
  for (let at = start; at < end;) {
    const page = yield* follow_page(vma, at);
    const skipped = page === null ? 0 : yield* munlock_followed_page(page);
    at += (1 + skipped) * PAGE_SIZE;
  }
}

/** How many pages behind it are done with it. Drops the caller's reference. */
export function* munlock_followed_page(page: Page): Op<number> {
  const tail = yield* PageTail(page);
  let skipped = 0;
  if (!tail) {
    yield* lock_page(page);
    skipped = yield* munlock_vma_page(page);
    yield* unlock_page(page);
  }
  yield* put_page(page);
  return skipped;
}

/** Unlocks a page, unless it turns out to be in another locked range. Caller holds the page lock. Answers how many more pages that were. */
export function* munlock_vma_page(page: Page): Op<number> {
  const before = yield* TestClearPageMlocked(page);
  if (!before) return 0;
  const nr = yield* thp_nr_pages(page);
  const isolated = yield* isolate_lru_page(page);
  if (isolated) {
    yield* __munlock_isolated_page(page);
    return nr - 1;
  }
  const stranded = yield* PageUnevictable(page);
  count_vm_event(stranded ? "unevictable_pgs_stranded" : "unevictable_pgs_munlocked", nr);
  return nr - 1;
}

export function* __munlock_isolated_page(page: Page): Op<void> {
  const mapcount = yield* page_mapcount(page);
  if (mapcount > 1) yield* page_mlock(page);
  const again = yield* PageMlocked(page);
  const nr = yield* thp_nr_pages(page);
  if (!again) count_vm_event("unevictable_pgs_munlocked", nr);
  yield* putback_lru_page(page);
}

/** Locks a page again that another range has, if that is a locked one. Models mm/rmap.c; v5.13 calls it try_to_munlock(). */
export function* page_mlock(page: Page): Op<void> {
  const compound = yield* PageTransCompound(page);
  const anon = yield* PageAnon(page);
  if (compound && anon) return;
  const anon_vma = yield* lock_anon_vma_read(page);
  const pgoff = yield* page_to_pgoff(page);
  const vmas = yield* rmap_vmas(page, anon_vma, pgoff);
  for (const vma of vmas) {
    const locked = vma.vm_flags & VM_LOCKED && (yield* page_mlock_one(page, vma, pgoff));
    if (locked) break;
  }
  if (anon_vma !== null) yield* up_read(anon_vma.rwsem);
}

export function* page_mlock_one(page: Page, vma: VmArea, pgoff: number): Op<boolean> {
  const pvmw = begin_walk(page, vma, pgoff, {sync: false, migration: false});
  const found = yield* page_vma_mapped_walk(pvmw);
  if (!found) return false;
  yield* mlock_vma_page(page);
  yield* page_vma_mapped_walk_done(pvmw);
  return true;
}

/** The last mapping of a locked page is gone, or a huge one is not mapped as a whole any more. */
export function* clear_page_mlock(page: Page): Op<void> {
  const before = yield* TestClearPageMlocked(page);
  if (!before) return;
  const nr = yield* thp_nr_pages(page);
  count_vm_event("unevictable_pgs_cleared", nr);
  const isolated = yield* isolate_lru_page(page);
  if (isolated) {
    yield* putback_lru_page(page);
    return;
  }
  const stranded = yield* PageUnevictable(page);
  if (stranded) count_vm_event("unevictable_pgs_stranded", nr);
}
