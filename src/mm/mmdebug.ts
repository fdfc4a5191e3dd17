// Checks of a kernel that is built to find its own mistakes. Models include/linux/mmdebug.h and mm/debug.c, v5.13. With which of
// them it was built, CONFIG_DEBUG_VM and CONFIG_DEBUG_VM_PGFLAGS, belongs to the machine.
//
// Differs from v5.13: without CONFIG_DEBUG_VM what a check would have read is still read, but for the recheck in GUP-fast.

import {bug, type Dumped} from "../sim/bug.ts";
import type {Op} from "../sim/index.ts";
import {machine} from "../sim/machine.ts";
import type {Page} from "./mm_types.ts";

/** `text` is the condition as the source has it: the kernel prints it, and so do we. */
export function* VM_BUG_ON_PAGE(condition: boolean, page: Page, text: string): Op<void> {
  if (condition && config_debug_vm()) yield* bug(`VM_BUG_ON_PAGE(${text})`, dump_page(page));
}

export function* VM_BUG_ON(condition: boolean, text: string): Op<void> {
  if (condition && config_debug_vm()) {
    yield* bug(`VM_BUG_ON(${text})`, {about: "", dump: []});
  }
}

export function config_debug_vm(): boolean {
  return machine.debug_vm ?? true;
}

/** Is this a kernel that also checks every look at a page flag? It then reads more than one that does not. */
export function config_debug_vm_pgflags(): boolean {
  return machine.pgflags;
}

export function* VM_BUG_ON_PGFLAGS(condition: boolean, page: Page, text: string): Op<void> {
  if (config_debug_vm_pgflags()) yield* VM_BUG_ON_PAGE(condition, page, text);
}

/** What is printed of a page before the kernel stops. */
export function dump_page(page: Page): Dumped {
  const {_refcount, _mapcount, mapping, index, flags, compound_head} = page;
  return {about: page.name, dump: [_refcount, _mapcount, mapping, index, flags, compound_head]};
}
