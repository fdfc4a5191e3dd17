// teacher-only
// loses: nobody-fails, cheap
// because: while smaps has the page lock, a migration that only tries it gives up, and so does a split.

import type {Op} from "../../../../src/sim/index.ts";
import {compound_nr, page_mapcount} from "../../../../src/mm/mm.ts";
import {nth_page, PAGE_SIZE, type Page} from "../../../../src/mm/mm_types.ts";
import {trylock_page, unlock_page} from "../../../../src/mm/page-flags.ts";
import {pte_dirty, pte_young, type Pte} from "../../../../src/mm/pgtable.ts";
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
  const locked = yield* trylock_page(page);
  if (!locked) return;
  yield* smaps_account(mss, page, false, pte_young(pte), pte_dirty(pte));
  yield* unlock_page(page);
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
