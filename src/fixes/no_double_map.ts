// Hugh Dickins took the ground away from the crash in November 2022 (cb67f4282bf9): no PG_double_map any more. A part of a huge page counts
// the PTEs that map it, the whole counts its PMDs, and neither counts the other's. What upstream counts besides, so that nobody
// has to add up all the parts, is left out.

import type {Op} from "../sim/index.ts";
import {atomic_dec, atomic_inc, atomic_read, load} from "../sim/atomic.ts";
import {BUG_ON} from "../sim/bug.ts";
import {smp_wmb} from "../sim/lock.ts";
import {split_entry} from "../mm/huge_memory.ts";
import {compound_mapcount, compound_mapcount_ptr, compound_nr, put_page} from "../mm/mm.ts";
import {hpage_pmd_nr, nth_page, type Page, type VmArea} from "../mm/mm_types.ts";
import {VM_BUG_ON_PAGE} from "../mm/mmdebug.ts";
import {
  compound_head,
  PageAnon,
  PageCompound,
  PageTail,
  SetPageDirty,
} from "../mm/page-flags.ts";
import {page_count, page_ref_add} from "../mm/page_ref.ts";
import {
  pgtable_trans_huge_withdraw,
  pmd_dirty,
  pmd_offset,
  pmd_page,
  pmd_populate,
  pmdp_invalidate,
  pte_none,
  set_pte_at,
} from "../mm/pgtable.ts";
import {page_remove_rmap} from "../mm/rmap.ts";

/** Caller holds the pmd lock. */
export function* __split_huge_pmd_locked(
  vma: VmArea,
  address: number,
  freeze: boolean,
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const nr = hpage_pmd_nr();

  // From here on hardware cannot use the entry. Software still sees a huge one, and waits for the pmd lock.
  const old = yield* pmdp_invalidate(mm, pmdp);
  const page = pmd_page(old);
  if (pmd_dirty(old)) yield* SetPageDirty(page);

  // The one reference of the PMD becomes one for each PTE.
  const count = yield* page_count(page);
  yield* VM_BUG_ON_PAGE(count === 0, page, "!page_count(page)");
  yield* page_ref_add(page, nr - 1);

  // The table is filled before anybody can reach it.
  const table = yield* pgtable_trans_huge_withdraw(mm, address);
  for (let i = 0; i < nr; i++) {
    const entry = yield* split_entry(nth_page(page, i), old, freeze);
    const empty = yield* load(table.pte[i]);
    yield* BUG_ON(!pte_none(empty), "!pte_none(*pte)");
    yield* set_pte_at(table.pte[i], entry);
    yield* atomic_inc(nth_page(page, i)._mapcount);
  }

  yield* atomic_dec(compound_mapcount_ptr(page));

  yield* smp_wmb();
  yield* pmd_populate(pmdp, table);

  // Other walkers see the entries now. Frozen ones stop counting as mappings only here.
  if (freeze) {
    for (let i = 0; i < nr; i++) {
      yield* page_remove_rmap(nth_page(page, i));
      yield* put_page(nth_page(page, i));
    }
  }
}

/** Mappings of all the parts and of the whole. Not a snapshot. */
export function* total_mapcount(page: Page): Op<number> {
  const tail = yield* PageTail(page);
  yield* VM_BUG_ON_PAGE(tail, page, "PageTail(page)");
  const compound_page = yield* PageCompound(page);
  if (!compound_page) {
    const mapcount = yield* atomic_read(page._mapcount);
    return mapcount + 1;
  }

  const compound = yield* compound_mapcount(page);
  const nr = yield* compound_nr(page);
  let mapcounts = compound;
  for (let i = 0; i < nr; i++) {
    const mapcount = yield* atomic_read(nth_page(page, i)._mapcount);
    mapcounts += mapcount + 1;
  }
  const anon = yield* PageAnon(page);
  return anon ? mapcounts : mapcounts - compound * nr;
}

/** Mappings of `page` by PTEs, and by PMDs of the whole: several loads that nobody promised would agree. */
export function* __page_mapcount(page: Page): Op<number> {
  const ptes = yield* atomic_read(page._mapcount);
  const anon = yield* PageAnon(page);
  if (!anon) return ptes + 1;

  const head = yield* compound_head(page);
  const pmds = yield* atomic_read(compound_mapcount_ptr(head));
  return ptes + 1 + (pmds + 1);
}
