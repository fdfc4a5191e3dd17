// Ranges of a process's memory. Models mm/mmap.c, v5.13.

import type {Mm, VmArea} from "./mm_types.ts";

/** The first range that ends behind `address`: it need not begin before it. Null if there is none. */
export function find_vma({mmap}: Mm, address: number): VmArea | null {
  return mmap.find(({vm_end}) => vm_end > address) ?? null;
}
