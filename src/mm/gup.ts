// GUP-fast: getting references to the pages that a process maps, without any lock. Models mm/gup.c, v5.13-rc6.
//
// What protects the walk is that interrupts are off: then no table is freed under it, and whoever flushes a TLB by interrupting waits.
// Leaves out: the slow path, to which it falls back (here it only says that it has not got the page), write_protect_seq (nobody
// forks here), the check for long-term pins, pages of devices, hugetlb pages, the levels above the PMD, and accounting. Differs from
// v5.13: one page of the range is asked for.

import {atomic_add, atomic_sub, load, READ_ONCE} from "../sim/atomic.ts";
import {WARN_ON_ONCE} from "../sim/bug.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_read, local_irq_disable, local_irq_enable, up_read} from "../sim/lock.ts";
import {populate_vma_page_range} from "./gup_contract.ts";
import {
  compound_pincount_ptr,
  GUP_PIN_COUNTING_BIAS,
  hpage_pincount_available,
  put_page,
} from "./mm.ts";
import {config_debug_vm, VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {nth_page, type Mm, type Page} from "./mm_types.ts";
import {compound_head, SetPageReferenced} from "./page-flags.ts";
import {page_cache_add_speculative} from "./pagemap.ts";
import {page_ref_count, page_ref_sub} from "./page_ref.ts";
import {
  pmd_access_permitted,
  pmd_offset,
  pmd_page,
  pmd_present,
  pmd_table,
  pmd_trans_huge,
  pte_access_permitted,
  pte_index,
  pte_page,
  ptep_get_lockless,
  type Pmd,
} from "./pgtable.ts";

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
  if (!pte_access_permitted(pte)) return null;
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
