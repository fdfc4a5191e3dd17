// Transparent huge pages: mapping one, and splitting it. Models mm/huge_memory.c, v5.13, for anonymous pages: as
// it was in -rc6, when the thread was written. Before the release a warning took the place of the
// BUG after a failed unmap, and the unmapping learnt to wait for the page table's lock first.
//
// Leaves out: file pages, memcg, statistics of a process, page owner, young and idle bits, NUMA bits, notifiers; interrupts
// off but for the shattering. No page of a race is in the swap cache, and none is the zero page. What the compiler may read once is read once.

import {
  atomic_add_negative,
  atomic_cmpxchg,
  atomic_dec,
  atomic_inc,
  atomic_inc_not_zero,
  atomic_read,
  atomic_set,
  load,
  READ_ONCE,
  store,
  xchg,
} from "../sim/atomic.ts";
import {bug, BUG_ON, WARN_ON_ONCE} from "../sim/bug.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {
  down_read,
  down_write,
  local_irq_disable,
  local_irq_enable,
  smp_wmb,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
} from "../sim/lock.ts";
import {EBUSY} from "./errno.ts";
import {clear_highpage} from "./highmem.ts";
import {list_add_tail, list_del, list_empty, INIT_LIST_HEAD} from "./list.ts";
import {page_needs_cow_for_dma, vm_normal_page, zero_pte} from "./memory.ts";
import {remove_migration_ptes} from "./migrate.ts";
import {
  compound_mapcount,
  compound_mapcount_ptr,
  compound_nr,
  get_page,
  get_page_unless_zero,
  page_mapcount,
  put_page,
  thp_nr_pages,
  try_get_page,
} from "./mm.ts";
import {clear_page_mlock} from "./mlock.ts";
import {find_vma} from "./mmap.ts";
import {
  has_syscalls,
  hpage_pmd_nr,
  hpage_pmd_size,
  MMF_DISABLE_THP,
  MMF_HUGE_ZERO_PAGE,
  nth_page,
  page_at,
  page_of_deferred_list,
  PAGE_SIZE,
  VM_HUGEPAGE,
  VM_NOHUGEPAGE,
  type Mm,
  type Page,
  type PageTable,
  type ListHead,
  type VmArea,
} from "./mm_types.ts";
import {dump_page, VM_BUG_ON_PAGE} from "./mmdebug.ts";
import {node, type Node} from "./mmzone.ts";
import {alloc_transhuge_page} from "./page_alloc.ts";
import {
  clear_compound_head,
  ClearPageCompound,
  compound_head,
  lock_page,
  PAGE_FLAGS_CHECK_AT_PREP,
  PAGE_FLAGS_INHERITED,
  PageAnon,
  PageCompound,
  PageDoubleMap,
  PageHead,
  PageLocked,
  PageLRU,
  PageMlocked,
  PageSwapCache,
  PageTail,
  PageTransHuge,
  PageWriteback,
  SetPageDirty,
  SetPageLRU,
  TAIL_MAPPING,
  TestClearPageDoubleMap,
  TestSetPageDoubleMap,
  trylock_page,
  unlock_page,
  __SetPageUptodate,
} from "./page-flags.ts";
import {
  page_count,
  page_ref_add,
  page_ref_freeze,
  page_ref_inc,
  page_ref_unfreeze,
} from "./page_ref.ts";
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PROTNONE,
  _PAGE_RW,
  is_swap_pmd,
  maybe_pmd_mkwrite,
  mk_huge_pmd,
  mk_pte,
  pgtable_trans_huge_deposit,
  pgtable_trans_huge_withdraw,
  pmd_dirty,
  pmd_lock,
  pmd_mkdirty,
  pmd_mkold,
  pmd_mkyoung,
  pmd_none,
  pmd_offset,
  pmd_page,
  pmd_populate,
  pmd_present,
  pmd_start,
  pmd_trans_huge,
  pmd_write,
  pmd_wrprotect,
  pmdp_invalidate,
  pte_alloc_one_of,
  pte_free,
  pte_index,
  pte_none,
  pte_offset_map_lock,
  pte_present,
  pte_unmap_unlock,
  set_pmd_at,
  set_pte_at,
  vm_get_page_prot,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {
  anon_vma_prepare,
  page_add_new_anon_rmap,
  page_dup_rmap,
  page_get_anon_vma,
  page_remove_compound_rmap,
  page_remove_rmap,
  put_anon_vma,
  try_to_unmap,
} from "./rmap.ts";
import {split_swap_cluster} from "./swapfile.ts";
import {lru_cache_add_inactive_or_unevictable} from "./swap.ts";
import {make_migration_entry} from "./swapops.ts";
import {flush_tlb_mm_range} from "./tlb.ts";
import {count_vm_event, mod_node_page_state, NR_ANON_THPS} from "./vmstat.ts";

