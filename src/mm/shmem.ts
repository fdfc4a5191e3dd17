// Memory that processes share, though no file stands behind it. Models mm/shmem.c, v5.13.

import type {Op} from "../sim/index.ts";
import {machine} from "../sim/machine.ts";
import {put_page} from "./mm.ts";
import type {AddressSpace, VmArea} from "./mm_types.ts";

/** A new object without any page, for `vma` to map. */
export function shmem_zero_setup(vma: VmArea): void {
  vma.vm_file = {address: machine.memory.allocate(16), i_pages: new Map(), i_mmap: []};
}

/** Nobody maps it any more: its pages go. */
export function* shmem_evict_inode({i_pages}: AddressSpace): Op<void> {
  for (const page of i_pages.values()) yield* put_page(page);
  i_pages.clear();
}
