// Ranges of a process's memory: making, joining, parting and removing them. Models mm/mmap.c, v5.13, for anonymous memory at addresses that
// the caller has chosen, with what kernel/fork.c has of it: making a range, and a copy of one.
//
// All of it is done under the mmap_lock for writing, so what a range says is no shared word, and looking at it is no step; steps are the
// locks of anon_vmas, which keep those away who look from a page for the ranges that map it, and what is done to page tables.
//
// Differs from v5.13: the ranges of a process are a list in the order of their addresses, with no tree beside it. Leaves out: limits
// and accounting, files, stacks that grow, memory policies, userfaultfd.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_write, up_write} from "../sim/lock.ts";
import {machine} from "../sim/machine.ts";
import {EINVAL, ENOMEM} from "./errno.ts";
import {split_huge_pmd} from "./huge_memory.ts";
import {unmap_page_range} from "./memory.ts";
import {munlock_vma_pages_range} from "./mlock.ts";
import {
  hpage_pmd_size,
  PAGE_SIZE,
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
  type AnonVma,
  type Mm,
  type VmArea,
} from "./mm_types.ts";
import {
  pmd_none,
  pmd_offset,
  pmd_ranges,
  pmd_start,
  pmd_table,
  pte_free,
  set_pmd_at,
  TASK_START,
  type Pmd,
} from "./pgtable.ts";
import {anon_vma_clone, linear_page_index, unlink_anon_vmas} from "./rmap.ts";
import {shmem_evict_inode, shmem_zero_setup} from "./shmem.ts";

// Looking for ranges

/** The first range that ends behind `address`: it need not begin before it. Null if there is none. */
export function find_vma({mmap}: Mm, address: number): VmArea | null {
  return mmap.find(({vm_end}) => vm_end > address) ?? null;
}

/** The first range that has a part between `start` and `end`. */
export function find_vma_intersection(mm: Mm, start: number, end: number): VmArea | null {
  const vma = find_vma(mm, start);
  return vma !== null && vma.vm_start < end ? vma : null;
}

/** The range behind `vma`; behind null stands the first. */
export function vma_next({mmap}: Mm, vma: VmArea | null): VmArea | null {
  return mmap.at(vma === null ? 0 : mmap.indexOf(vma) + 1) ?? null;
}

/** The range before `vma`; null before the first. */
export function vma_prev({mmap}: Mm, vma: VmArea): VmArea | null {
  return mmap[mmap.indexOf(vma) - 1] ?? null;
}

/** Where no process has memory any more. */
export function TASK_SIZE(mm: Mm): number {
  return TASK_START + mm.pmds.length * hpage_pmd_size();
}

// One range by itself

/** A range of which nothing is known yet but whose it is. Models kernel/fork.c. */
export function vm_area_alloc(mm: Mm): VmArea {
  return {
    address: machine.memory.allocate(32),
    vm_mm: mm,
    vm_start: 0,
    vm_end: 0,
    vm_flags: 0,
    vm_pgoff: 0,
    anon_vma: null,
    anon_vma_chain: [],
    vm_file: null,
  };
}

/** The same again, but that no anon_vma knows of it. Models kernel/fork.c. */
export function vm_area_dup(orig: VmArea): VmArea {
  const {address} = vm_area_alloc(orig.vm_mm);
  return {...orig, address, anon_vma_chain: []};
}

/** Puts a range into its place. */
export function vma_link(mm: Mm, vma: VmArea): void {
  const behind = mm.mmap.findIndex(({vm_start}) => vm_start >= vma.vm_end);
  mm.mmap.splice(behind < 0 ? mm.mmap.length : behind, 0, vma);
  vma.vm_file?.i_mmap.push(vma);
}

export function __vma_unlink(mm: Mm, vma: VmArea): void {
  mm.mmap.splice(mm.mmap.indexOf(vma), 1);
}

/** The end of a range, and of the shared memory that it maps, if it was the last one. */
export function* remove_vma({vm_file}: VmArea): Op<void> {
  if (vm_file !== null && vm_file.i_mmap.length === 0) yield* shmem_evict_inode(vm_file);
}

