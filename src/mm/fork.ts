// A process becomes two, and one ends. Models kernel/fork.c, v5.13, as far as memory goes.
// Leaves out: everything else that a process has; that memory may run out.

import type {Op} from "../sim/index.ts";
import {down_write, up_write} from "../sim/lock.ts";
import {mm_init} from "./boot.ts";
import {mm_put_huge_zero_page} from "./huge_memory.ts";
import {copy_page_range} from "./memory.ts";
import {exit_mmap, vm_area_dup, vma_link} from "./mmap.ts";
import {
  MMF_DISABLE_THP,
  VM_DONTCOPY,
  VM_LOCKED_CLEAR_MASK,
  VM_NOHUGEPAGE,
  VM_WIPEONFORK,
  type Mm,
  type VmArea,
} from "./mm_types.ts";
import {anon_vma_fork} from "./rmap.ts";

/** fork(): the memory of a child, called `name`. Of its parent's flags it has few. */
export function* dup_mm(oldmm: Mm, name: string): Op<Mm> {
  const mm = mm_init(name);
  mm.flags = oldmm.flags & MMF_DISABLE_THP;
  mm.def_flags = oldmm.def_flags & VM_NOHUGEPAGE;
  yield* dup_mmap(mm, oldmm);
  return mm;
}

/** All ranges of the parent, but those that a child is not to have. */
export function* dup_mmap(mm: Mm, oldmm: Mm): Op<void> {
  yield* down_write(oldmm.mmap_lock);
  yield* down_write(mm.mmap_lock);
  for (const mpnt of oldmm.mmap) {
    if (!(mpnt.vm_flags & VM_DONTCOPY)) yield* dup_vma(mm, mpnt);
  }
  yield* up_write(mm.mmap_lock);
  yield* up_write(oldmm.mmap_lock);
}

/** One range. It is not kept in memory for the child's sake; and it may be that the child is to find it empty. */
export function* dup_vma(mm: Mm, mpnt: VmArea): Op<void> {
  const wipe = (mpnt.vm_flags & VM_WIPEONFORK) !== 0;
  const tmp = vm_area_dup(mpnt);
  tmp.vm_mm = mm;
  if (wipe) tmp.anon_vma = null;
  else yield* anon_vma_fork(tmp, mpnt);
  tmp.vm_flags &= VM_LOCKED_CLEAR_MASK;
  vma_link(mm, tmp);
  if (!wipe) yield* copy_page_range(tmp, mpnt);
}

/** A process ends, and was the only user of its memory. */
export function* mmput(mm: Mm): Op<void> {
  yield* exit_mmap(mm);
  yield* mm_put_huge_zero_page(mm);
}
