// Other rights to memory that is there. Models mm/mprotect.c, v5.13, and change_huge_pmd() of mm/huge_memory.c.
//
// No entry of private memory becomes writable here: the first write faults, and then it is seen whether a copy is needed. Leaves out: protection
// keys, NUMA hints, userfaultfd, memory whose writing has to be noticed by a file system.

import {load} from "../sim/atomic.ts";
import type {Cell, Op} from "../sim/index.ts";
import {down_write, spin_unlock, up_write} from "../sim/lock.ts";
import {EACCES, EINVAL} from "./errno.ts";
import {populate_vma_page_range} from "./gup.ts";
import {pmd_trans_huge_lock, split_huge_pmd} from "./huge_memory.ts";
import {
  calc_vm_prot_bits,
  change_ranges,
  offset_in_page,
  PAGE_ALIGN,
  vma_modify_flags,
} from "./mmap.ts";
import {
  hpage_pmd_size,
  PAGE_SIZE,
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_LOCKED,
  VM_SHARED,
  VM_WRITE,
  type Mm,
  type VmArea,
} from "./mm_types.ts";
import {
  is_swap_pmd,
  pmd_addr_end,
  pmd_modify,
  pmd_none,
  pmd_offset,
  pmd_trans_huge,
  pmd_wrprotect,
  pmdp_invalidate,
  pte_index,
  pte_modify,
  pte_none,
  pte_offset_map_lock,
  pte_present,
  pte_unmap_unlock,
  ptep_get_and_clear,
  set_pmd_at,
  set_pte_at,
  vm_get_page_prot,
  type Pmd,
  type Pte,
} from "./pgtable.ts";
import {
  is_write_migration_entry,
  is_write_pmd_migration_entry,
  make_migration_entry_read,
} from "./swapops.ts";
import {flush_tlb_mm_range} from "./tlb.ts";

/** mprotect(). Models do_mprotect_pkey(). */
export function* do_mprotect(mm: Mm, start: number, length: number, prot: number): Op<number> {
  if (offset_in_page(start) !== 0) return -EINVAL;
  const end = start + PAGE_ALIGN(length);
  yield* down_write(mm.mmap_lock);
  const error = yield* change_ranges(mm, start, end, function* (vma, prev, from, to) {
    const newflags = calc_vm_prot_bits(prot) | (vma.vm_flags & ~VM_ACCESS_FLAGS);
    // The VM_MAY bits stand four places above those that they allow.
    if (newflags & ~(newflags >> 4) & VM_ACCESS_FLAGS) return -EACCES;
    return yield* mprotect_fixup(vma, prev, from, to, newflags);
  });
  yield* up_write(mm.mmap_lock);
  return error;
}

/** Gives `newflags` to what lies between `start` and `end` in `vma`. Answers the range that this is then. */
export function* mprotect_fixup(
  vma: VmArea,
  prev: VmArea | null,
  start: number,
  end: number,
  newflags: number,
): Op<VmArea> {
  const oldflags = vma.vm_flags;
  if (newflags === oldflags) return vma;

  // What was not promised before is from now on; a promise is never taken back.
  const unpromised = !(oldflags & (VM_ACCOUNT | VM_WRITE | VM_SHARED));
  const vm_flags = newflags & VM_WRITE && unpromised ? newflags | VM_ACCOUNT : newflags;

  const changed = yield* vma_modify_flags(vma, prev, start, end, vm_flags);
  changed.vm_flags = vm_flags;
  yield* change_protection(changed, start, end);

  // Memory that is kept in memory is to be written to without a fault.
  const locked = (oldflags & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED;
  if (locked && vm_flags & VM_WRITE) yield* populate_vma_page_range(changed, start, end);
  return changed;
}

/** All entries between `start` and `end` protect as the flags of the range say now. */
export function* change_protection(vma: VmArea, start: number, end: number): Op<void> {
  for (let at = start; at < end; at = pmd_addr_end(at, end)) {
    yield* change_pmd_range(vma, at, pmd_addr_end(at, end));
  }
  yield* flush_tlb_mm_range(vma.vm_mm);
}

/** What lies below one PMD. */
export function* change_pmd_range(vma: VmArea, start: number, end: number): Op<void> {
  const pmdp = pmd_offset(vma.vm_mm, start);
  const pmd = yield* load(pmdp);
  if (pmd_none(pmd)) return;
  if (is_swap_pmd(pmd) || pmd_trans_huge(pmd)) {
    if (end - start === hpage_pmd_size()) {
      const done = yield* change_huge_pmd(vma, pmdp);
      if (done) return;
    } else {
      yield* split_huge_pmd(vma, start);
    }
  }
  yield* change_pte_range(vma, start, end);
}

/** A huge page as a whole. False if it is not huge any more. Models mm/huge_memory.c. */
export function* change_huge_pmd(vma: VmArea, pmdp: Cell<Pmd>): Op<boolean> {
  const ptl = yield* pmd_trans_huge_lock(vma.vm_mm, pmdp);
  if (ptl === null) return false;
  const pmd = yield* load(pmdp);
  if (is_swap_pmd(pmd)) {
    if (is_write_pmd_migration_entry(pmd)) yield* set_pmd_at(pmdp, pmd_wrprotect(pmd));
  } else {
    const old = yield* pmdp_invalidate(vma.vm_mm, pmdp);
    yield* set_pmd_at(pmdp, pmd_modify(old, vm_get_page_prot(vma.vm_flags)));
  }
  yield* spin_unlock(ptl);
  return true;
}

export function* change_pte_range(vma: VmArea, start: number, end: number): Op<void> {
  const table = yield* pte_offset_map_lock(pmd_offset(vma.vm_mm, start));
  for (let at = start; at < end; at += PAGE_SIZE) {
    yield* change_pte(vma, table.pte[pte_index(at)]);
  }
  yield* pte_unmap_unlock(table);
}

/** One entry. Of a page that is on the move it is only known that writing to it has to fault. Caller holds the ptl. */
export function* change_pte(vma: VmArea, ptep: Cell<Pte>): Op<void> {
  const pte = yield* load(ptep);
  if (pte_none(pte)) return;
  if (pte_present(pte)) {
    // The processor notes nothing more in the entry once it is taken away.
    const old = yield* ptep_get_and_clear(ptep);
    yield* set_pte_at(ptep, pte_modify(old, vm_get_page_prot(vma.vm_flags)));
  } else if (is_write_migration_entry(pte)) {
    yield* set_pte_at(ptep, make_migration_entry_read(pte));
  }
}