/** From now on who comes from a page of shared memory does not find the range. */
export function unlink_file_vma(vma: VmArea): void {
  const i_mmap = vma.vm_file?.i_mmap;
  if (i_mmap?.includes(vma)) i_mmap.splice(i_mmap.indexOf(vma), 1);
}

// Moving borders

/**
 * Lets `vma` reach from `start` to `end`. What that does to the range behind it is told by `expand`, the one of the two that grows; a
 * range that is swallowed up is removed. `insert` is a new range that takes the part which `vma` gives up.
 */
export function* __vma_adjust(
  vma: VmArea,
  start: number,
  end: number,
  pgoff: number,
  insert: VmArea | null,
  expand: VmArea | null,
): Op<void> {
  const next = vma_next(vma.vm_mm, vma);
  if (next === null || insert !== null || (end <= next.vm_start && end >= vma.vm_end)) {
    yield* set_borders(vma, start, end, pgoff);
    if (insert !== null) vma_link(vma.vm_mm, insert);
  } else if (end < next.vm_end) {
    yield* shift_border(vma, next, end);
  } else if (next === expand) {
    yield* give_way(vma, next, start, pgoff);
  } else {
    yield* swallow_next(vma, next, end);
  }
}

/** The border between two ranges moves: up into `next`, or down into `vma`. */
export function* shift_border(vma: VmArea, next: VmArea, end: number): Op<void> {
  const {vm_start, vm_pgoff} = vma;
  if (end > next.vm_start) {
    yield* import_anon_vma(vma, next);
    yield* split_huge_pmd_if_needed(next, end);
    const by = end - next.vm_start;
    yield* set_borders(vma, vm_start, end, vm_pgoff);
    yield* set_borders(next, end, next.vm_end, next.vm_pgoff + by / PAGE_SIZE);
  } else {
    yield* import_anon_vma(next, vma);
    const by = vma.vm_end - end;
    yield* set_borders(vma, vm_start, end, vm_pgoff);
    yield* set_borders(next, end, next.vm_end, next.vm_pgoff - by / PAGE_SIZE);
  }
}

/** `next` takes the place of `vma`, and begins at `start` then. */
export function* give_way(vma: VmArea, next: VmArea, start: number, pgoff: number): Op<void> {
  yield* import_anon_vma(next, vma);
  yield* set_borders(next, start, next.vm_end, pgoff);
  yield* swallow(vma);
}

/** `vma` takes the place of `next`, and of one more, if that lies before `end`. */
export function* swallow_next(vma: VmArea, next: VmArea, end: number): Op<void> {
  const {vm_mm, vm_start, vm_pgoff} = vma;
  const last = end > next.vm_end ? vma_next(vm_mm, next)! : next;
  yield* import_anon_vma(vma, next.anon_vma === null ? last : next);
  yield* set_borders(vma, vm_start, next.vm_end, vm_pgoff);
  yield* swallow(next);
  if (last === next) return;
  yield* set_borders(vma, vm_start, last.vm_end, vm_pgoff);
  yield* swallow(last);
}

/** Another range is where `vma` was, and knows its anon_vmas. */
export function* swallow(vma: VmArea): Op<void> {
  __vma_unlink(vma.vm_mm, vma);
  unlink_file_vma(vma);
  if (vma.anon_vma !== null) yield* unlink_anon_vmas(vma);
}

/** A range that grows over pages has to be found from them. */
export function* import_anon_vma(importer: VmArea, exporter: VmArea): Op<void> {
  if (exporter.anon_vma === null || importer.anon_vma !== null) return;
  importer.anon_vma = exporter.anon_vma;
  yield* anon_vma_clone(importer, exporter);
}

