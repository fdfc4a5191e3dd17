// The mapcount of a part of a huge page has a part that stands in page[1] of the huge page. Read from a page that is no head
// any more, that word is somebody else's. Judged when the count is answered to one of those who look: a BUG comes before.

import type {Monitor} from "../explore/index.ts";
import {cell, type Machine, type Memory} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";
import {isHead, type Pages} from "./pages.ts";

const INTACT = 0;
const NO_HEAD = 1;
const OVERWRITTEN = 2;

export type Looking = {
  /** How many threads there are. */
  readonly threads: number;
  /** Those that look are the first so many of them. */
  readonly lookers: number;
  /** The function whose answer is the count. */
  readonly judges: string;
};

export function noTornMapcount(
  {kernel, pages}: Pages,
  machine: Machine,
  {threads, lookers, judges}: Looking,
): Monitor {
  const ghosts = Array.from({length: threads}, (_, t) =>
    cell("ghost", `torn[${t}]`, machine.memory.allocate(4), 4),
  );
  const owner = new Map<number, Page>(
    pages.map((page) => [kernel.compound_mapcount_ptr(page).address, page]),
  );
  const begins = new Set(pages.map((page) => page._mapcount.address));
  const firstTail = (head: Page): Page => kernel.nth_page(head, 1);

  /** What the compound part of `head` is at this moment. */
  function stateOf(head: Page, memory: Memory): number {
    if (!isHead({kernel}, head, memory)) return NO_HEAD;
    if (memory.read(firstTail(head).compound_head) === head.address + 1) return INTACT;
    // The first tail has left. Until something is written over its word, that is still the count.
    return memory.read(kernel.compound_mapcount_ptr(head)) >= -1 ? INTACT : OVERWRITTEN;
  }

  return {
    name: "no torn mapcount",
    ghosts,
    own: ghosts.map((ghost) => [ghost]),
    watches: ({act, cell: {address, bytes}}) =>
      act === "load" && bytes === 4 && (owner.has(address) || begins.has(address)),
    looksAt({cell: {address}}) {
      const head = owner.get(address);
      return head ? [head.flags, firstTail(head).compound_head] : [];
    },
    before(
      {
        operation: {
          cell: {address},
        },
        thread,
      },
      memory,
    ) {
      // Every count begins with the page's own part: what was read for an earlier one does not matter any more.
      const head = owner.get(address);
      memory.write(ghosts[thread], head ? stateOf(head, memory) : INTACT);
      return null;
    },
    judges,
    answered(_value, _functions, thread, memory) {
      const state = memory.read(ghosts[thread]);
      memory.write(ghosts[thread], INTACT);
      if (state === INTACT || thread >= lookers) return null;
      const from =
        state === NO_HEAD
          ? "from a page that is no head"
          : "after something else was written there";
      return `${judges}() answered with a compound mapcount that was read ${from}`;
    },
  };
}
