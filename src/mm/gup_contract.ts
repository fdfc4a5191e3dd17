// To be replaced by the slow path of GUP: delete this file when that is there.

import {load} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {EINVAL, EFAULT} from "./errno.ts";
import {access_error} from "./fault.ts";
import {handle_mm_fault} from "./memory.ts";
import {PAGE_SIZE, VM_LOCKONFAULT, VM_SHARED, VM_WRITE, type VmArea} from "./mm_types.ts";
import {
  pmd_none,
  pmd_offset,
  pmd_table,
  pmd_trans_huge,
  pmd_write,
  pte_index,
  pte_present,
  pte_write,
} from "./pgtable.ts";

export function* populate_vma_page_range(vma: VmArea, start: number, end: number): Op<number> {
  if (access_error(vma, false)) return -EFAULT;
  if (vma.vm_flags & VM_LOCKONFAULT) return (end - start) / PAGE_SIZE;
  const write = (vma.vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
  return yield* faultin_page_range(vma, start, end, write);
}

export function* faultin_page_range(
  vma: VmArea,
  start: number,
  end: number,
  write: boolean,
): Op<number> {
  if (access_error(vma, write)) return -EINVAL;
  for (let at = start; at < end; at += PAGE_SIZE) {
    for (let tries = 0; tries < 3; tries++) {
      const there = yield* is_there(vma, at, write);
      if (there) break;
      yield* handle_mm_fault(vma, at, write);
    }
  }
  return (end - start) / PAGE_SIZE;
}

export function* is_there(vma: VmArea, address: number, write: boolean): Op<boolean> {
  const pmd = yield* load(pmd_offset(vma.vm_mm, address));
  if (pmd_none(pmd)) return false;
  if (pmd_trans_huge(pmd)) return !write || pmd_write(pmd);
  const pte = yield* load(pmd_table(pmd).pte[pte_index(address)]);
  return pte_present(pte) && (!write || pte_write(pte));
}
