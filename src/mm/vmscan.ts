// Getting memory back. Models mm/vmscan.c, v5.13, of which what MADV_PAGEOUT asks for is kept: pages of a list are put out, one after
// the other, as far as nobody has used them lately.
//
// A list is what isolate_lru_page() took off the LRU list; nobody else has it. Leaves out: who else asks for memory, and how many pages of which
// list are looked at then; memcg; demotion to slower memory; writing pages of files.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {spin_lock, spin_unlock} from "../sim/lock.ts";
import {
  can_split_huge_page,
  deferred_split_scan,
  shrink_huge_zero_page_scan,
  split_huge_page_to_list,
} from "./huge_memory.ts";
import {compound_mapcount, compound_nr, page_maybe_dma_pinned} from "./mm.ts";
import {hpage_pmd_nr, nth_page, VM_LOCKED, type Page} from "./mm_types.ts";
import {
  ClearPageActive,
  PageAnon,
  PageDirty,
  PageMlocked,
  PageSwapBacked,
  PageSwapCache,
  PageTransHuge,
  SetPageActive,
  SetPageReferenced,
  TestClearPageDirty,
  TestClearPageReferenced,
  trylock_page,
  unlock_page,
} from "./page-flags.ts";
import {swap_writepage} from "./page_io.ts";
import {page_count, page_ref_freeze, page_ref_unfreeze} from "./page_ref.ts";
import type {Pte} from "./pgtable.ts";
import {page_referenced, try_to_swap_out} from "./rmap.ts";
import {shmem_delete_from_page_cache, shmem_writepage} from "./shmem.ts";
import {free_unref_page, page_evictable, putback_lru_page} from "./swap.ts";
import {__delete_from_swap_cache, add_to_swap, swapper_space} from "./swap_state.ts";
import {put_swap_page, try_to_free_swap, vm_swap_full} from "./swapfile.ts";
import {page_mapped} from "./util.ts";
import {count_vm_event} from "./vmstat.ts";
import {workingset_eviction} from "./workingset.ts";

/**
 * `echo 2 > /proc/sys/vm/drop_caches`: whoever keeps something that others could use is asked to give it back, and again as long as that is a
 * lot. Leaves out: what else a kernel keeps.
 */
export function* drop_slab(): Op<void> {
  let freed;
  do {
    const zero = yield* shrink_huge_zero_page_scan();
    const split = yield* deferred_split_scan();
    freed = zero + split;
  } while (freed > 10);
}

/** Puts the pages of a list out, and those that stay back on the LRU list. */
export function* reclaim_pages(pages: readonly Page[]): Op<void> {
  for (const page of pages) yield* ClearPageActive(page);
  const kept = yield* shrink_page_list([...pages]);
  for (const page of kept) yield* putback_lru_page(page);
}

/** Puts out what it can, and answers the rest. A huge page that is split on its way leaves its parts in the list, for which it is their turn next. */
export function* shrink_page_list(pages: Page[]): Op<Page[]> {
  const kept: Page[] = [];
  for (let page = pages.shift(); page !== undefined; page = pages.shift()) {
    const locked = yield* trylock_page(page);
    const verdict = locked ? yield* shrink_page(page, pages) : "keep";
    if (verdict === "activate") yield* activate_page_locked(page);
    if (verdict === "free") yield* free_unref_page(page);
    else kept.push(page);
    if (locked && verdict !== "free" && verdict !== "keep") yield* unlock_page(page);
  }
  return kept;
}

/** What becomes of a page: "keep" says that it is not locked any more, as does "free"; nobody has a reference to that. */
export type Verdict = "free" | "keep" | "keep_locked" | "activate";

/** One page of shrink_page_list(). Caller holds the page lock. */
export function* shrink_page(page: Page, pages: Page[]): Op<Verdict> {
  const evictable = yield* page_evictable(page);
  if (!evictable) return "activate";
  const references = yield* page_check_references(page);
  if (references === "activate") return "activate";
  if (references === "keep") return "keep_locked";

  const space = yield* get_swap_space(page, pages);
  if (space !== "ready") return space;
  const mapped = yield* page_mapped(page);
  if (mapped) {
    const huge = yield* PageTransHuge(page);
    yield* try_to_swap_out(page, huge);
    const still = yield* page_mapped(page);
    if (still) return "activate";
  }
  const dirty = yield* PageDirty(page);
  if (dirty && references === "reclaim_clean") return "keep_locked";
  const written = dirty ? yield* pageout(page) : "clean";
  if (written !== "clean") return written;
  const removed = yield* remove_page(page);
  if (!removed) return "keep_locked";
  yield* unlock_page(page);
  return "free";
}

/** Has anybody used the page since it was last looked at? Caller holds the page lock. */
export function* page_check_references(
  page: Page,
): Op<"reclaim" | "reclaim_clean" | "keep" | "activate"> {
  const {ptes, vm_flags} = yield* page_referenced(page);
  const before = yield* TestClearPageReferenced(page);
  // It is to be found in a range that is locked: whoever unmaps it will see that, too.
  if (vm_flags & VM_LOCKED) return "reclaim";

  if (ptes > 0) {
    yield* SetPageReferenced(page);
    return before || ptes > 1 ? "activate" : "keep";
  }
  const swapbacked = yield* PageSwapBacked(page);
  return before && !swapbacked ? "reclaim_clean" : "reclaim";
}

