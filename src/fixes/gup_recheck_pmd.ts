// What Yang Shi sent in September 2022 (70cbc3cc78a9, v6.0): before GUP-fast believes that it holds the page that is mapped there, it looks again
// at the PMD, too.

import type {Cell, Op} from "../sim/index.ts";
import {load, READ_ONCE} from "../sim/atomic.ts";
import {gup_huge_pmd, put_compound_head, try_grab_compound_head} from "../mm/gup.ts";
import type {Mm, Page} from "../mm/mm_types.ts";
import {config_debug_vm, VM_BUG_ON_PAGE} from "../mm/mmdebug.ts";
import {compound_head, SetPageReferenced} from "../mm/page-flags.ts";
import {
  pmd_offset,
  pmd_present,
  pmd_table,
  pmd_trans_huge,
  pte_access_permitted,
  pte_index,
  pte_page,
  ptep_get_lockless,
  type Pmd,
} from "../mm/pgtable.ts";

export function* gup_pmd_range(mm: Mm, address: number, flags: number): Op<Page | null> {
  const pmdp = pmd_offset(mm, address);
  const pmd = yield* READ_ONCE(pmdp);
  if (!pmd_present(pmd)) return null;
  if (pmd_trans_huge(pmd)) return yield* gup_huge_pmd(pmdp, pmd, address, flags);
  return yield* gup_pte_range(pmdp, pmd, address, flags);
}

/** A page that a PTE maps: both entries must be the same once it is held. */
export function* gup_pte_range(
  pmdp: Cell<Pmd>,
  pmd: Pmd,
  address: number,
  flags: number,
): Op<Page | null> {
  const ptep = pmd_table(pmd).pte[pte_index(address)];
  const pte = yield* ptep_get_lockless(ptep);
  if (!pte_access_permitted(pte)) return null;
  const page = pte_page(pte);
  const head = yield* try_grab_compound_head(page, 1, flags);
  if (head === null) return null;

  // The PMD as well: khugepaged empties it and leaves the entries of the table as they are.
  const same_table = (yield* load(pmdp)) === pmd;
  const same_page = same_table && (yield* load(ptep)) === pte;
  if (!same_page) {
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
