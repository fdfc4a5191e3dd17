// Reading and writing another process's memory. Models mm/process_vm_access.c, v5.13.
// Leaves out: who may do that; lists of ranges on both sides.

import {load, store} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {down_read, up_read} from "../sim/lock.ts";
import {
  FOLL_PIN,
  FOLL_TOUCH,
  FOLL_WRITE,
  get_user_pages,
  unpin_user_pages_dirty_lock,
} from "./gup.ts";
import {page_address} from "./highmem.ts";
import {PAGE_SIZE, type Mm, type Page} from "./mm_types.ts";

/** process_vm_readv(): what is in `nr` pages from `start` on; fewer, if one may not be read. */
export function* process_vm_readv(mm: Mm, start: number, nr: number): Op<number[]> {
  const read: number[] = [];
  for (let i = 0; i < nr; i++) {
    const pages = yield* pin_user_pages_remote(mm, start + i * PAGE_SIZE, 1, 0);
    for (const page of pages) {
      const contents = yield* load(page_address(page));
      read.push(contents);
    }
    yield* unpin_user_pages_dirty_lock(pages, false);
    if (pages.length === 0) break;
  }
  return read;
}

/** process_vm_writev(): writes to `nr` pages from `start` on, to fewer if one may not be written to. Answers to how many. */
export function* process_vm_writev(
  mm: Mm,
  start: number,
  nr: number,
  value: number,
): Op<number> {
  for (let i = 0; i < nr; i++) {
    const pages = yield* pin_user_pages_remote(mm, start + i * PAGE_SIZE, 1, FOLL_WRITE);
    for (const page of pages) yield* store(page_address(page), value);
    yield* unpin_user_pages_dirty_lock(pages, true);
    if (pages.length === 0) return i;
  }
  return nr;
}

/** Pages of any process, pinned while somebody copies. Models mm/gup.c. */
export function* pin_user_pages_remote(
  mm: Mm,
  start: number,
  nr: number,
  flags: number,
): Op<Page[]> {
  yield* down_read(mm.mmap_lock);
  const pages = yield* get_user_pages(mm, start, nr, flags | FOLL_PIN | FOLL_TOUCH);
  yield* up_read(mm.mmap_lock);
  return pages;
}