// Mapping

/** Where the queue of huge pages that are only partly mapped links a page: in its second tail. */
export function page_deferred_list(head: Page): ListHead {
  return nth_page(head, 2).deferred_list;
}

/** A huge page of two sub-pages has no second tail, hence no place in the queue. */
export function has_deferred_list(): boolean {
  return hpage_pmd_nr() > 2;
}

export function* prep_transhuge_page(page: Page): Op<void> {
  if (has_deferred_list()) yield* INIT_LIST_HEAD(page_deferred_list(page));
}

/** May a fault in this range be answered by a huge page? As /sys has it: only where the range was advised. */
export function __transparent_hugepage_enabled({vm_flags, vm_mm}: VmArea): boolean {
  if (vm_flags & VM_NOHUGEPAGE || vm_mm.flags & MMF_DISABLE_THP) return false;
  return (vm_flags & VM_HUGEPAGE) !== 0;
}

/** Would a first fault in this range find room for a huge page, and be allowed one? What smaps says of it. */
export function transparent_hugepage_active(vma: VmArea): boolean {
  const last = pmd_start(vma.vm_end) - hpage_pmd_size();
  const fits = last >= vma.vm_start;
  return fits && vma.vm_file === null && __transparent_hugepage_enabled(vma);
}

/** Does the range hold all that the PMD of `address` covers? */
export function transhuge_vma_suitable(vma: VmArea, address: number): boolean {
  const start = pmd_start(address);
  return (
    vma.vm_file === null && start >= vma.vm_start && start + hpage_pmd_size() <= vma.vm_end
  );
}

/** The first fault below an empty PMD: a huge page, or for a read the huge zero page. False if small pages have to do. */
export function* do_huge_pmd_anonymous_page(
  vma: VmArea,
  address: number,
  write: boolean,
): Op<boolean> {
  if (!transhuge_vma_suitable(vma, address)) return false;
  yield* anon_vma_prepare(vma);
  if (!write) return yield* map_huge_zero_page(vma, pmd_start(address));

  const page = yield* alloc_transhuge_page();
  if (page === null) {
    count_vm_event("thp_fault_fallback");
    return false;
  }
  yield* prep_transhuge_page(page);
  for (let i = 0; i < hpage_pmd_nr(); i++) yield* clear_highpage(nth_page(page, i));
  const table = pte_alloc_one_of(vma.vm_mm);
  yield* __do_huge_pmd_anonymous_page(vma, pmd_start(address), page, table);
  count_vm_event("thp_fault_alloc");
  return true;
}

/** Maps a new huge page at the empty PMD of `address`. `table` is kept for the day when the PMD is split. */
export function* __do_huge_pmd_anonymous_page(
  vma: VmArea,
  address: number,
  page: Page,
  table: PageTable,
): Op<void> {
  const mm = vma.vm_mm;
  yield* __SetPageUptodate(page);
  const ptl = yield* pmd_lock(mm);
  const entry = mk_huge_pmd(page, _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY);
  yield* page_add_new_anon_rmap(page, vma, address, true);
  yield* lru_cache_add_inactive_or_unevictable(page, vma);
  yield* pgtable_trans_huge_deposit(mm, address, table);
  yield* set_pmd_at(pmd_offset(mm, address), entry);
  yield* spin_unlock(ptl);
}

/** fork(), where it may be that there is no huge page to be shared: then its PMD is split, and the answer is false. */
export function* copy_huge_pmd_or_split(
  child: VmArea,
  parent: VmArea,
  address: number,
): Op<boolean> {
  const pmd = yield* load(pmd_offset(parent.vm_mm, address));
  if (is_huge_zero_pmd(pmd)) return yield* map_huge_zero_page(child, address);
  const pinned = yield* page_needs_cow_for_dma(parent, pmd_page(pmd));
  if (pinned) {
    yield* split_huge_pmd(parent, address);
    return false;
  }
  yield* copy_huge_pmd(child, parent, address, pte_alloc_one_of(child.vm_mm));
  return true;
}

/** fork(): the child maps the same huge page, and neither may write to it. */
export function* copy_huge_pmd(
  child: VmArea,
  parent: VmArea,
  address: number,
  table: PageTable,
): Op<void> {
  const dst_pmd = pmd_offset(child.vm_mm, address);
  const src_pmd = pmd_offset(parent.vm_mm, address);
  const dst_ptl = yield* pmd_lock(child.vm_mm);
  const src_ptl = yield* pmd_lock(parent.vm_mm);
  const pmd = yield* load(src_pmd);
  const page = pmd_page(pmd);
  yield* get_page(page);
  yield* page_dup_rmap(page, true);
  yield* pgtable_trans_huge_deposit(child.vm_mm, address, table);
  yield* set_pmd_at(src_pmd, pmd_wrprotect(pmd));
  yield* set_pmd_at(dst_pmd, pmd_mkold(pmd_wrprotect(pmd)));
  yield* spin_unlock(src_ptl);
  yield* spin_unlock(dst_ptl);
}

