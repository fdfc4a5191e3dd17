// Getting references to the pages that a process maps: fast, without any lock, and slowly. Models mm/gup.c, v5.13-rc6.
//
// What protects the fast walk is that interrupts are off: then no table is freed under it, and whoever flushes a TLB by interrupting waits.
// Leaves out: that the walk falls back to the slow way by itself (it only says that it has not got the page), write_protect_seq (nobody
// forks meanwhile), the check for long-term pins, pages of devices, hugetlb pages, the levels above the PMD, and accounting. Differs from
// v5.13: the fast walk is asked for one page; the slow one gets one page after the other, each with a look at its range.

import {atomic_add, atomic_sub, load, READ_ONCE} from "../sim/atomic.ts";
import {WARN_ON_ONCE} from "../sim/bug.ts";
import type {Cell, Op} from "../sim/index.ts";
import {
  down_read,
  local_irq_disable,
  local_irq_enable,
  spin_unlock,
  up_read,
} from "../sim/lock.ts";
import {EFAULT, EINVAL} from "./errno.ts";
import {handle_mm_fault} from "./memory.ts";
import {mlock_huge_page, mlock_pte_page} from "./mlock.ts";
import {
  compound_pincount_ptr,
  get_page,
  GUP_PIN_COUNTING_BIAS,
  hpage_pincount_available,
  put_page,
} from "./mm.ts";
import {find_vma} from "./mmap.ts";
import {config_debug_vm, VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  MMF_HAS_PINNED,
  nth_page,
  PAGE_SIZE,
  VM_ACCESS_FLAGS,
  VM_LOCKONFAULT,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
  type Mm,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {compound_head, PageDirty, SetPageDirty, SetPageReferenced} from "./page-flags.ts";
import {page_cache_add_speculative} from "./pagemap.ts";
import {page_ref_add, page_ref_count, page_ref_sub} from "./page_ref.ts";
import {
  pmd_access_permitted,
  pmd_addr_end,
  pmd_dirty,
  pmd_lock,
  pmd_mkdirty,
  pmd_mkyoung,
  pmd_none,
  pmd_offset,
  pmd_page,
  pmd_present,
  pmd_table,
  pmd_trans_huge,
  pmd_trans_unstable,
  pmd_write,
  pte_access_permitted,
  pte_dirty,
  pte_index,
  pte_offset_map_lock,
  pte_page,
  pte_present,
  pte_special,
  pte_unmap_unlock,
  pte_write,
  ptep_get_lockless,
  set_pmd_at,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {mark_page_accessed} from "./swap.ts";

/** What is taken: a reference, or a pin for somebody who will write to the page. */
export const FOLL_GET = 0x04;
export const FOLL_PIN = 0x40000;

// A reference to a page that somebody maps, or mapped a moment ago

/** References on the head of `page`; null if it has none to be had. What the head is may have changed when they are. */
export function* try_get_compound_head(page: Page, refs: number): Op<Page | null> {
  const head = yield* compound_head(page);
  const count = yield* page_ref_count(head);
  const overflown = yield* WARN_ON_ONCE(count < 0, "page_ref_count(head) < 0");
  if (overflown) return null;
  const got = yield* page_cache_add_speculative(head, refs);
  return got ? head : null;
}

/** As many references as pins or gets need, on the head of `page`; null if they cannot be had. */
export function* try_grab_compound_head(
  page: Page,
  refs: number,
  flags: number,
): Op<Page | null> {
  if (flags & FOLL_GET) return yield* try_get_compound_head(page, refs);

  // Looked at before anything is held: another hole, mended together with the first.
  const counted_apart = yield* hpage_pincount_available(page);
  const head = yield* try_get_compound_head(
    page,
    counted_apart ? refs : refs * GUP_PIN_COUNTING_BIAS,
  );
  if (head !== null && counted_apart) yield* atomic_add(compound_pincount_ptr(head), refs);
  return head;
}

/** Puts back what try_grab_compound_head() took. */
export function* put_compound_head(head: Page, refs: number, flags: number): Op<void> {
  let all = refs;
  if (flags & FOLL_PIN) {
    const counted_apart = yield* hpage_pincount_available(head);
    if (counted_apart) yield* atomic_sub(compound_pincount_ptr(head), refs);
    else all = refs * GUP_PIN_COUNTING_BIAS;
  }
  const count = yield* page_ref_count(head);
  yield* VM_BUG_ON_PAGE(count < all, head, "page_ref_count(page) < refs");
  if (all > 1) yield* page_ref_sub(head, all - 1);
  yield* put_page(head);
}

/** Ends a pin. */
export function* unpin_user_page(page: Page): Op<void> {
  const head = yield* compound_head(page);
  yield* put_compound_head(head, 1, FOLL_PIN);
}

// The walk

/** The page at `address`, held as `flags` say; null where that needs the slow path. */
export function* get_user_page_fast(mm: Mm, address: number, flags: number): Op<Page | null> {
  yield* local_irq_disable();
  const page = yield* gup_pmd_range(mm, address, flags);
  yield* local_irq_enable();
  return page;
}

export function* gup_pmd_range(mm: Mm, address: number, flags: number): Op<Page | null> {
  const pmdp = pmd_offset(mm, address);
  const pmd = yield* READ_ONCE(pmdp);
  if (!pmd_present(pmd)) return null;
  if (pmd_trans_huge(pmd)) return yield* gup_huge_pmd(pmdp, pmd, address, flags);
  return yield* gup_pte_range(pmd, address, flags);
}

/** A page of a huge one that is mapped as a whole: the entry must be the same once it is held. */
export function* gup_huge_pmd(
  pmdp: Cell<Pmd>,
  pmd: Pmd,
  address: number,
  flags: number,
): Op<Page | null> {
  if (!pmd_access_permitted(pmd)) return null;
  const head = yield* try_grab_compound_head(pmd_page(pmd), 1, flags);
  if (head === null) return null;

  const now = yield* load(pmdp);
  if (now !== pmd) {
    yield* put_compound_head(head, 1, flags);
    return null;
  }
  yield* SetPageReferenced(head);
  return nth_page(pmd_page(pmd), pte_index(address));
}

/** A page that a PTE maps: the entry must be the same once it is held. */
export function* gup_pte_range(pmd: Pmd, address: number, flags: number): Op<Page | null> {
  const ptep = pmd_table(pmd).pte[pte_index(address)];
  const pte = yield* ptep_get_lockless(ptep);
  if (!pte_access_permitted(pte) || pte_special(pte)) return null;
  const page = pte_page(pte);
  const head = yield* try_grab_compound_head(page, 1, flags);
  if (head === null) return null;

  const now = yield* load(ptep);
  if (now !== pte) {
    yield* put_compound_head(head, 1, flags);
    return null;
  }
  if (config_debug_vm()) {
    const again = yield* compound_head(page);
    yield* VM_BUG_ON_PAGE(again !== head, page, "compound_head(page) != head");
  }
  yield* SetPageReferenced(head);
  return page;
}

/** The same for `nr` addresses: what is not to be had like that is faulted in. Models internal_get_user_pages_fast(). */
export function* get_user_pages_fast(
  mm: Mm,
  start: number,
  nr: number,
  flags: number,
): Op<Page[]> {
  const pages: Page[] = [];
  for (let i = 0; i < nr; i++) {
    const page = yield* get_user_page_fast(mm, start + i * PAGE_SIZE, flags | FOLL_GET);
    if (page === null) break;
    pages.push(page);
  }
  if (pages.length === nr) return pages;
  const rest = start + pages.length * PAGE_SIZE;
  yield* down_read(mm.mmap_lock);
  const faulted = yield* get_user_pages(
    mm,
    rest,
    nr - pages.length,
    flags | FOLL_GET | FOLL_TOUCH,
  );
  yield* up_read(mm.mmap_lock);
  return [...pages, ...faulted];
}

/** Ends pins, of pages that were written to, or were not. */
export function* unpin_user_pages_dirty_lock(
  pages: readonly Page[],
  make_dirty: boolean,
): Op<void> {
  for (const page of pages) {
    const dirty = make_dirty && !(yield* PageDirty(page));
    if (dirty) yield* SetPageDirty(page);
    yield* unpin_user_page(page);
  }
}

// The slow way: with the mmap_lock, and with faults where a page is missing

/** Looked for in order to write; as if the process itself used it; while a range is populated; to lock it in memory; for a long time. */
export const FOLL_WRITE = 0x01;
export const FOLL_TOUCH = 0x02;
export const FOLL_FORCE = 0x10;
export const FOLL_POPULATE = 0x40;
export const FOLL_MLOCK = 0x1000;
export const FOLL_COW = 0x4000;
export const FOLL_LONGTERM = 0x10000;

/** The pages of `nr` addresses from `start` on, held as `flags` say; fewer, if one of them may not be used so. Caller holds the mmap_lock. */
export function* get_user_pages(mm: Mm, start: number, nr: number, flags: number): Op<Page[]> {
  if (flags & FOLL_PIN) mm.flags |= MMF_HAS_PINNED;
  const pages: Page[] = [];
  for (let i = 0; i < nr; i++) {
    const address = start + i * PAGE_SIZE;
    const vma = find_vma(mm, address);
    if (vma === null || vma.vm_start > address || check_vma_flags(vma, flags)) break;
    const found = yield* get_one_page(vma, address, flags);
    if (found === null) break;
    pages.push(found.page);
  }
  return pages;
}

/** All pages of a part of a range are there afterwards, and locked if the range is, as a read or a write would have made them. 0, or an error. Models faultin_vma_page_range(). */
export function* faultin_page_range(
  vma: VmArea,
  start: number,
  end: number,
  write: boolean,
): Op<number> {
  const flags = FOLL_TOUCH | FOLL_POPULATE | FOLL_MLOCK | (write ? FOLL_WRITE : 0);
  if (check_vma_flags(vma, flags)) return -EINVAL;
  return yield* follow_range(vma, start, end, flags);
}

/** The same for a range that is locked in memory: its pages are marked as well. */
export function* populate_vma_page_range(vma: VmArea, start: number, end: number): Op<number> {
  let flags = FOLL_TOUCH | FOLL_POPULATE | FOLL_MLOCK;
  // Only what is there already is locked.
  if (vma.vm_flags & VM_LOCKONFAULT) flags &= ~FOLL_POPULATE;
  // Copies are made now and not later, but not where all are to see what is written.
  if ((vma.vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE) flags |= FOLL_WRITE;
  if (vma.vm_flags & VM_ACCESS_FLAGS) flags |= FOLL_FORCE;
  if (check_vma_flags(vma, flags)) return -EFAULT;
  return yield* follow_range(vma, start, end, flags);
}

/** Of a huge page that is mapped as a whole, one look is enough. */
export function* follow_range(
  vma: VmArea,
  start: number,
  end: number,
  flags: number,
): Op<number> {
  let address = start;
  while (address < end) {
    const found = yield* get_one_page(vma, address, flags);
    address = found?.whole ? pmd_addr_end(address, end) : address + PAGE_SIZE;
  }
  return 0;
}

/** May the pages of a range be had like that? An error if not. */
export function check_vma_flags({vm_flags}: VmArea, flags: number): boolean {
  const force = (flags & FOLL_FORCE) !== 0;
  if (flags & FOLL_WRITE) {
    if (vm_flags & VM_WRITE) return false;
    return !force || (vm_flags & (VM_SHARED | VM_MAYWRITE)) !== VM_MAYWRITE;
  }
  return !(vm_flags & VM_READ) && !(force && vm_flags & VM_MAYREAD);
}

/** A page that was found, and whether a PMD maps the whole of it. */
export type Followed = {readonly page: Page; readonly whole: boolean};

/** Looks, and lets the process fault as often as that is needed. Null where only what is there was asked for, and nothing is. */
export function* get_one_page(
  vma: VmArea,
  address: number,
  flags: number,
): Op<Followed | null> {
  let wanted = flags;
  for (;;) {
    const found = yield* follow_page_mask(vma, address, wanted);
    if (found !== null) return found;
    if ((flags & (FOLL_POPULATE | FOLL_MLOCK)) === FOLL_MLOCK) return null;
    const write = (wanted & FOLL_WRITE) !== 0;
    yield* handle_mm_fault(vma, address, write);
    // The copy has been made, and the entry does not say that it may be written to: the range forbids it.
    if (write && !(vma.vm_flags & VM_WRITE)) wanted |= FOLL_COW;
  }
}

/** The page at `address` if it is there and may be used as `flags` say. */
export function* follow_page_mask(
  vma: VmArea,
  address: number,
  flags: number,
): Op<Followed | null> {
  const pmd = yield* READ_ONCE(pmd_offset(vma.vm_mm, address));
  if (pmd_none(pmd)) return null;
  if (pmd_trans_huge(pmd)) return yield* follow_huge(vma, address, flags);
  const page = yield* follow_pte(vma, address, flags);
  return page === null ? null : {page, whole: false};
}

/** A huge page that is mapped as a whole. The part of follow_pmd_mask() and follow_trans_huge_pmd() that GUP asks for. */
export function* follow_huge(vma: VmArea, address: number, flags: number): Op<Followed | null> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const ptl = yield* pmd_lock(vma.vm_mm);
  const pmd = yield* load(pmdp);
  const usable = pmd_trans_huge(pmd) && can_follow_write(pmd_write(pmd), pmd_dirty(pmd), flags);
  const page = usable ? nth_page(pmd_page(pmd), pte_index(address)) : null;
  if (page !== null) {
    yield* try_grab_page(page, flags);
    if (flags & FOLL_TOUCH) yield* touch_pmd(pmdp, flags);
    if (flags & FOLL_MLOCK) yield* mlock_huge_page(vma, pmd_page(pmd));
  }
  yield* spin_unlock(ptl);
  return page === null ? null : {page, whole: true};
}

/** On x86 pmdp_set_access_flags() changes an entry only for those who write: whoever reads leaves an old one old. */
export function* touch_pmd(pmdp: Cell<Pmd>, flags: number): Op<void> {
  if (!(flags & FOLL_WRITE)) return;
  const pmd = yield* load(pmdp);
  yield* set_pmd_at(pmdp, pmd_mkdirty(pmd_mkyoung(pmd)));
}

/** A page that a PTE maps. The part of follow_page_pte() that GUP asks for. */
export function* follow_pte(vma: VmArea, address: number, flags: number): Op<Page | null> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const unstable = yield* pmd_trans_unstable(pmdp);
  if (unstable) return null;
  const table = yield* pte_offset_map_lock(pmdp);
  const pte = yield* load(table.pte[pte_index(address)]);
  const usable = pte_present(pte) && can_follow_write(pte_write(pte), pte_dirty(pte), flags);
  if (usable) yield* use_followed_pte(vma, pte, flags);
  yield* pte_unmap_unlock(table);
  return usable ? pte_page(pte) : null;
}

/** Caller holds the ptl. */
export function* use_followed_pte(vma: VmArea, pte: Pte, flags: number): Op<void> {
  const page = pte_page(pte);
  yield* try_grab_page(page, flags);
  if (flags & FOLL_TOUCH) {
    const dirty = !(flags & FOLL_WRITE) || pte_dirty(pte) || (yield* PageDirty(page));
    if (!dirty) yield* SetPageDirty(page);
    yield* mark_page_accessed(page);
  }
  if (flags & FOLL_MLOCK && !pte_special(pte)) yield* mlock_pte_page(vma, page);
}

/** May a page be had for writing? Also one that only this look has had copied. */
export function can_follow_write(writable: boolean, dirty: boolean, flags: number): boolean {
  if (!(flags & FOLL_WRITE) || writable) return true;
  return (flags & FOLL_FORCE) !== 0 && (flags & FOLL_COW) !== 0 && dirty;
}

/** A reference or a pin, if one is asked for, on the page of an entry whose lock is held. */
export function* try_grab_page(page: Page, flags: number): Op<void> {
  if (flags & FOLL_GET) {
    yield* get_page(page);
    return;
  }
  if (!(flags & FOLL_PIN)) return;
  const head = yield* compound_head(page);
  const apart = yield* hpage_pincount_available(head);
  if (apart) yield* atomic_add(compound_pincount_ptr(head), 1);
  yield* page_ref_add(head, apart ? 1 : GUP_PIN_COUNTING_BIAS);
}

// Filling ranges

/**
 * Makes sure that all pages between `start` and `start + len` are there. Holes are passed over. Answers 0, or a negative error if a range
 * cannot be filled: then what lies behind it is not.
 */
export function* __mm_populate(mm: Mm, start: number, len: number): Op<number> {
  const end = start + len;
  yield* down_read(mm.mmap_lock);
  let pages = 0;
  for (const vma of mm.mmap) {
    const [from, to] = [Math.max(start, vma.vm_start), Math.min(end, vma.vm_end)];
    if (from < to && pages >= 0) pages = yield* populate_vma_page_range(vma, from, to);
  }
  yield* up_read(mm.mmap_lock);
  return Math.min(pages, 0);
}
