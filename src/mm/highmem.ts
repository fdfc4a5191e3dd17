// What is in a page. Models include/linux/highmem.h, v5.13.
//
// Differs from v5.13: one word stands for all 4096 bytes, so that clearing or copying a page is one step for each page that it
// touches. What a process or a device writes there it writes with a plain store.

import {load, store} from "../sim/atomic.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {page_to_pfn, PAGE_SIZE, type Page} from "./mm_types.ts";
import {PAGE_OFFSET} from "./pgtable.ts";

/** Where the contents of `page` are. Made at boot. */
export function page_address(page: Page): Cell {
  return structure_at(PAGE_OFFSET + page_to_pfn(page) * PAGE_SIZE, (address) => {
    machine.memory.allocate(8, address);
    return cell(page.name, "contents", address, 8);
  });
}

export function* clear_highpage(page: Page): Op<void> {
  yield* store(page_address(page), 0);
}

export function* copy_highpage(to: Page, from: Page): Op<void> {
  const contents = yield* load(page_address(from));
  yield* store(page_address(to), contents);
}