/** The borders of one range. A huge page that would lie in two ranges is mapped by PTEs from now on. */
export function* set_borders(vma: VmArea, start: number, end: number, pgoff: number): Op<void> {
  yield* vma_adjust_trans_huge(vma, start, end);
  const rwsem = vma.anon_vma?.rwsem;
  if (rwsem) yield* down_write(rwsem);
  vma.vm_start = start;
  vma.vm_end = end;
  vma.vm_pgoff = pgoff;
  if (rwsem) yield* up_write(rwsem);
}

/** The borders of a range become `start` and `end`. Models mm/huge_memory.c. */
export function* vma_adjust_trans_huge(vma: VmArea, start: number, end: number): Op<void> {
  yield* split_huge_pmd_if_needed(vma, start);
  yield* split_huge_pmd_if_needed(vma, end);
}

/** There will be a border at `address`: no huge PMD may lie across it. Models mm/huge_memory.c. */
export function* split_huge_pmd_if_needed(vma: VmArea, address: number): Op<void> {
  const start = pmd_start(address);
  const within = vma.vm_start <= start && start + hpage_pmd_size() <= vma.vm_end;
  if (address !== start && within) yield* split_huge_pmd(vma, address);
}

// Parting

/** Parts `vma` at `address`. The new range is the part below that, or the one above. */
export function* __split_vma(vma: VmArea, address: number, new_below: boolean): Op<void> {
  const insert = vm_area_dup(vma);
  const {vm_start, vm_end, vm_pgoff} = vma;
  const above = vm_pgoff + (address - vm_start) / PAGE_SIZE;
  if (new_below) {
    insert.vm_end = address;
  } else {
    insert.vm_start = address;
    insert.vm_pgoff = above;
  }
  yield* anon_vma_clone(insert, vma);
  if (new_below) yield* __vma_adjust(vma, address, vm_end, above, insert, null);
  else yield* __vma_adjust(vma, vm_start, address, vm_pgoff, insert, null);
}

// Joining

/** What has to be alike in ranges that become one, and where in what they map the one in question begins. */
export type Alike = Pick<VmArea, "vm_flags" | "vm_file" | "anon_vma" | "vm_pgoff">;

/**
 * There will be memory of the kind `like` from `address` to `end`. Can that be a part of the range before it, `prev`, or of the one behind
 * it? Then the borders are moved, and the answer is the range that has it now. Either there is nothing yet at `address`, or
 * it lies in `prev` or in the range behind that, which is about to become of another kind from `address` to `end`.
 *
 * What the kernel numbers as cases 1 and 6: both neighbours, which become one. 2, 5 and 7: the one before. 3, 4 and 8: the one behind.
 */
export function* vma_merge(
  mm: Mm,
  prev: VmArea | null,
  address: number,
  end: number,
  like: Alike,
): Op<VmArea | null> {
  const area = vma_next(mm, prev);
  const next = area !== null && area.vm_end === end ? vma_next(mm, area) : area;
  const after = prev !== null && can_vma_merge_after(prev, address, like);
  const before = next !== null && can_vma_merge_before(next, address, end, like);

  if (after) {
    const both = before && is_mergeable_anon_vma(prev.anon_vma, next.anon_vma, null);
    const {vm_start, vm_pgoff} = prev;
    yield* __vma_adjust(prev, vm_start, both ? next.vm_end : end, vm_pgoff, null, prev);
    return prev;
  }
  if (!before) return null;
  if (prev !== null && address < prev.vm_end) {
    yield* __vma_adjust(prev, prev.vm_start, address, prev.vm_pgoff, null, next);
  } else {
    yield* __vma_adjust(area!, address, next.vm_end, like.vm_pgoff, null, next);
  }
  return next;
}

/** Can what begins at `address` be joined to the end of `vma`? */
export function can_vma_merge_after(vma: VmArea, address: number, like: Alike): boolean {
  const pgoff = vma.vm_pgoff + (vma.vm_end - vma.vm_start) / PAGE_SIZE;
  return vma.vm_end === address && pgoff === like.vm_pgoff && is_mergeable_vma(vma, like);
}