/** The process writes where a huge PMD allows reading only. False if small pages have to be copied: the PMD is split then. */
export function* do_huge_pmd_wp_page(vma: VmArea, address: number): Op<boolean> {
  const reused = yield* reuse_huge_page(vma, address);
  if (!reused) yield* split_huge_pmd(vma, address);
  return reused;
}

/** Allows writing, if nobody else maps the page or a part of it. Models the first half of do_huge_pmd_wp_page(). */
export function* reuse_huge_page(vma: VmArea, address: number): Op<boolean> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const ptl = yield* pmd_lock(vma.vm_mm);
  const pmd = yield* load(pmdp);
  const page = is_huge_zero_pmd(pmd) ? null : yield* lock_huge_pmd_page(pmdp, ptl);
  const sole = page !== null && (yield* page_trans_huge_mapcount(page)) <= 1;
  if (sole) yield* set_pmd_at(pmdp, maybe_pmd_mkwrite(pmd_mkyoung(pmd_mkdirty(pmd)), vma));
  if (page !== null) yield* unlock_page(page);
  yield* spin_unlock(ptl);
  return sole;
}

/** How often that part of a huge page is mapped that is mapped most. Caller holds the page lock. */
export function* page_trans_huge_mapcount(head: Page): Op<number> {
  let most = 0;
  for (let i = 0; i < hpage_pmd_nr(); i++) {
    const mapcount = yield* atomic_read(nth_page(head, i)._mapcount);
    most = Math.max(most, mapcount + 1);
  }
  const both = yield* PageDoubleMap(head);
  const compound = yield* compound_mapcount(head);
  return most - (both ? 1 : 0) + compound;
}

/** Unmaps the huge page at `address`, and drops the reference once no CPU can use the entry any more. */
export function* zap_huge_pmd(vma: VmArea, address: number): Op<void> {
  const mm = vma.vm_mm;
  const ptl = yield* pmd_lock(mm);
  const pmd = yield* xchg(pmd_offset(mm, address), 0 as Pmd);
  const page = is_huge_zero_pmd(pmd) ? null : pmd_page(pmd);
  if (page !== null) yield* page_remove_compound_rmap(page);
  const table = yield* pgtable_trans_huge_withdraw(mm, address);
  pte_free(mm, table);
  yield* spin_unlock(ptl);
  yield* flush_tlb_mm_range(mm);
  if (page !== null) yield* put_page(page);
}

// The huge zero page: for all who have only read

/** Where the kernel keeps it, and who still uses it. */
export function huge_zero(): {readonly page: Cell; readonly refcount: Cell} {
  return structure_at(HUGE_ZERO_DATA, (address) => {
    machine.memory.allocate(16, address);
    return {
      page: cell("huge_zero", "page", address, 8, "pointer"),
      refcount: cell("huge_zero", "refcount", address + 8, 4),
    };
  });
}

const HUGE_ZERO_DATA = -0x777f_8000_0000;

export function is_huge_zero_pmd(pmd: Pmd): boolean {
  return has_syscalls() && is_huge_zero_page(pmd_page(pmd));
}

/** A frame is looked up like a constant, since it does not change while anybody maps it. */
export function is_huge_zero_page(page: Page): boolean {
  return has_syscalls() && machine.memory.read(huge_zero().page) === page.address;
}

/** Maps the huge zero page at the empty PMD of `address`. False if there is no room for one. */
export function* map_huge_zero_page(vma: VmArea, address: number): Op<boolean> {
  const mm = vma.vm_mm;
  const page = yield* mm_get_huge_zero_page(mm);
  if (page === null) return false;
  const ptl = yield* pmd_lock(mm);
  yield* pgtable_trans_huge_deposit(mm, address, pte_alloc_one_of(mm));
  const entry = mk_huge_pmd(page, vm_get_page_prot(vma.vm_flags));
  yield* set_pmd_at(pmd_offset(mm, address), entry);
  yield* spin_unlock(ptl);
  return true;
}

/** A process holds one reference to it, however often it maps it, until its end. */
export function* mm_get_huge_zero_page(mm: Mm): Op<Page | null> {
  if (!(mm.flags & MMF_HUGE_ZERO_PAGE)) {
    const got = yield* get_huge_zero_page();
    if (!got) return null;
    mm.flags |= MMF_HUGE_ZERO_PAGE;
  }
  const address = yield* load(huge_zero().page);
  return page_at(address);
}

