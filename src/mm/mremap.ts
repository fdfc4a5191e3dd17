// Memory moves to another address, or grows or shrinks where it is. Models mm/mremap.c, v5.13, and move_huge_pmd() of
// mm/huge_memory.c.
//
// No page is touched: entries move from table to table, tables from PMD to PMD. Leaves out: a place that the kernel would choose (where
// there is no room, growing fails), limits and accounting, files, userfaultfd.

import {load, xchg} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_write, spin_lock, spin_unlock, up_write} from "../sim/lock.ts";
import {EFAULT, EINVAL, ENOMEM} from "./errno.ts";
import {pmd_trans_huge_lock, split_huge_pmd} from "./huge_memory.ts";
import {
  __do_munmap,
  __vma_adjust,
  copy_vma,
  find_vma,
  offset_in_page,
  PAGE_ALIGN,
  TASK_SIZE,
  vma_next,
} from "./mmap.ts";
import {__mm_populate} from "./gup.ts";
import {
  hpage_pmd_size,
  PAGE_SIZE,
  VM_LOCKED,
  VM_LOCKED_CLEAR_MASK,
  VM_SHARED,
  type Mm,
  type PageTable,
  type VmArea,
} from "./mm_types.ts";
import {
  is_swap_pmd,
  pgtable_trans_huge_deposit,
  pgtable_trans_huge_withdraw,
  pmd_addr_end,
  pmd_lock,
  pmd_none,
  pmd_offset,
  pmd_populate,
  pmd_table,
  pmd_trans_huge,
  pmd_trans_unstable,
  pte_alloc,
  pte_index,
  pte_none,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  set_pmd_at,
  set_pte_at,
  type Pmd,
} from "./pgtable.ts";
import {linear_page_index, unlink_anon_vmas} from "./rmap.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

export const MREMAP_MAYMOVE = 1;
export const MREMAP_FIXED = 2;
export const MREMAP_DONTUNMAP = 4;

/** mremap(). Answers where the memory is now. */
export function* mremap(
  mm: Mm,
  address: number,
  old_length: number,
  new_length: number,
  flags: number,
  new_address: number,
): Op<number> {
  const old_len = PAGE_ALIGN(old_length);
  const new_len = PAGE_ALIGN(new_length);
  if (offset_in_page(address) !== 0 || new_len === 0 || !are_valid(flags)) return -EINVAL;
  if (flags & MREMAP_DONTUNMAP && old_length !== new_length) return -EINVAL;

  yield* down_write(mm.mmap_lock);
  const moves = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP);
  const ret = moves
    ? yield* mremap_to(mm, address, old_len, new_address, new_len, flags)
    : yield* resize(mm, address, old_len, new_len);
  const locked = ret >= 0 && ((find_vma(mm, ret)?.vm_flags ?? 0) & VM_LOCKED) !== 0;
  yield* up_write(mm.mmap_lock);
  // What is new has to be there at once.
  if (locked && new_len > old_len) yield* __mm_populate(mm, ret + old_len, new_len - old_len);
  return ret;
}

export function are_valid(flags: number): boolean {
  if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) return false;
  const moves = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP);
  return !moves || (flags & MREMAP_MAYMOVE) !== 0;
}

// Where it is

/** The part of mremap() that leaves the memory where it is. Shrinking does not even ask whether there is any. */
export function* resize(mm: Mm, address: number, old_len: number, new_len: number): Op<number> {
  if (old_len >= new_len) {
    const error = yield* __do_munmap(mm, address + new_len, old_len - new_len);
    return error !== 0 && old_len !== new_len ? error : address;
  }
  const vma = vma_to_resize(mm, address, old_len);
  if (typeof vma === "number") return vma;
  const at_end = address + old_len === vma.vm_end;
  if (!at_end || !vma_expandable(vma, new_len - old_len)) return -ENOMEM;
  yield* __vma_adjust(vma, vma.vm_start, address + new_len, vma.vm_pgoff, null, null);
  return address;
}