/** Can what ends at `end` be joined to the beginning of `vma`? */
export function can_vma_merge_before(
  vma: VmArea,
  address: number,
  end: number,
  like: Alike,
): boolean {
  const pgoff = like.vm_pgoff + (end - address) / PAGE_SIZE;
  return vma.vm_start === end && pgoff === vma.vm_pgoff && is_mergeable_vma(vma, like);
}

export function is_mergeable_vma(vma: VmArea, like: Alike): boolean {
  const flags = (vma.vm_flags ^ like.vm_flags) & ~VM_SOFTDIRTY;
  if (flags !== 0 || vma.vm_file !== like.vm_file) return false;
  return is_mergeable_anon_vma(like.anon_vma, vma.anon_vma, vma);
}

/**
 * Two ranges with two anon_vmas can never be one. Where one has none yet, the other's will do, unless that comes from a parent: too many
 * would have to take its lock.
 */
export function is_mergeable_anon_vma(
  one: AnonVma | null,
  other: AnonVma | null,
  vma: VmArea | null,
): boolean {
  const missing = one === null || other === null;
  if (missing && (vma === null || vma.anon_vma_chain.length === 1)) return true;
  return one === other;
}

/** The anon_vma of a neighbour with which `vma`, which has none yet, might be joined some day. */
export function find_mergeable_anon_vma(vma: VmArea): AnonVma | null {
  const next = vma_next(vma.vm_mm, vma);
  const prev = vma_prev(vma.vm_mm, vma);
  const of_next = next && reusable_anon_vma(next, vma, next);
  return of_next ?? (prev && reusable_anon_vma(prev, prev, vma));
}

/** The anon_vma of `old`, one of the two, if only the right to read or write may be between them. */
export function reusable_anon_vma(old: VmArea, a: VmArea, b: VmArea): AnonVma | null {
  const sole = old.anon_vma_chain.length === 1;
  return sole && anon_vma_compatible(a, b) ? old.anon_vma : null;
}

export function anon_vma_compatible(a: VmArea, b: VmArea): boolean {
  const flags = (a.vm_flags ^ b.vm_flags) & ~(VM_ACCESS_FLAGS | VM_SOFTDIRTY);
  const pgoff = a.vm_pgoff + (b.vm_start - a.vm_start) / PAGE_SIZE;
  return (
    a.vm_end === b.vm_start && a.vm_file === b.vm_file && flags === 0 && pgoff === b.vm_pgoff
  );
}

// Other flags for a part

/**
 * What lies between `start` and `end` in `vma` is about to get other flags: then it becomes a part of a neighbour, or a range of its own,
 * which is the answer. `prev` is the range before `start`, be it `vma` itself. v5.13 has these lines three times; later one
 * function has them, under this name.
 */
export function* vma_modify_flags(
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
  vm_flags: number,
): Op<VmArea> {
  const like = {...vma, vm_flags, vm_pgoff: linear_page_index(vma, start)};
  const merged = yield* vma_merge(vma.vm_mm, prev, start, end, like);
  if (merged !== null) return merged;
  if (start !== vma.vm_start) yield* __split_vma(vma, start, true);
  if (end !== vma.vm_end) yield* __split_vma(vma, end, false);
  return vma;
}

/** Changes what lies of one range between `start` and `end`: answers the range that has it then, or an error. */
export type Change = (
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
) => Op<VmArea | number>;

/**
 * Changes all ranges between `start` and `end`, each as far as it lies there. Answers 0, an error of `change`, or -ENOMEM at the first
 * hole: what lies before that is changed. The loop of mprotect() and of mlock(); the caller holds the mmap_lock for writing.
 */
export function* change_ranges(mm: Mm, start: number, end: number, change: Change): Op<number> {
  let vma = find_vma(mm, start);
  let prev = prev_of(mm, start);
  let at = start;
  while (at < end) {
    if (vma === null || vma.vm_start > at) return -ENOMEM;
    const upto = Math.min(vma.vm_end, end);
    const changed: VmArea | number = yield* change(vma, prev, at, upto);
    if (typeof changed === "number") return changed;
    at = Math.max(upto, changed.vm_end);
    prev = changed;
    vma = vma_next(mm, changed);
  }
  return 0;
}