export function* mm_put_huge_zero_page(mm: Mm): Op<void> {
  if (mm.flags & MMF_HUGE_ZERO_PAGE) yield* atomic_dec(huge_zero().refcount);
}

/** Takes a reference, and makes the page if nobody has one. One reference more is the shrinker's. */
export function* get_huge_zero_page(): Op<boolean> {
  const {page, refcount} = huge_zero();
  const there = yield* atomic_inc_not_zero(refcount);
  if (there) return true;
  const made = yield* alloc_transhuge_page();
  if (made === null) return false;
  // Differs from v5.13, which frees it in a way of its own: here it ends as any huge page does, and that is on no queue.
  yield* prep_transhuge_page(made);
  for (let i = 0; i < hpage_pmd_nr(); i++) yield* clear_highpage(nth_page(made, i));
  count_vm_event("thp_zero_page_alloc");
  yield* store(page, made.address);
  yield* atomic_set(refcount, 2);
  return true;
}

/** Memory is short: the page goes, if no process uses it. Answers how many pages that were. */
export function* shrink_huge_zero_page_scan(): Op<number> {
  const {page, refcount} = huge_zero();
  const alone = yield* atomic_cmpxchg(refcount, 1, 0);
  if (alone !== 1) return 0;
  const address = yield* xchg(page, 0);
  yield* put_page(page_at(address));
  return hpage_pmd_nr();
}

/** Splits the PMD that maps it: entries for the small zero page take its place. Caller holds the pmd lock. */
export function* __split_huge_zero_page_pmd(vma: VmArea, address: number): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  yield* xchg(pmdp, 0 as Pmd);
  yield* flush_tlb_mm_range(mm);
  const table = yield* pgtable_trans_huge_withdraw(mm, address);
  for (const ptep of table.pte) yield* set_pte_at(ptep, zero_pte(vma));
  yield* smp_wmb();
  yield* pmd_populate(pmdp, table);
}

/** The pmd lock, if there is a huge or a migration entry to be looked at under it; else null, and no lock. */
export function* pmd_trans_huge_lock(mm: Mm, pmdp: Cell<Pmd>): Op<Cell | null> {
  const pmd = yield* load(pmdp);
  if (is_swap_pmd(pmd) || pmd_trans_huge(pmd)) return yield* __pmd_trans_huge_lock(mm, pmdp);
  return null;
}

export function* __pmd_trans_huge_lock(mm: Mm, pmdp: Cell<Pmd>): Op<Cell | null> {
  const ptl = yield* pmd_lock(mm);
  const pmd = yield* load(pmdp);
  if (is_swap_pmd(pmd) || pmd_trans_huge(pmd)) return ptl;
  yield* spin_unlock(ptl);
  return null;
}

// Splitting a PMD: one entry for the whole becomes a table of entries for the parts

/** Splits the PMD at `address`, if that maps `page`, and leaves migration entries. Caller holds the page lock. */
export function* split_huge_pmd_address(vma: VmArea, address: number, page: Page): Op<void> {
  yield* __split_huge_pmd(vma, address, true, page);
}

/** Splits the PMD at `address`, if it is huge, into PTEs that map. */
export function* split_huge_pmd(vma: VmArea, address: number): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const ptl = yield* pmd_lock(mm);
  const zero = has_syscalls() && is_huge_zero_pmd(yield* load(pmdp));
  const page = zero ? null : yield* lock_huge_pmd_page(pmdp, ptl);
  if (zero) yield* __split_huge_zero_page_pmd(vma, address);
  if (has_syscalls() && page !== null) yield* clear_page_mlock(page);
  if (page !== null) yield* __split_huge_pmd_locked(vma, address, false);
  yield* spin_unlock(ptl);
  if (zero) count_vm_event("thp_split_pmd");
  if (page !== null) yield* unlock_page(page);
}

/**
 * The part of __split_huge_pmd() that locks the page, if the caller has not: so that its mapcount stands still for those who look at
 * it under the page lock. Who has to wait for that lock lets go of the pmd lock meanwhile. Null if the PMD is not huge.
 */
export function* lock_huge_pmd_page(pmdp: Cell<Pmd>, ptl: Cell): Op<Page | null> {
  for (;;) {
    const pmd = yield* load(pmdp);
    if (!pmd_trans_huge(pmd)) return null;
    const page = pmd_page(pmd);
    yield* PageAnon(page);
    const locked = yield* trylock_page(page);
    if (locked) return page;
    const same = yield* wait_for_page_of_pmd(pmdp, ptl, page, pmd);
    if (same) return page;
  }
}

