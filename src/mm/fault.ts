// What the processor calls when it cannot go through an entry. Models arch/x86/mm/fault.c, v5.13, for addresses of a process.
// Leaves out: instruction fetches, protection keys, stacks that grow, signals other than that there is one.

import type {Op} from "../sim/index.ts";
import {down_read, up_read} from "../sim/lock.ts";
import {handle_mm_fault} from "./memory.ts";
import {find_vma} from "./mmap.ts";
import {VM_ACCESS_FLAGS, VM_WRITE, type Mm, type VmArea} from "./mm_types.ts";

/** False: the process gets a SIGSEGV. True: the processor may try again. */
export function* do_user_addr_fault(mm: Mm, address: number, write: boolean): Op<boolean> {
  yield* down_read(mm.mmap_lock);
  const vma = find_vma(mm, address);
  const bad = vma === null || vma.vm_start > address || access_error(vma, write);
  if (!bad) yield* handle_mm_fault(vma, address, write);
  yield* up_read(mm.mmap_lock);
  return !bad;
}

/** Does the range forbid it? Who may write may read, too. */
export function access_error({vm_flags}: VmArea, write: boolean): boolean {
  return (vm_flags & (write ? VM_WRITE : VM_ACCESS_FLAGS)) === 0;
}