/** The one range that has all of the memory; or an error. */
export function vma_to_resize(mm: Mm, address: number, old_len: number): VmArea | number {
  const vma = find_vma(mm, address);
  if (vma === null || vma.vm_start > address) return -EFAULT;
  if (old_len === 0 && !(vma.vm_flags & VM_SHARED)) return -EINVAL;
  return old_len > vma.vm_end - address ? -EFAULT : vma;
}

/** Is there room for so much more behind it? */
export function vma_expandable(vma: VmArea, delta: number): boolean {
  const next = vma_next(vma.vm_mm, vma);
  return vma.vm_end + delta <= (next?.vm_start ?? TASK_SIZE(vma.vm_mm));
}

// To another place

/** Whatever was at the new place goes, if that was chosen by the caller. */
export function* mremap_to(
  mm: Mm,
  address: number,
  length: number,
  new_address: number,
  new_len: number,
  flags: number,
): Op<number> {
  if (offset_in_page(new_address) !== 0) return -EINVAL;
  if (new_address + new_len > TASK_SIZE(mm)) return -EINVAL;
  if (address + length > new_address && new_address + new_len > address) return -EINVAL;

  if (flags & MREMAP_FIXED) {
    const error = yield* __do_munmap(mm, new_address, new_len);
    if (error !== 0) return error;
  }
  if (length > new_len) {
    const error = yield* __do_munmap(mm, address + new_len, length - new_len);
    if (error !== 0) return error;
  }
  const old_len = Math.min(length, new_len);
  const vma = vma_to_resize(mm, address, old_len);
  if (typeof vma === "number") return vma;
  return yield* move_vma(vma, address, old_len, new_len, new_address, flags);
}

export function* move_vma(
  from: VmArea,
  old_address: number,
  old_len: number,
  new_len: number,
  new_address: number,
  flags: number,
): Op<number> {
  const mm = from.vm_mm;
  const pgoff = linear_page_index(from, old_address);
  const copied = yield* copy_vma(from, new_address, new_len, pgoff);
  const {made, vma, need_rmap_locks} = copied;
  yield* move_page_tables(vma, old_address, new_address, old_len, need_rmap_locks);

  if (!(flags & MREMAP_DONTUNMAP)) {
    yield* __do_munmap(mm, old_address, old_len);
    return new_address;
  }
  // The old range stays, and is empty; all of it, even if a part only was moved, need not be kept in memory any more.
  vma.vm_flags &= VM_LOCKED_CLEAR_MASK;
  const whole = vma.vm_start === old_address && vma.vm_end === old_address + old_len;
  if (made !== vma && whole) yield* unlink_anon_vmas(vma);
  return new_address;
}

// Page tables

/** Everything that is mapped from `old_address` on is mapped from `new_address` on. */
export function* move_page_tables(
  vma: VmArea,
  old_address: number,
  new_address: number,
  len: number,
  need_rmap_locks: boolean,
): Op<void> {
  const end = old_address + len;
  const by = new_address - old_address;
  for (let at = old_address; at < end;) {
    // As far as neither the old PMD ends nor the new one.
    const to = Math.min(pmd_addr_end(at, end), pmd_addr_end(at + by, end + by) - by);
    const old_pmd = pmd_offset(vma.vm_mm, at);
    const pmd = yield* load(old_pmd);
    if (!pmd_none(pmd)) yield* move_pmd_range(vma, pmd, at, to, by, need_rmap_locks);
    at = to;
  }
}

/** What lies below one PMD, and comes below one. A whole PMD moves at once; else a huge one is split. */
export function* move_pmd_range(
  vma: VmArea,
  pmd: Pmd,
  start: number,
  end: number,
  by: number,
  need_rmap_locks: boolean,
): Op<void> {
  const mm = vma.vm_mm;
  const whole = end - start === hpage_pmd_size();
  if (is_swap_pmd(pmd) || pmd_trans_huge(pmd)) {
    if (whole) {
      const moved = yield* move_pgt_entry(
        move_huge_pmd,
        vma,
        start,
        start + by,
        need_rmap_locks,
      );
      if (moved) return;
    }
    yield* split_huge_pmd(vma, start);
    const unstable = yield* pmd_trans_unstable(pmd_offset(mm, start));
    if (unstable) return;
  } else if (whole) {
    const moved = yield* move_pgt_entry(move_normal_pmd, vma, start, start + by, true);
    if (moved) return;
  }
  yield* pte_alloc(mm, pmd_offset(mm, start + by));
  if (need_rmap_locks) yield* take_rmap_locks(vma);
  yield* move_ptes(mm, start, end, by);
  if (need_rmap_locks) yield* drop_rmap_locks(vma);
}