/** Locks `page` with the pmd lock let go: true if the PMD is still the same afterwards. */
export function* wait_for_page_of_pmd(
  pmdp: Cell<Pmd>,
  ptl: Cell,
  page: Page,
  pmd: Pmd,
): Op<boolean> {
  yield* get_page(page);
  yield* spin_unlock(ptl);
  yield* lock_page(page);
  yield* spin_lock(ptl);
  const now = yield* load(pmdp);
  if (now !== pmd) yield* unlock_page(page);
  yield* put_page(page);
  return now === pmd;
}

/** With `freeze`, the new entries are migration entries; without, they map the parts at once. */
export function* __split_huge_pmd(
  vma: VmArea,
  address: number,
  freeze: boolean,
  page: Page,
): Op<void> {
  const mm = vma.vm_mm;
  const ptl = yield* pmd_lock(mm);
  const pmd = yield* load(pmd_offset(mm, address));
  const locked = yield* PageLocked(page);
  yield* WARN_ON_ONCE(!locked, "!PageLocked(page)");
  if (pmd_trans_huge(pmd) && pmd_page(pmd) === page) {
    const mlocked = yield* PageMlocked(page);
    if (mlocked) yield* clear_page_mlock(page);
    yield* __split_huge_pmd_locked(vma, address, freeze);
  }
  yield* spin_unlock(ptl);
}

/** Caller holds the pmd lock. */
export function* __split_huge_pmd_locked(
  vma: VmArea,
  address: number,
  freeze: boolean,
): Op<void> {
  const mm = vma.vm_mm;
  const pmdp = pmd_offset(mm, address);
  const nr = hpage_pmd_nr();

  count_vm_event("thp_split_pmd");

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

  // Others may still map the whole: then each part is counted once more, and PG_double_map says so.
  const pmds = yield* compound_mapcount(page);
  const first = pmds > 1 && !(yield* TestSetPageDoubleMap(page));
  if (first) {
    for (let i = 0; i < nr; i++) yield* atomic_inc(nth_page(page, i)._mapcount);
  }
  const last = yield* atomic_add_negative(compound_mapcount_ptr(page), -1);
  if (last) mod_node_page_state(NR_ANON_THPS, -1);
  const both = last && (yield* TestClearPageDoubleMap(page));
  if (both) {
    for (let i = 0; i < nr; i++) yield* atomic_dec(nth_page(page, i)._mapcount);
  }

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

/** What a part's entry says, when the entry for the whole was `old`. */
export function* split_entry(page: Page, old: Pmd, freeze: boolean): Op<Pte> {
  if (freeze) return yield* make_migration_entry(page, pmd_write(old));
  return mk_pte(page, old & (_PAGE_RW | _PAGE_ACCESSED | _PAGE_PROTNONE));
}

// Splitting a huge page: its parts become pages of their own

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
  if (!anon) return mapcounts - compound * nr;
  const both = yield* PageDoubleMap(page);
  return both ? mapcounts - nr : mapcounts;
}

/** Does anybody but the mappings and the caller hold a reference? A guess: it may be wrong a moment later. */
export function* can_split_huge_page(page: Page): Op<boolean> {
  yield* PageAnon(page);
  const swapcache = yield* PageSwapCache(page);
  const mapcount = yield* total_mapcount(page);
  const count = yield* page_count(page);
  const extra_pins = swapcache ? hpage_pmd_nr() : 0;
  return mapcount === count - extra_pins - 1;
}

/** Puts a huge page that is not mapped as a whole any more on the queue of those that memory pressure splits. */
export function* deferred_split_huge_page(page: Page): Op<void> {
  if (!has_deferred_list()) return;
  const {deferred_split_queue: queue} = node();
  const huge = yield* PageTransHuge(page);
  yield* VM_BUG_ON_PAGE(!huge, page, "!PageTransHuge(page)");
  const swapcache = yield* PageSwapCache(page);
  if (swapcache) return;

  yield* spin_lock(queue.split_queue_lock);
  const empty = yield* list_empty(page_deferred_list(page));
  if (empty) {
    count_vm_event("thp_deferred_split_page");
    yield* list_add_tail(page_deferred_list(page), queue.split_queue);
    yield* add_split_queue_len(queue, 1);
  }
  yield* spin_unlock(queue.split_queue_lock);
}

/** Caller holds the split_queue_lock. */
export function* add_split_queue_len(queue: Node["deferred_split_queue"], n: number): Op<void> {
  const len = yield* load(queue.split_queue_len);
  yield* store(queue.split_queue_len, len + n);
}

/** Takes `page` off the queue, if it is on it. Caller holds the split_queue_lock. */
export function* unqueue_deferred_split(
  page: Page,
  queue: Node["deferred_split_queue"],
): Op<void> {
  if (!has_deferred_list()) return;
  const empty = yield* list_empty(page_deferred_list(page));
  if (empty) return;
  yield* add_split_queue_len(queue, -1);
  yield* list_del(page_deferred_list(page));
}