// mmap()

/** Of the arguments of mmap(): what VM_READ, VM_WRITE and VM_EXEC are in vm_flags. Models include/linux/mman.h. */
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;

export function calc_vm_prot_bits(prot: number): number {
  return prot & VM_ACCESS_FLAGS;
}

/** mmap(MAP_FIXED | MAP_ANONYMOUS), private or shared. Answers the address. */
export function* do_mmap(
  mm: Mm,
  address: number,
  length: number,
  prot: number,
  shared: boolean,
): Op<number> {
  const len = PAGE_ALIGN(length);
  if (len === 0 || offset_in_page(address) !== 0) return -EINVAL;
  if (address + len > TASK_SIZE(mm)) return -ENOMEM;
  const may = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  const vm_flags = calc_vm_prot_bits(prot) | mm.def_flags | may;

  yield* down_write(mm.mmap_lock);
  const kind = shared
    ? {vm_flags: vm_flags | VM_SHARED | VM_MAYSHARE, vm_pgoff: 0}
    : {vm_flags: vm_flags | accountable(vm_flags), vm_pgoff: address / PAGE_SIZE};
  yield* mmap_region(mm, address, len, kind);
  yield* up_write(mm.mmap_lock);
  return address;
}

/** Private memory that may be written to is promised, whether it is there already or not. Models accountable_mapping(). */
export function accountable(vm_flags: number): number {
  return (vm_flags & (VM_SHARED | VM_WRITE)) === VM_WRITE ? VM_ACCOUNT : 0;
}

export function* mmap_region(
  mm: Mm,
  address: number,
  len: number,
  kind: Pick<VmArea, "vm_flags" | "vm_pgoff">,
): Op<void> {
  yield* __do_munmap(mm, address, len);
  const end = address + len;
  const like = {...kind, anon_vma: null, vm_file: null};
  const merged = yield* vma_merge(mm, prev_of(mm, address), address, end, like);
  if (merged !== null) return;

  const vma = Object.assign(vm_area_alloc(mm), {...kind, vm_start: address, vm_end: end});
  if (vma.vm_flags & VM_SHARED) shmem_zero_setup(vma);
  vma_link(mm, vma);
}

/** The last range that begins before `address`. */
export function prev_of({mmap}: Mm, address: number): VmArea | null {
  return mmap.findLast(({vm_start}) => vm_start < address) ?? null;
}

/** Models include/linux/mm.h. */
export function PAGE_ALIGN(length: number): number {
  return Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
}

export function offset_in_page(address: number): number {
  return address % PAGE_SIZE;
}

// munmap()

export function* do_munmap(mm: Mm, start: number, len: number): Op<number> {
  yield* down_write(mm.mmap_lock);
  const error = yield* __do_munmap(mm, start, len);
  yield* up_write(mm.mmap_lock);
  return error;
}

/** Removes all memory between `start` and `start + length`. Caller holds the mmap_lock for writing. */
export function* __do_munmap(mm: Mm, start: number, length: number): Op<number> {
  const len = PAGE_ALIGN(length);
  const end = start + len;
  if (offset_in_page(start) !== 0 || len === 0 || end > TASK_SIZE(mm)) return -EINVAL;

  const first = find_vma_intersection(mm, start, end);
  if (first === null) return 0;
  if (start > first.vm_start) yield* __split_vma(first, start, false);
  const last = find_vma(mm, end);
  if (last !== null && end > last.vm_start) yield* __split_vma(last, end, true);

  const vmas = mm.mmap.filter((vma) => vma.vm_start >= start && vma.vm_end <= end);
  yield* unlock_range(vmas);
  for (const vma of vmas) __vma_unlink(mm, vma);
  yield* unmap_region(mm, vmas, start);
  for (const vma of vmas) yield* remove_vma(vma);
  return 0;
}