/** Moves a PMD, and keeps those away who look for it from its pages. */
export function* move_pgt_entry(
  move: (mm: Mm, old_address: number, new_address: number) => Op<boolean>,
  vma: VmArea,
  old_address: number,
  new_address: number,
  need_rmap_locks: boolean,
): Op<boolean> {
  if (need_rmap_locks) yield* take_rmap_locks(vma);
  const moved = yield* move(vma.vm_mm, old_address, new_address);
  if (need_rmap_locks) yield* drop_rmap_locks(vma);
  return moved;
}

/** Leaves out: the lock of what is shared. */
export function* take_rmap_locks({anon_vma}: VmArea): Op<void> {
  if (anon_vma !== null) yield* down_write(anon_vma.rwsem);
}

export function* drop_rmap_locks({anon_vma}: VmArea): Op<void> {
  if (anon_vma !== null) yield* up_write(anon_vma.rwsem);
}

/** A huge page, with the table that is put aside for it. Models mm/huge_memory.c. */
export function* move_huge_pmd(mm: Mm, old_address: number, new_address: number): Op<boolean> {
  const [old_pmd, new_pmd] = [pmd_offset(mm, old_address), pmd_offset(mm, new_address)];
  const there = yield* load(new_pmd);
  if (!pmd_none(there)) return false;
  const ptl = yield* pmd_trans_huge_lock(mm, old_pmd);
  if (ptl === null) return false;
  const pmd = yield* xchg(old_pmd, 0 as Pmd);
  const table = yield* pgtable_trans_huge_withdraw(mm, old_address);
  yield* pgtable_trans_huge_deposit(mm, new_address, table);
  yield* set_pmd_at(new_pmd, pmd);
  yield* flush_tlb_mm_range(mm);
  yield* spin_unlock(ptl);
  return true;
}

/** A whole table. */
export function* move_normal_pmd(
  mm: Mm,
  old_address: number,
  new_address: number,
): Op<boolean> {
  const [old_pmd, new_pmd] = [pmd_offset(mm, old_address), pmd_offset(mm, new_address)];
  const there = yield* load(new_pmd);
  if (!pmd_none(there)) return false;
  const ptl = yield* pmd_lock(mm);
  const pmd = yield* load(old_pmd);
  yield* set_pmd_at(old_pmd, 0 as Pmd);
  yield* pmd_populate(new_pmd, pmd_table(pmd));
  yield* flush_tlb_mm_range(mm);
  yield* spin_unlock(ptl);
  return true;
}

/** Entry by entry, below one PMD. Both tables may be the same. */
export function* move_ptes(mm: Mm, start: number, end: number, by: number): Op<void> {
  const from = yield* pte_offset_map_lock(pmd_offset(mm, start));
  const to = yield* other_table(pmd_offset(mm, start + by), from);
  for (let at = start; at < end; at += PAGE_SIZE) {
    const ptep = from.pte[pte_index(at)];
    const pte = yield* load(ptep);
    if (pte_none(pte)) continue;
    const moved = yield* ptep_get_and_clear(ptep);
    yield* set_pte_at(to.pte[pte_index(at + by)], moved);
  }
  yield* flush_tlb_mm_range(mm);
  if (to !== from) yield* pte_unmap_unlock(to);
  yield* pte_unmap_unlock(from);
}

/** The table below a PMD, with its lock, if it is not the one that the caller has locked already. */
export function* other_table(pmdp: Cell<Pmd>, locked: PageTable): Op<PageTable> {
  const pmd = yield* load(pmdp);
  const table = pmd_table(pmd);
  if (table !== locked) yield* spin_lock(table.ptl);
  return table;
}