/** The last reference to a huge page is gone: it leaves the queue, if it is on it. */
export function* free_transhuge_page(page: Page): Op<void> {
  const {deferred_split_queue: queue} = node();
  yield* spin_lock(queue.split_queue_lock);
  yield* unqueue_deferred_split(page, queue);
  yield* spin_unlock(queue.split_queue_lock);
}

export function* split_huge_page(page: Page): Op<number> {
  return yield* split_huge_page_to_list(page);
}

/**
 * Makes every part of a huge page a page of its own. Caller holds the page lock and one reference; both are on `page`
 * afterwards. Answers 0, or -EBUSY if somebody else holds a reference: then all is as it was, except that the huge page
 * is mapped by PTEs. The other parts are on the LRU list afterwards; if the huge page was isolated, so are they, each with
 * a reference for the caller, who puts them in a list of his own.
 */
export function* split_huge_page_to_list(page: Page): Op<number> {
  const head = yield* compound_head(page);
  const locked = yield* PageLocked(head);
  yield* VM_BUG_ON_PAGE(!locked, head, "!PageLocked(head)");
  const compound = yield* PageCompound(head);
  yield* VM_BUG_ON_PAGE(!compound, head, "!PageCompound(head)");
  if (PageWriteback(head)) return -EBUSY;

  yield* PageAnon(head);
  const anon_vma = yield* page_get_anon_vma(head);
  if (anon_vma === null) return split_result(-EBUSY);
  yield* down_write(anon_vma.rwsem);

  const can = yield* can_split_huge_page(head);
  const ret = can ? yield* freeze_and_split(head, page) : -EBUSY;

  yield* up_write(anon_vma.rwsem);
  yield* put_anon_vma(anon_vma);
  return split_result(ret);
}

/** Counts how it went. */
export function split_result(ret: number): number {
  count_vm_event(ret === 0 ? "thp_split_page" : "thp_split_page_failed");
  return ret;
}

/** The part of split_huge_page_to_list() that begins to change things. */
export function* freeze_and_split(head: Page, page: Page): Op<number> {
  const {deferred_split_queue: queue} = node();
  const extra_pins = has_syscalls() && (yield* PageSwapCache(head)) ? hpage_pmd_nr() : 0;
  yield* unmap_page(head);
  const still = yield* compound_mapcount(head);
  yield* VM_BUG_ON_PAGE(still !== 0, head, "compound_mapcount(head)");

  yield* local_irq_disable();
  yield* spin_lock(queue.split_queue_lock);
  yield* page_count(head);
  const mapcount = yield* total_mapcount(head);

  // Only the caller's reference is left, or somebody has taken one that we know nothing of.
  const frozen = mapcount === 0 && (yield* page_ref_freeze(head, 1 + extra_pins));
  if (frozen) {
    yield* unqueue_deferred_split(head, queue);
    yield* spin_unlock(queue.split_queue_lock);
    yield* __split_huge_page(page);
    return 0;
  }

  if (mapcount !== 0) yield* bug("total_mapcount(head) > 0", dump_page(page));
  yield* spin_unlock(queue.split_queue_lock);
  yield* local_irq_enable();
  const nr = yield* thp_nr_pages(head);
  yield* remap_page(head, nr);
  return -EBUSY;
}

/** Replaces all mappings of a huge page by migration entries. */
export function* unmap_page(page: Page): Op<void> {
  const head = yield* PageHead(page);
  yield* VM_BUG_ON_PAGE(!head, page, "!PageHead(page)");
  const unmapped = yield* try_to_unmap(page, true);
  yield* VM_BUG_ON_PAGE(!unmapped, page, "!unmap_success");
}

/** Lets the migration entries map again: those of one huge page, or of the `nr` pages that it has become. */
export function* remap_page(page: Page, nr: number): Op<void> {
  const huge = yield* PageTransHuge(page);
  if (huge) {
    yield* remove_migration_ptes(page, page);
  } else {
    for (let i = 0; i < nr; i++) {
      yield* remove_migration_ptes(nth_page(page, i), nth_page(page, i));
    }
  }
}

