// A pipe that holds pages of a process, not copies. Models fs/splice.c and lib/iov_iter.c, v5.13, of which vmsplice() is kept.
// Leaves out: what is read from the pipe, and that a pipe is full at some time.

import type {Op} from "../sim/index.ts";
import {get_user_pages_fast} from "./gup.ts";
import {put_page} from "./mm.ts";
import type {Mm, Page} from "./mm_types.ts";

/** Puts the pages of `nr` addresses from `start` on into a pipe: each has a reference from there. They are only to be read. */
export function* vmsplice(mm: Mm, start: number, nr: number): Op<Page[]> {
  return yield* get_user_pages_fast(mm, start, nr, 0);
}

/** Nobody has the pipe open any more. Models fs/pipe.c. */
export function* free_pipe_info(pages: readonly Page[]): Op<void> {
  for (const page of pages) yield* put_page(page);
}
