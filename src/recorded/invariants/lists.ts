// Lists of pages: whoever is on one says so, and is on it once. The free lists, the LRU list, and the queue of huge pages that are to be split.

import type {ListHead, Page} from "../../mm/index.ts";
import type {Cell} from "../../sim/index.ts";
import type {Look} from "./look.ts";
import {says} from "./pages.ts";

export function checkLists(look: Look): string[] {
  return [...checkFreeLists(look), ...checkLru(look), ...checkSplitQueue(look)];
}

/** The addresses of all that is on a list; a sentence if its links do not fit. */
function walk({machine}: Look, list: ListHead, name: string): number[] | string {
  const {memory} = machine;
  const seen: number[] = [];
  let before = list.address;
  for (let at = memory.read(list.next); at !== list.address;) {
    if (memory.half(at) < 0) return `the ${name} leads to ${at}, where no memory is`;
    if (memory.read(pointer(at + 8)) !== before) return `the ${name} is not the same backwards`;
    seen.push(at);
    before = at;
    at = memory.read(pointer(at));
  }
  return seen;
}

/** Of a list that is the same backwards, no part goes round in a circle. */
function pointer(address: number): Cell {
  return {address, bytes: 8, type: "pointer", group: "", field: ""};
}

function checkFreeLists(look: Look): string[] {
  const {kernel, machine, free} = look;
  const wrong: string[] = [];
  let count = 0;
  for (const nid of (machine.nodes ?? []).keys()) {
    const list = walk(look, kernel.node(nid).zone.free_list, `free list of node ${nid}`);
    if (typeof list === "string") return [list];
    count += list.length;
    wrong.push(
      ...list
        .filter((at) => !free.has(at))
        .map((at) => `${kernel.page_of_lru(at).name} is on a free list, and is not free`),
    );
  }
  return [
    ...wrong,
    ...says(
      count !== free.count,
      `${count} pages are on the free lists, and ${free.count} say that they are free`,
    ),
  ];
}

function checkLru(look: Look): string[] {
  const {kernel, taken, flag, head_of} = look;
  const list = walk(look, kernel.node().lruvec.list, "LRU list");
  if (typeof list === "string") return [list];
  const on = new Set(list.map((at) => kernel.page_of_lru(at)));
  const entitled = taken.filter((page) => head_of(page) === page && flag(page, kernel.PG_lru));
  return [
    ...entitled.flatMap((page) =>
      says(!on.has(page), `${page.name} has PG_lru, and is not on the LRU list`),
    ),
    ...[...on].flatMap((page) =>
      says(!entitled.includes(page), `${page.name} is on the LRU list, without PG_lru`),
    ),
  ];
}

/** Where a part of a huge page is not mapped any more, and no PMD maps the whole, it waits to be split. */
function checkSplitQueue(look: Look): string[] {
  const {kernel, read, taken, head_of, flag} = look;
  const {split_queue, split_queue_len} = kernel.node().deferred_split_queue;
  const list = walk(look, split_queue, "queue of deferred splits");
  if (typeof list === "string") return [list];
  const waiting = new Set(list.map((at) => head_of(kernel.page_of_deferred_list(at))));
  const heads = taken.filter((page) => head_of(page) === page && flag(page, kernel.PG_head));
  return [
    ...says(
      read(split_queue_len) !== list.length,
      `the queue of deferred splits has ${list.length} pages, and says ${read(split_queue_len)}`,
    ),
    ...[...waiting].flatMap((page) =>
      says(!heads.includes(page), `${page.name} waits to be split, and is no huge page`),
    ),
    ...heads.flatMap((page) => checkWaiting(look, page, waiting.has(page))),
  ];
}

function checkWaiting(look: Look, head: Page, waits: boolean): string[] {
  const {kernel, done, read, uses, parts} = look;
  if (!kernel.has_deferred_list()) return [];
  const link = kernel.page_deferred_list(head);
  const empty = read(link.next) === link.address;
  // A huge page that PMDs and PTEs map loses PG_double_map when it moves; whoever unmaps the last PMD then does not look at its parts.
  const moved = done.has("move_pages");
  return [
    ...says(
      !waits && !empty,
      `${head.name} is on no queue of deferred splits, and its words say that it is`,
    ),
    ...says(
      !waits && !moved && isPartlyMapped(parts(head).map(uses)),
      `${head.name} is mapped in part, and does not wait to be split`,
    ),
  ];
}

/** One in the swap cache is not queued when its parts are unmapped. */
function isPartlyMapped(parts: readonly ReturnType<Look["uses"]>[]): boolean {
  const mapped = parts.filter(({ptes}) => ptes.length > 0).length;
  const whole = parts[0].pmds.length > 0;
  const cached = parts.some((part) => part.cached > 0);
  return !whole && !cached && mapped > 0 && mapped < parts.length;
}
