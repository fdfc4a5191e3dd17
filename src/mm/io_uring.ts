// Buffers of a process that a device may write to for a long time. Models fs/io_uring.c, v5.13, of which registering them is kept.

import type {Op} from "../sim/index.ts";
import {down_read, up_read} from "../sim/lock.ts";
import {FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE, get_user_pages, unpin_user_page} from "./gup.ts";
import type {Mm, Page} from "./mm_types.ts";

/** Pins the pages of `nr` addresses from `start` on, all of them or none: null. Models io_sqe_buffer_register(). */
export function* io_sqe_buffers_register(mm: Mm, start: number, nr: number): Op<Page[] | null> {
  yield* down_read(mm.mmap_lock);
  const pages = yield* get_user_pages(mm, start, nr, FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM);
  yield* up_read(mm.mmap_lock);
  if (pages.length === nr) return pages;
  yield* io_sqe_buffers_unregister(pages);
  return null;
}

export function* io_sqe_buffers_unregister(pages: readonly Page[]): Op<void> {
  for (const page of pages) yield* unpin_user_page(page);
}