/** An anonymous page that is not free to go needs a slot of swap space. A huge one that gets none is split. */
export function* get_swap_space(page: Page, pages: Page[]): Op<Verdict | "ready"> {
  const huge = yield* PageTransHuge(page);
  const anon = yield* PageAnon(page);
  const swapbacked = yield* PageSwapBacked(page);
  if (!anon || !swapbacked)
    return huge ? yield* split_to_list(page, pages, "keep_locked") : "ready";
  const cached = yield* PageSwapCache(page);
  if (cached) return "ready";
  const pinned = yield* page_maybe_dma_pinned(page);
  if (pinned) return "keep_locked";

  if (huge) {
    const can = yield* can_split_huge_page(page);
    if (!can) return "activate";
    const pmds = yield* compound_mapcount(page);
    const split = pmds > 0 ? "ready" : yield* split_to_list(page, pages, "activate");
    if (split !== "ready") return split;
  }
  const added = yield* add_to_swap(page);
  if (added) return "ready";
  const still_huge = yield* PageTransHuge(page);
  if (!still_huge) return "activate";
  const split = yield* split_to_list(page, pages, "activate");
  if (split !== "ready") return split;
  count_vm_event("thp_swpout_fallback");
  const small = yield* add_to_swap(page);
  return small ? "ready" : "activate";
}

/** Splits a huge page, whose other parts are the next in the list. */
export function* split_to_list(
  page: Page,
  pages: Page[],
  otherwise: Verdict,
): Op<Verdict | "ready"> {
  const error = yield* split_huge_page_to_list(page);
  if (error !== 0) return otherwise;
  for (let i = hpage_pmd_nr() - 1; i >= 1; i--) pages.unshift(nth_page(page, i));
  return "ready";
}

/** Writes a dirty page to its slot. "clean": it is written, and locked. Caller holds the page lock. */
export function* pageout(page: Page): Op<Verdict | "clean"> {
  const freeable = yield* is_page_cache_freeable(page);
  if (!freeable) return "keep_locked";
  const dirty = yield* TestClearPageDirty(page);
  if (!dirty) return "clean";
  const cached = yield* PageSwapCache(page);
  if (cached) {
    yield* swap_writepage(page);
  } else {
    const written = yield* shmem_writepage(page);
    if (!written) return "activate";
  }

  // The RAM disk is done already: perhaps the page can go at once.
  const redirtied = yield* PageDirty(page);
  if (redirtied) return "keep";
  const locked = yield* trylock_page(page);
  if (!locked) return "keep";
  const again = yield* PageDirty(page);
  return again ? "keep_locked" : "clean";
}

/** Has nobody a reference but the cache and whoever asks? */
export function* is_page_cache_freeable(page: Page): Op<boolean> {
  const nr = yield* compound_nr(page);
  const count = yield* page_count(page);
  return count === 1 + nr;
}

/** Takes away the last references: nobody can find the page any more. False if somebody else has one. */
export function* remove_page(page: Page): Op<boolean> {
  const anon = yield* PageAnon(page);
  const swapbacked = yield* PageSwapBacked(page);
  if (!anon || swapbacked) return yield* __remove_mapping(page);
  const frozen = yield* page_ref_freeze(page, 1);
  if (frozen) count_vm_event("pglazyfreed");
  return frozen;
}

/** Takes a clean page out of the swap cache, or out of its object, with all references. */
export function* __remove_mapping(page: Page): Op<boolean> {
  const {lock} = swapper_space();
  const nr = yield* compound_nr(page);
  yield* spin_lock(lock);
  const frozen = yield* page_ref_freeze(page, 1 + nr);
  const dirty = frozen && (yield* PageDirty(page));
  if (dirty) yield* page_ref_unfreeze(page, 1 + nr);
  if (!frozen || dirty) {
    yield* spin_unlock(lock);
    return false;
  }
  const cached = yield* PageSwapCache(page);
  if (!cached) {
    yield* shmem_delete_from_page_cache(page, null);
    yield* spin_unlock(lock);
    return true;
  }
  const entry = (yield* load(page.private)) as Pte;
  const shadow = yield* workingset_eviction(page);
  yield* __delete_from_swap_cache(page, entry, shadow);
  yield* spin_unlock(lock);
  yield* put_swap_page(page, entry);
  return true;
}

/** The page is used, or cannot go: it moves up, and does not need its slot. Caller holds the page lock. */
export function* activate_page_locked(page: Page): Op<void> {
  const cached = yield* PageSwapCache(page);
  const mlocked = yield* PageMlocked(page);
  const drop = cached && (mlocked || (yield* vm_swap_full()));
  if (drop) yield* try_to_free_swap(page);
  if (!mlocked) yield* SetPageActive(page);
}