/** The shattering. The head is frozen and interrupts are off; who looks on without a reference sees it happen. */
export function* __split_huge_page(page: Page): Op<void> {
  const {lruvec} = node();
  const head = yield* compound_head(page);
  const nr = yield* thp_nr_pages(head);
  yield* PageAnon(head);
  yield* PageSwapCache(head);

  yield* spin_lock(lruvec.lru_lock);
  for (let i = nr - 1; i >= 1; i--) {
    yield* __split_huge_page_tail(head, i);
    // Beyond the end of a file? In the page cache? Neither can be, but both are asked.
    yield* load(nth_page(head, i).index);
    yield* PageAnon(page);
  }
  yield* ClearPageCompound(head);
  yield* spin_unlock(lruvec.lru_lock);

  // Frozen no more.
  yield* PageAnon(head);
  const cached = yield* PageSwapCache(head);
  if (cached) yield* page_ref_add(head, 2);
  else yield* page_ref_inc(head);
  yield* local_irq_enable();
  yield* remap_page(head, nr);
  const swapcache = yield* PageSwapCache(head);
  if (swapcache) yield* split_swap_cluster((yield* load(head.private)) as Pte);

  for (let i = 0; i < nr; i++) {
    const subpage = nth_page(head, i);
    if (subpage === page) continue;
    yield* unlock_page(subpage);
    // Nobody may map it any more: then this was the last reference.
    yield* put_page(subpage);
  }
}

/** Makes one tail a page of its own. The head is frozen. */
export function* __split_huge_page_tail(head: Page, i: number): Op<void> {
  const tail = nth_page(head, i);
  const mapcount = yield* atomic_read(tail._mapcount);
  yield* VM_BUG_ON_PAGE(mapcount !== -1, tail, "atomic_read(&page_tail->_mapcount) != -1");

  // Flags first: once the tail has a count, somebody may take it and lock it.
  const before = yield* load(tail.flags);
  yield* store(tail.flags, before & ~PAGE_FLAGS_CHECK_AT_PREP);
  const inherited = yield* load(head.flags);
  const own = yield* load(tail.flags);
  yield* store(tail.flags, own | (inherited & PAGE_FLAGS_INHERITED));

  if (i > 2) {
    const poison = yield* load(tail.mapping);
    yield* VM_BUG_ON_PAGE(
      poison !== TAIL_MAPPING,
      tail,
      "tail > 2 && page_tail->mapping != TAIL_MAPPING",
    );
  }
  const mapping = yield* load(head.mapping);
  yield* store(tail.mapping, mapping);
  const index = yield* load(head.index);
  yield* store(tail.index, index + i);
  yield* smp_wmb();

  // No tail any more before it has a count: who takes that one will drop it on the page that it finds.
  yield* clear_compound_head(tail);
  yield* PageAnon(head);
  const cached = yield* PageSwapCache(head);
  yield* page_ref_unfreeze(tail, cached ? 2 : 1);
  yield* lru_add_page_tail(head, tail);
}

/** Puts a former tail on the LRU list, before its former head. Overwrites two words of the tail. */
export function* lru_add_page_tail(head: Page, tail: Page): Op<void> {
  const is_head = yield* PageHead(head);
  yield* VM_BUG_ON_PAGE(!is_head, head, "!PageHead(head)");
  const compound = yield* PageCompound(tail);
  yield* VM_BUG_ON_PAGE(compound, head, "PageCompound(tail)");
  const on_list = yield* PageLRU(tail);
  yield* VM_BUG_ON_PAGE(on_list, head, "PageLRU(tail)");
  const head_on_list = yield* PageLRU(head);
  if (!head_on_list && has_syscalls()) {
    // Whoever has isolated the huge page has isolated its parts.
    yield* get_page(tail);
    return;
  }
  yield* WARN_ON_ONCE(!head_on_list, "!PageLRU(head)");
  yield* SetPageLRU(tail);
  yield* list_add_tail(tail.lru, head.lru);
}

// Who splits

/**
 * MADV_FREE of a part of a huge page: splits it, if nobody else maps it. Leaves out: MADV_FREE of a whole huge page.
 * The PMD lock is dropped before the split; a reference and the page lock are what is held.
 */
export function* madvise_free_huge_pmd(vma: VmArea, address: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const ptl = yield* pmd_trans_huge_lock(vma.vm_mm, pmdp);
  if (ptl === null) return;
  const page = yield* madvise_free_get_page(pmdp);
  yield* spin_unlock(ptl);
  if (page === null) return;

  yield* split_huge_page(page);
  yield* unlock_page(page);
  yield* put_page(page);
}

/** The huge page, locked and with a reference, if MADV_FREE may split it. Caller holds the pmd lock. */
export function* madvise_free_get_page(pmdp: Cell<Pmd>): Op<Page | null> {
  const pmd = yield* load(pmdp);
  if (!pmd_present(pmd)) return null;
  const page = pmd_page(pmd);
  const sole = has_syscalls()
    ? yield* is_only_mapping(page)
    : (yield* page_mapcount(page)) === 1;
  if (!sole) return null;
  const locked = yield* trylock_page(page);
  if (!locked) return null;
  yield* get_page(page);
  return page;
}

/** Does one PMD map the whole of a huge page, and nobody else a part of it? As 5.14 asks; v5.13 looks at the mapcount of the head only. */
export function* is_only_mapping(head: Page): Op<boolean> {
  const mapcount = yield* total_mapcount(head);
  return mapcount === 1;
}