/** What is not mapped any more needs not be kept in memory. */
export function* unlock_range(vmas: readonly VmArea[]): Op<void> {
  for (const vma of vmas) {
    if (!(vma.vm_flags & VM_LOCKED)) continue;
    yield* munlock_vma_pages_range(vma, vma.vm_start, vma.vm_end);
  }
}

/** Takes away the pages of these ranges, which are in no list any more, and the tables that nobody else needs. */
export function* unmap_region(mm: Mm, vmas: readonly VmArea[], start: number): Op<void> {
  for (const vma of vmas) yield* unmap_page_range(vma, vma.vm_start, vma.vm_end);
  const prev = prev_of(mm, start);
  const next = find_vma(mm, start);
  yield* free_pgtables(mm, vmas, prev?.vm_end ?? TASK_START, next?.vm_start ?? TASK_SIZE(mm));
}

/** Frees the tables of these ranges, but those that also cover addresses below `floor` or from `ceiling` on. */
export function* free_pgtables(
  mm: Mm,
  vmas: readonly VmArea[],
  floor: number,
  ceiling: number,
): Op<void> {
  for (const vma of vmas) {
    yield* unlink_anon_vmas(vma);
    unlink_file_vma(vma);
  }
  for (const {vm_start, vm_end} of vmas) {
    for (const [at] of pmd_ranges(vm_start, vm_end)) {
      const start = pmd_start(at);
      const whole = start >= floor && start + hpage_pmd_size() <= ceiling;
      if (whole) yield* free_pte_range(mm, at);
    }
  }
}

/** Models mm/memory.c. */
export function* free_pte_range(mm: Mm, address: number): Op<void> {
  const pmdp = pmd_offset(mm, address);
  const pmd = yield* load(pmdp);
  if (pmd_none(pmd)) return;
  yield* set_pmd_at(pmdp, 0 as Pmd);
  pte_free(mm, pmd_table(pmd));
}

/** The end of a process's memory. Nobody else uses it any more. */
export function* exit_mmap(mm: Mm): Op<void> {
  const vmas = [...mm.mmap];
  yield* unlock_range(vmas);
  for (const vma of vmas) yield* unmap_page_range(vma, vma.vm_start, vma.vm_end);
  yield* free_pgtables(mm, vmas, TASK_START, TASK_SIZE(mm));
  mm.mmap.length = 0;
  for (const vma of vmas) yield* remove_vma(vma);
}

// A range that is moved

/** What copy_vma() answers. */
export type Copied = {
  /** The range to move to. */
  readonly made: VmArea;
  /** The range to move from: another one, if that to move to has swallowed it. */
  readonly vma: VmArea;
  /** Somebody who goes through the ranges of a page might see the new one first, and both while the page is still in the old one. */
  readonly need_rmap_locks: boolean;
};

/**
 * A range at `address` for what lies at `pgoff` in `vma`, or a part of one that is there already. Memory that was never touched is numbered
 * as if it had always been at its new place; only then can the new range be one with `vma`.
 */
export function* copy_vma(
  vma: VmArea,
  address: number,
  len: number,
  pgoff: number,
): Op<Copied> {
  const {vm_mm, vm_start} = vma;
  const untouched = vma.vm_file === null && vma.anon_vma === null;
  const vm_pgoff = untouched ? address / PAGE_SIZE : pgoff;
  const prev = prev_of(vm_mm, address);
  const merged = yield* vma_merge(vm_mm, prev, address, address + len, {...vma, vm_pgoff});
  if (merged !== null) {
    const within = vm_start >= merged.vm_start && vm_start < merged.vm_end;
    const source = within ? merged : vma;
    const need_rmap_locks = merged.vm_pgoff <= source.vm_pgoff;
    return {made: merged, vma: source, need_rmap_locks};
  }

  const made = vm_area_dup(vma);
  Object.assign(made, {vm_start: address, vm_end: address + len, vm_pgoff});
  yield* anon_vma_clone(made, vma);
  vma_link(vm_mm, made);
  return {made, vma, need_rmap_locks: false};
}
