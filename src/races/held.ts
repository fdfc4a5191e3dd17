// Whoever takes a reference so that a page may not change under him should hold it on that page: on the head of the huge page that
// the page belongs to at that moment, or on the page itself if it belongs to none. Which page each CPU holds is in the ledger
// (ledger.ts); here it is compared with the page that is used.

import type {Monitor} from "../explore/index.ts";
import type {Cell, Memory} from "../sim/index.ts";
import type {Page} from "../mm/index.ts";
import {headOf, type Pages} from "./pages.ts";

/** By thread and page: references that this CPU holds. */
export type Held = readonly (readonly Cell[])[];

/** In these functions somebody asks how often a page is mapped, or how many references it has. */
const LOOKS = new Set(["smaps_account", "page_mapcount"]);

/**
 * Judges who looks at a page and holds a reference to something: the first `lookers` threads, in these functions; in all of theirs, if `looks`
 * is null.
 */
export function heldPageIsLookedAt(
  all: Pages,
  held: Held,
  lookers: number,
  looks: ReadonlySet<string> | null = LOOKS,
): Monitor {
  const pageOf = new Map(
    all.pages.flatMap((page) =>
      [page._mapcount, page._refcount].map((word) => [word.address, page]),
    ),
  );
  return {
    name: "the reference is on the page that is looked at",
    ghosts: [],
    watches: ({act, cell: {address}}, functions) =>
      act === "load" &&
      pageOf.has(address) &&
      (looks === null || functions.some((name) => looks.has(name))),
    looksAt: ({cell: {address}}) => [pageOf.get(address)!.compound_head],
    before({operation, thread}, memory) {
      if (thread >= lookers) return null;
      const page = pageOf.get(operation.cell.address)!;
      const holds = pagesHeld(all, held[thread], memory);
      const head = headOf(all.kernel, page, memory);
      if (holds.length === 0 || holds.includes(head)) return null;
      return `${page.name} is looked at, of which ${head.name} is the head, with a reference on ${holds[0].name}`;
    },
  };
}

/** Judges who writes into a page: the threads of `users`. */
export function heldPageIsUsed(all: Pages, held: Held, users: readonly number[]): Monitor {
  const {kernel, pages} = all;
  const pageOf = new Map(pages.map((page) => [kernel.page_address(page).address, page]));
  return {
    name: "the reference is on the page that is handed out",
    ghosts: [],
    watches: ({act, cell: {address}}) => act === "store" && pageOf.has(address),
    looksAt: ({cell: {address}}) => [pageOf.get(address)!.compound_head],
    before({operation, thread}, memory) {
      if (!users.includes(thread)) return null;
      const page = pageOf.get(operation.cell.address)!;
      const head = headOf(kernel, page, memory);
      const holds = pagesHeld(all, held[thread], memory);
      if (holds.includes(head)) return null;
      const instead = holds.map(({name}) => name).join(", ") || "none at all";
      return `${page.name} is written to, of which ${head.name} is the head, with a reference on ${instead}`;
    },
  };
}

function pagesHeld({pages}: Pages, held: readonly Cell[], memory: Memory): Page[] {
  return pages.filter((_, p) => memory.read(held[p]) > 0);
}
