// Waiting for a page to be unlocked. Models mm/filemap.c, v5.13.
//
// Differs from v5.13: there is no wait queue. Who sleeps there is woken by whoever unlocks the page and never looks at it again;
// here the sleep ends when the page is not locked, even if somebody else has it by then.

import type {Op} from "../sim/index.ts";
import {wait_on_bit} from "../sim/lock.ts";
import {put_page} from "./mm.ts";
import type {Page} from "./mm_types.ts";
import {compound_head, PG_locked} from "./page-flags.ts";

/** Drops the caller's reference, and sleeps until the page is unlocked: which is no longer the caller's by then. */
export function* put_and_wait_on_page_locked(page: Page): Op<void> {
  const head = yield* compound_head(page);
  yield* put_page(page);
  yield* wait_on_bit(PG_locked, head.flags);
}