/**
 * debugfs' split_huge_pages: splits the huge pages of a part of the mm's memory, however often they are mapped, as far as nobody else
 * holds them. Whoever asks is not told how many that were.
 */
export function* split_huge_pages_pid(
  mm: Mm,
  start = mm.mmap[0].vm_start,
  end = start + PAGE_SIZE,
): Op<void> {
  yield* down_read(mm.mmap_lock);
  // Page by page: each PTE may map a part of another huge page.
  for (let address = start; address < end; address += PAGE_SIZE) {
    const vma = find_vma(mm, address);
    if (vma === null || address < vma.vm_start) break;
    const page = yield* follow_page(vma, address);
    if (page === null) continue;
    yield* split_followed_page(page);
    yield* put_page(page);
  }
  yield* up_read(mm.mmap_lock);
}

/**
 * Memory is short: huge pages of which only a part is mapped are split, so that the rest is free. This is what `echo 2 > drop_caches` comes to.
 * Differs from v5.13: what cannot be split, since somebody holds it, keeps its place in the queue. Leaves out: that a part of the queue may be
 * enough. Answers how many were split.
 */
export function* deferred_split_scan(): Op<number> {
  const heads = yield* get_split_queue();
  let split = 0;
  for (const head of heads) {
    const locked = yield* trylock_page(head);
    if (locked) {
      const error = yield* split_huge_page(head);
      if (error === 0) split++;
      yield* unlock_page(head);
    }
    yield* put_page(head);
  }
  return split;
}

/** All huge pages of the queue, each with a reference, so that nobody frees it. */
export function* get_split_queue(): Op<Page[]> {
  const {deferred_split_queue: queue} = node();
  const heads: Page[] = [];
  yield* spin_lock(queue.split_queue_lock);
  let at = yield* load(queue.split_queue.next);
  while (at !== queue.split_queue.address) {
    const tail = page_of_deferred_list(at);
    const head = yield* compound_head(tail);
    const got = yield* get_page_unless_zero(head);
    if (got) heads.push(head);
    at = yield* load(tail.deferred_list.next);
  }
  yield* spin_unlock(queue.split_queue_lock);
  return heads;
}

export function* split_followed_page(page: Page): Op<void> {
  const huge = yield* is_transparent_hugepage(page);
  if (!huge) return;
  const head = yield* compound_head(page);
  const can = yield* can_split_huge_page(head);
  if (!can) return;
  const locked = yield* trylock_page(page);
  if (!locked) return;
  yield* split_huge_page(page);
  yield* unlock_page(page);
}

/** Leaves out: the huge zero page and hugetlb pages, which are compound as well. */
export function* is_transparent_hugepage(page: Page): Op<boolean> {
  return yield* PageCompound(page);
}

/** The page at `address`, with a reference; null if none is mapped there. */
export function* follow_page(vma: VmArea, address: number): Op<Page | null> {
  const pmdp = pmd_offset(vma.vm_mm, address);
  const pmd = yield* READ_ONCE(pmdp);
  if (pmd_none(pmd) || !pmd_present(pmd)) return null;
  if (!pmd_trans_huge(pmd)) return yield* follow_page_pte(vma, address);

  const ptl = yield* pmd_lock(vma.vm_mm);
  const again = yield* load(pmdp);
  const head = pmd_trans_huge(again) && !is_huge_zero_pmd(again) ? pmd_page(again) : null;
  const page = head === null ? null : nth_page(head, pte_index(address));
  const got = page !== null && (yield* try_get_page(page));
  if (got) yield* follow_trans_huge_pmd(again);
  yield* spin_unlock(ptl);
  return got ? page : null;
}

/** The same where PTEs map it: the lock of their table keeps the entry, and with it a reference, where it is. Models mm/gup.c. */
export function* follow_page_pte(vma: VmArea, address: number): Op<Page | null> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, address));
  const pte = yield* load(table.pte[pte_index(address)]);
  const page = pte_present(pte) ? vm_normal_page(pte) : null;
  const got = page !== null && (yield* try_get_page(page));
  yield* pte_unmap_unlock(table);
  return got ? page : null;
}

/** The head of the page that a huge PMD maps. Caller holds the pmd lock. */
export function* follow_trans_huge_pmd(pmd: Pmd): Op<Page> {
  const page = pmd_page(pmd);
  const head = yield* PageHead(page);
  yield* VM_BUG_ON_PAGE(!head, page, "!PageHead(page) && !is_zone_device_page(page)");
  const compound = yield* PageCompound(page);
  yield* VM_BUG_ON_PAGE(!compound, page, "!PageCompound(page) && !is_zone_device_page(page)");
  return page;
}
