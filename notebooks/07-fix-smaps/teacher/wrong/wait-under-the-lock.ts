// teacher-only
// loses: no-crash, no-torn-count, references, nobody-fails, numbers, cheap
// because: it waits for the page to be unlocked with the lock of the page table held, and who would unlock it waits for that.

import type {Op} from "../../../../src/sim/index.ts";
import {compound_nr, page_mapcount} from "../../../../src/mm/mm.ts";
import {nth_page, PAGE_SIZE, type Page} from "../../../../src/mm/mm_types.ts";
import {unlock_page, lock_page} from "../../../../src/mm/page-flags.ts";
import {pte_dirty, pte_present, pte_young, type Pte} from "../../../../src/mm/pgtable.ts";
import {
  page_count_is_one,
  PSS_SHIFT,
  smaps_account_size,
  smaps_page_accumulate,
  type MemSizeStats,
  page_of_entry,
} from "../../../../src/mm/task_mmu.ts";

// cell 20
export function* smaps_pte_entry(pte: Pte, mss: MemSizeStats): Op<void> {
  const page = yield* page_of_entry(pte);
  if (page === null) return;
  if (!pte_present(pte)) {
    yield* lock_page(page);
    yield* unlock_page(page);
  }
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
}

export function* smaps_account(
  mss: MemSizeStats,
  page: Page,
  compound: boolean,
  young: boolean,
  dirty: boolean,
): Op<void> {
  const nr = compound ? yield* compound_nr(page) : 1;
  const size = nr * PAGE_SIZE;
  yield* smaps_account_size(mss, page, size, young, dirty);

  const sole = yield* page_count_is_one(page);
  if (sole) {
    yield* smaps_page_accumulate(mss, page, size, size * 2 ** PSS_SHIFT, dirty, true);
    return;
  }
  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(page, i);
    const mapcount = yield* page_mapcount(subpage);
    const whole = PAGE_SIZE * 2 ** PSS_SHIFT;
    const pss = mapcount >= 2 ? Math.floor(whole / mapcount) : whole;
    yield* smaps_page_accumulate(mss, subpage, PAGE_SIZE, pss, dirty, mapcount < 2);
  }
}
