// A pipe that holds pages of a process, not copies. Models fs/splice.c and lib/iov_iter.c, v5.13, of which vmsplice() is kept.
// Leaves out: what is read from the pipe.

import type {Op} from "../sim/index.ts";
import {get_user_pages_fast} from "./gup.ts";
import {put_page} from "./mm.ts";
import {PAGE_SIZE, type Mm, type Page} from "./mm_types.ts";

/** So many pages a pipe can hold, and so many are asked for at once. */
export const PIPE_DEF_BUFFERS = 16;

/**
 * Puts the pages of `nr` addresses from `start` on into a pipe that has room for `room`: each has a reference from there, and they are
 * only to be read. Answers those that are in it now. Models iter_to_pipe(): pages are asked for before it turns out that there is no room.
 */
export function* vmsplice(mm: Mm, start: number, nr: number, room: number): Op<Page[]> {
  const held: Page[] = [];
  let is_full = false;
  for (let done = 0; done < nr && !is_full; done += PIPE_DEF_BUFFERS) {
    const wanted = Math.min(nr - done, PIPE_DEF_BUFFERS);
    const pages = yield* get_user_pages_fast(mm, start + done * PAGE_SIZE, wanted, 0);
    is_full = held.length + pages.length > room;
    for (const page of pages) {
      if (held.length < room) held.push(page);
      else yield* put_page(page);
    }
    if (pages.length < wanted) break;
  }
  return held;
}

/** Nobody has the pipe open any more. Models fs/pipe.c. */
export function* free_pipe_info(pages: readonly Page[]): Op<void> {
  for (const page of pages) yield* put_page(page);
}
