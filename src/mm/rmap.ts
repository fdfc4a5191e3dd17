// From a page to the entries that map it. Models mm/rmap.c, v5.13, for anonymous pages.
//
// Leaves out: KSM, file pages, mlock, statistics and memcg, and with them the loads that ask for them; the interval tree (an
// anon_vma holds a plain list of VMAs, and the page's place is worked out once); in try_to_unmap_one all reasons to
// unmap but the split of a huge page and migration; deferred TLB flushes; the check of a page that is mapped already.

import {
  atomic_add_negative,
  atomic_dec_and_test,
  atomic_inc,
  atomic_inc_and_test,
  atomic_inc_not_zero,
  atomic_set,
  load,
  READ_ONCE,
  store,
  WRITE_ONCE,
} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_read, down_write, spin_unlock, up_read, up_write} from "../sim/lock.ts";
import {structure_at} from "../sim/machine.ts";
import {anon_vma_alloc} from "./boot.ts";
import {
  __split_huge_pmd,
  deferred_split_huge_page,
  split_huge_pmd_address,
} from "./huge_memory.ts";
import {clear_page_mlock, mlock_vma_page} from "./mlock.ts";
import {compound_mapcount_ptr, page_mapcount, put_page} from "./mm.ts";
import {find_mergeable_anon_vma} from "./mmap.ts";
import {VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {
  has_syscalls,
  hpage_pmd_nr,
  nth_page,
  PAGE_SIZE,
  VM_LOCKED,
  VM_SEQ_READ,
  type AnonVma,
  type Page,
  type VmArea,
} from "./mm_types.ts";
import {
  compound_head,
  PAGE_MAPPING_ANON,
  PageAnon,
  PageDirty,
  PageLocked,
  PageMlocked,
  PageSwapBacked,
  PageTransCompound,
  SetPageDirty,
  SetPageSwapBacked,
  TestClearPageDoubleMap,
  __SetPageSwapBacked,
} from "./page-flags.ts";
import {
  begin_walk,
  page_vma_mapped_walk,
  page_vma_mapped_walk_done,
  ptep_of,
  type PageVmaMappedWalk,
} from "./page_vma_mapped.ts";
import {
  pmd_dirty,
  pmd_lock,
  pmd_offset,
  pmd_page,
  pmd_trans_huge,
  pmd_write,
  pmdp_clear_flush_young,
  pmdp_invalidate,
  pte_dirty,
  pte_page,
  pte_write,
  ptep_clear_flush,
  ptep_clear_flush_young,
  set_pmd_at,
  set_pte_at,
  type Pte,
} from "./pgtable.ts";
import {swap_duplicate} from "./swapfile.ts";
import {make_migration_entry, make_pmd_migration_entry} from "./swapops.ts";
import {page_mapped, page_mapping} from "./util.ts";
import {mod_node_page_state, NR_ANON_THPS} from "./vmstat.ts";

// anon_vma

function anon_vma_at(mapping: number): AnonVma {
  return structure_at<AnonVma>(mapping - PAGE_MAPPING_ANON, () => {
    throw new Error(`mapping ${mapping} does not point to an anon_vma`);
  });
}

/** The anon_vma of a page that is mapped and stays so for the look; null if it is not an anonymous one. */
export function* page_anon_vma(page: Page): Op<AnonVma | null> {
  const head = yield* compound_head(page);
  const mapping = yield* load(head.mapping);
  return mapping & PAGE_MAPPING_ANON ? anon_vma_at(mapping) : null;
}

/** Takes a reference on the anon_vma of `page`; null if it has none, or is not mapped any more. */
export function* page_get_anon_vma(page: Page): Op<AnonVma | null> {
  const mapping = yield* READ_ONCE(page.mapping);
  if ((mapping & PAGE_MAPPING_ANON) === 0) return null;
  const before = yield* page_mapped(page);
  if (!before) return null;

  const anon_vma = anon_vma_at(mapping);
  const alive = yield* atomic_inc_not_zero(anon_vma.refcount);
  if (!alive) return null;

  const after = yield* page_mapped(page);
  if (after) return anon_vma;
  yield* put_anon_vma(anon_vma);
  return null;
}

/** Drops a reference. With its last one an anon_vma lets go of the oldest of its family, whose lock it has used. */
export function* put_anon_vma(anon_vma: AnonVma): Op<void> {
  const last = yield* atomic_dec_and_test(anon_vma.refcount);
  if (last && anon_vma.root !== null) yield* atomic_dec_and_test(anon_vma.root.refcount);
}

// Which ranges may map a page: those that its anon_vma knows. A range knows several anon_vmas: its own, for new pages, and those of the
// processes that it was forked from, since their pages may still be in it.

/** The ranges in which a page at `pgoff`, or a part of a huge page that begins there, may be. */
export function anon_vma_interval_tree_foreach({vmas}: AnonVma, pgoff: number): VmArea[] {
  return vmas.filter(({vm_start, vm_end, vm_pgoff}) => {
    const end = vm_pgoff + (vm_end - vm_start) / PAGE_SIZE;
    return vm_pgoff < pgoff + hpage_pmd_nr() && pgoff < end;
  });
}

/** A range is about to get the first page of its own. */
export function* anon_vma_prepare(vma: VmArea): Op<void> {
  if (vma.anon_vma === null) yield* __anon_vma_prepare(vma);
}

/** A neighbour's anon_vma will do, if the two ranges could be one later. */
export function* __anon_vma_prepare(vma: VmArea): Op<void> {
  const anon_vma = find_mergeable_anon_vma(vma) ?? anon_vma_alloc();
  yield* down_write(anon_vma.rwsem);
  vma.anon_vma = anon_vma;
  anon_vma_chain_link(vma, anon_vma);
  anon_vma.degree++;
  yield* up_write(anon_vma.rwsem);
}

/** Caller holds the family's lock. */
export function anon_vma_chain_link(vma: VmArea, anon_vma: AnonVma): void {
  vma.anon_vma_chain.unshift(anon_vma);
  anon_vma.vmas.push(vma);
}

/**
 * `dst` gets into all anon_vmas that `src` is in. If it has none of its own yet, which is so for a process that is forked, it takes an old
 * one that nobody needs any more: else families of those who fork for ever would grow for ever.
 */
export function* anon_vma_clone(dst: VmArea, src: VmArea): Op<void> {
  if (src.anon_vma_chain.length === 0) return;
  const {rwsem} = src.anon_vma_chain[0];
  yield* down_write(rwsem);
  for (const anon_vma of [...src.anon_vma_chain].reverse()) {
    anon_vma_chain_link(dst, anon_vma);
    const unused = anon_vma !== src.anon_vma && anon_vma.degree < 2;
    if (dst.anon_vma === null && src.anon_vma !== null && unused) dst.anon_vma = anon_vma;
  }
  if (dst.anon_vma !== null) dst.anon_vma.degree++;
  yield* up_write(rwsem);
}

/** `vma` is the child's copy of `pvma`: old pages are found through the parent's anon_vmas, new ones get one of their own. */
export function* anon_vma_fork(vma: VmArea, pvma: VmArea): Op<void> {
  if (pvma.anon_vma === null) return;
  vma.anon_vma = null;
  yield* anon_vma_clone(vma, pvma);
  if (vma.anon_vma !== null) return;

  const parent = pvma.anon_vma;
  const anon_vma = anon_vma_alloc(parent);
  yield* atomic_inc(anon_vma.root!.refcount);
  vma.anon_vma = anon_vma;
  yield* down_write(anon_vma.rwsem);
  anon_vma_chain_link(vma, anon_vma);
  parent.degree++;
  yield* up_write(anon_vma.rwsem);
}

/** The range maps no page any more: nobody has to look into it. Anon_vmas that no range is left in end here. */
export function* unlink_anon_vmas(vma: VmArea): Op<void> {
  const chain = vma.anon_vma_chain;
  if (chain.length === 0) return;
  const {rwsem} = chain[0];
  yield* down_write(rwsem);
  for (const {vmas} of chain) vmas.splice(vmas.indexOf(vma), 1);
  const empty = chain.filter(({vmas}) => vmas.length === 0);
  // The oldest has itself as its parent.
  for (const anon_vma of empty) (anon_vma.parent ?? anon_vma).degree--;
  if (vma.anon_vma !== null) vma.anon_vma.degree--;
  vma.anon_vma = null;
  vma.anon_vma_chain = [];
  yield* up_write(rwsem);

  for (const anon_vma of empty) yield* put_anon_vma(anon_vma);
}

/** The page's place in its mapping, in pages. */
export function* page_to_pgoff(page: Page): Op<number> {
  return yield* load(page.index);
}

/** The address at which `vma` has the page at `pgoff`, be it inside or outside. */
export function __vma_address(pgoff: number, vma: VmArea): number {
  return vma.vm_start + (pgoff - vma.vm_pgoff) * PAGE_SIZE;
}

/** The first address in `vma` of a page, or of a huge page, that begins at `pgoff` and is known to lie in it, with a part at least. */
export function vma_address(pgoff: number, vma: VmArea): number {
  return Math.max(__vma_address(pgoff, vma), vma.vm_start);
}

/** The place of an address in what `vma` maps, in pages. Models include/linux/pagemap.h. */
export function linear_page_index(vma: VmArea, address: number): number {
  return (address - vma.vm_start) / PAGE_SIZE + vma.vm_pgoff;
}

// Adding and removing mappings

/** One more entry of a process that is forked maps the page, or the whole of a huge one. Models include/linux/rmap.h. */
export function* page_dup_rmap(page: Page, compound: boolean): Op<void> {
  yield* atomic_inc(compound ? compound_mapcount_ptr(page) : page._mapcount);
}

/** First mapping of a new page, at `address`, or of a huge one (`compound`). Nobody else can see the page. */
export function* page_add_new_anon_rmap(
  page: Page,
  vma: VmArea,
  address: number,
  compound: boolean,
): Op<void> {
  yield* __SetPageSwapBacked(page);
  yield* atomic_set(compound ? compound_mapcount_ptr(page) : page._mapcount, 0);
  if (compound) mod_node_page_state(NR_ANON_THPS, 1);
  yield* __page_set_anon_rmap(page, vma, address);
}

export function* __page_set_anon_rmap(page: Page, vma: VmArea, address: number): Op<void> {
  const anon = yield* PageAnon(page);
  if (anon) return;
  yield* WRITE_ONCE(page.mapping, vma.anon_vma!.address + PAGE_MAPPING_ANON);
  yield* store(page.index, linear_page_index(vma, address));
}

/** One more PTE, at `address`, maps `page`. Caller holds the page lock and the ptl. */
export function* page_add_anon_rmap(page: Page, vma: VmArea, address: number): Op<void> {
  const locked = yield* PageLocked(page);
  yield* VM_BUG_ON_PAGE(!locked, page, "!PageLocked(page)");
  const first = yield* atomic_inc_and_test(page._mapcount);
  if (first) yield* __page_set_anon_rmap(page, vma, address);
}

/** The same for the whole of a huge page, which a PMD maps. Caller holds the page lock and the pmd lock. */
export function* page_add_anon_compound_rmap(
  head: Page,
  vma: VmArea,
  address: number,
): Op<void> {
  const first = yield* atomic_inc_and_test(compound_mapcount_ptr(head));
  if (!first) return;
  mod_node_page_state(NR_ANON_THPS, 1);
  yield* __page_set_anon_rmap(head, vma, address);
}

/** The same for a page that was swapped out. If others may have it, too, it belongs to the oldest of the family: then all of them will find it. */
export function* do_page_add_anon_rmap(
  page: Page,
  vma: VmArea,
  address: number,
  exclusive: boolean,
): Op<void> {
  const first = yield* atomic_inc_and_test(page._mapcount);
  const anon = yield* PageAnon(page);
  if (!first || anon) return;
  const anon_vma = exclusive ? vma.anon_vma! : (vma.anon_vma!.root ?? vma.anon_vma!);
  yield* WRITE_ONCE(page.mapping, anon_vma.address + PAGE_MAPPING_ANON);
  yield* store(page.index, linear_page_index(vma, address));
}

/** One more PTE maps a page of an object. Caller holds the ptl. */
export function* page_add_file_rmap(page: Page): Op<void> {
  yield* atomic_inc(page._mapcount);
}

/** The PMD that mapped the whole of a huge page is gone. Caller holds the pmd lock. Models page_remove_anon_compound_rmap(). */
export function* page_remove_compound_rmap(head: Page): Op<void> {
  const nr = hpage_pmd_nr();
  const last = yield* atomic_add_negative(compound_mapcount_ptr(head), -1);
  if (!last) return;
  mod_node_page_state(NR_ANON_THPS, -1);

  let unmapped = nr;
  const both = yield* TestClearPageDoubleMap(head);
  if (both) {
    unmapped = 0;
    for (let i = 0; i < nr; i++) {
      const none = yield* atomic_add_negative(nth_page(head, i)._mapcount, -1);
      if (none) unmapped++;
    }
    if (unmapped > 0 && unmapped < nr) yield* deferred_split_huge_page(head);
  }
  const mlocked = yield* PageMlocked(head);
  if (mlocked) yield* clear_page_mlock(head);
}

/** One PTE fewer maps `page`. Caller holds the ptl, or the page lock while it builds or freezes a table. */
export function* page_remove_rmap(page: Page): Op<void> {
  yield* PageAnon(page);
  const last = yield* atomic_add_negative(page._mapcount, -1);
  if (!last) return;

  const mlocked = yield* PageMlocked(page);
  if (mlocked) yield* clear_page_mlock(page);
  const compound = yield* PageTransCompound(page);
  if (!compound) return;
  const head = yield* compound_head(page);
  yield* deferred_split_huge_page(head);
}

// Unmapping

/**
 * Replaces every entry that maps `page`, or a part of it, by a migration entry. True if no mapping is left. With `split_pmds`
 * (TTU_SPLIT_HUGE_PMD) the PMDs that map a huge page are split first. Caller holds the page lock and the anon_vma lock.
 */
export function* try_to_unmap(page: Page, split_pmds: boolean): Op<boolean> {
  const anon_vma = yield* page_anon_vma(page);
  yield* VM_BUG_ON_PAGE(anon_vma === null, page, "!anon_vma");

  const pgoff = yield* page_to_pgoff(page);
  for (const vma of anon_vma_interval_tree_foreach(anon_vma!, pgoff)) {
    yield* try_to_unmap_one(page, vma, pgoff, split_pmds);
    const mapped = yield* page_mapped(page);
    if (!mapped) break;
  }
  const mapcount = yield* page_mapcount(page);
  return mapcount === 0;
}

export function* try_to_unmap_one(
  page: Page,
  vma: VmArea,
  pgoff: number,
  split_pmds: boolean,
): Op<void> {
  if (split_pmds) yield* split_huge_pmd_address(vma, vma_address(pgoff, vma), page);
  else if (has_syscalls()) yield* freeze_pmd(page, vma, pgoff);

  // What the split of the PMD has frozen already is no mapping any more, and is passed over.
  const pvmw = begin_walk(page, vma, pgoff, {sync: false, migration: false});
  for (;;) {
    const found = yield* page_vma_mapped_walk(pvmw);
    if (!found) return;
    yield* freeze_pte(pvmw);
  }
}

/** Turns the mapping of a whole huge page into a migration entry, if the range has one. Models set_pmd_migration_entry(). */
export function* freeze_pmd(page: Page, vma: VmArea, pgoff: number): Op<void> {
  const ptl = yield* lock_pmd_of_page(page, vma, pgoff);
  if (ptl === null) return;
  const pmdp = pmd_offset(vma.vm_mm, vma_address(pgoff, vma));
  const old = yield* pmdp_invalidate(vma.vm_mm, pmdp);
  if (pmd_dirty(old)) yield* SetPageDirty(page);
  const entry = yield* make_pmd_migration_entry(page, pmd_write(old));
  yield* set_pmd_at(pmdp, entry);
  yield* page_remove_compound_rmap(page);
  yield* put_page(page);
  yield* spin_unlock(ptl);
}

/** Turns one mapping into a migration entry. Caller holds the ptl. */
export function* freeze_pte(pvmw: PageVmaMappedWalk): Op<void> {
  const pte = ptep_of(pvmw);
  const old = yield* ptep_clear_flush(pvmw.vma.vm_mm, pte);
  const subpage = pte_page(old);
  if (pte_dirty(old)) yield* SetPageDirty(pvmw.page);
  const entry = yield* make_migration_entry(subpage, pte_write(old));
  yield* set_pte_at(pte, entry);
  yield* page_remove_rmap(subpage);
  yield* put_page(pvmw.page);
}

// Reclaim: who has used a page lately, and unmapping it for good

/** The ranges that may have a page: of an anonymous one those of its anon_vma, whose lock the caller holds; else those that map its object. */
export function* rmap_vmas(
  page: Page,
  anon_vma: AnonVma | null,
  pgoff: number,
): Op<readonly VmArea[]> {
  if (anon_vma !== null) return anon_vma_interval_tree_foreach(anon_vma, pgoff);
  const mapping = yield* page_mapping(page);
  const vmas = mapping?.i_mmap ?? [];
  return vmas.filter(({vm_start, vm_end, vm_pgoff}) => {
    const end = vm_pgoff + (vm_end - vm_start) / PAGE_SIZE;
    return vm_pgoff <= pgoff && pgoff < end;
  });
}

/** The anon_vma of a page, locked; null if it has none. */
export function* lock_anon_vma_read(page: Page): Op<AnonVma | null> {
  const anon_vma = yield* page_anon_vma(page);
  if (anon_vma !== null) yield* down_read(anon_vma.rwsem);
  return anon_vma;
}

/** Replaces every entry that maps a page of an object by a migration entry. Caller holds the page lock. */
export function* try_to_unmap_file(page: Page): Op<void> {
  const pgoff = yield* page_to_pgoff(page);
  const vmas = yield* rmap_vmas(page, null, pgoff);
  for (const vma of vmas) yield* try_to_unmap_one(page, vma, pgoff, false);
}

/** In how many ranges was the page used since it was last asked? And what flags those have. Caller holds the page lock. */
export function* page_referenced(
  page: Page,
): Op<{readonly ptes: number; readonly vm_flags: number}> {
  let ptes = 0;
  let vm_flags = 0;
  const mapped = yield* page_mapped(page);
  if (!mapped) return {ptes, vm_flags};
  const anon_vma = yield* lock_anon_vma_read(page);
  const pgoff = yield* page_to_pgoff(page);
  const vmas = yield* rmap_vmas(page, anon_vma, pgoff);
  for (const vma of vmas) {
    const used = yield* page_referenced_one(page, vma, pgoff);
    if (used === 0) continue;
    ptes += used === "locked" ? 0 : 1;
    vm_flags |= used === "locked" ? VM_LOCKED : vma.vm_flags;
    if (used === "locked") break;
  }
  if (anon_vma !== null) yield* up_read(anon_vma.rwsem);
  return {ptes, vm_flags};
}

/** How many entries of the range say so: they are old afterwards. "locked" if it has the page, and is a locked range. */
export function* page_referenced_one(
  page: Page,
  vma: VmArea,
  pgoff: number,
): Op<number | "locked"> {
  const ptl = yield* lock_pmd_of_page(page, vma, pgoff);
  if (ptl !== null) {
    const locked = (vma.vm_flags & VM_LOCKED) !== 0;
    const young = locked
      ? false
      : yield* pmdp_clear_flush_young(
          vma.vm_mm,
          pmd_offset(vma.vm_mm, vma_address(pgoff, vma)),
        );
    yield* spin_unlock(ptl);
    return locked ? "locked" : Number(young);
  }
  let used = 0;
  const pvmw = begin_walk(page, vma, pgoff, {sync: false, migration: false});
  for (;;) {
    const found = yield* page_vma_mapped_walk(pvmw);
    if (!found) return used;
    if (vma.vm_flags & VM_LOCKED) {
      yield* page_vma_mapped_walk_done(pvmw);
      return "locked";
    }
    const young = yield* ptep_clear_flush_young(vma.vm_mm, ptep_of(pvmw));
    // Who reads on and on will not come back.
    if (young && !(vma.vm_flags & VM_SEQ_READ)) used++;
  }
}

/** The pmd lock, if a PMD of the range maps the whole of `page`; else null. */
export function* lock_pmd_of_page(page: Page, vma: VmArea, pgoff: number): Op<Cell | null> {
  const pmdp = pmd_offset(vma.vm_mm, vma_address(pgoff, vma));
  const before = yield* READ_ONCE(pmdp);
  if (!pmd_trans_huge(before) || pmd_page(before) !== page) return null;
  const ptl = yield* pmd_lock(vma.vm_mm);
  const pmd = yield* load(pmdp);
  if (pmd_trans_huge(pmd) && pmd_page(pmd) === page) return ptl;
  yield* spin_unlock(ptl);
  return null;
}

/**
 * Takes a page away from all who map it. In the place of each entry there is one that names the page's slot of swap space; nothing, if nobody needs
 * what is in it. Models try_to_unmap() for pages that are to go; a huge one has its PMDs split first. Caller holds the page lock.
 */
export function* try_to_swap_out(page: Page, split_pmds: boolean): Op<void> {
  const anon_vma = yield* lock_anon_vma_read(page);
  const pgoff = yield* page_to_pgoff(page);
  const vmas = yield* rmap_vmas(page, anon_vma, pgoff);
  for (const vma of vmas) {
    const more = yield* try_to_swap_out_one(page, vma, pgoff, split_pmds);
    const mapped = more && (yield* page_mapped(page));
    if (!mapped) break;
  }
  if (anon_vma !== null) yield* up_read(anon_vma.rwsem);
}

/** The part of try_to_unmap_one() for that. False: there is no use in going on. */
export function* try_to_swap_out_one(
  page: Page,
  vma: VmArea,
  pgoff: number,
  split_pmds: boolean,
): Op<boolean> {
  if (split_pmds) yield* __split_huge_pmd(vma, vma_address(pgoff, vma), false, page);
  const pvmw = begin_walk(page, vma, pgoff, {sync: false, migration: false});
  for (;;) {
    const found = yield* page_vma_mapped_walk(pvmw);
    if (!found) return true;
    const out = vma.vm_flags & VM_LOCKED ? false : yield* swap_out_pte(pvmw);
    if (out) continue;
    const compound = yield* PageTransCompound(page);
    if (vma.vm_flags & VM_LOCKED && !compound) yield* mlock_vma_page(page);
    yield* page_vma_mapped_walk_done(pvmw);
    return false;
  }
}

/** One mapping. False if the page is needed after all: then it stays mapped. Caller holds the ptl. */
export function* swap_out_pte(pvmw: PageVmaMappedWalk): Op<boolean> {
  const {page, vma} = pvmw;
  const ptep = ptep_of(pvmw);
  const old = yield* ptep_clear_flush(vma.vm_mm, ptep);
  const subpage = pte_page(old);
  if (pte_dirty(old)) yield* SetPageDirty(page);

  const anon = yield* PageAnon(page);
  const swapbacked = yield* PageSwapBacked(page);
  const dirty = yield* PageDirty(page);
  if (!swapbacked && dirty) {
    // Freed by MADV_FREE, and written to again.
    yield* set_pte_at(ptep, old);
    yield* SetPageSwapBacked(page);
    return false;
  }
  // A page of an object is found there, and not by the page table.
  if (anon && swapbacked) {
    const entry = (yield* load(subpage.private)) as Pte;
    yield* swap_duplicate(entry);
    yield* set_pte_at(ptep, entry);
  }
  yield* page_remove_rmap(subpage);
  yield* put_page(page);
  return true;
}
