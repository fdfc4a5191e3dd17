// Was a page that comes back put out too early? Models mm/workingset.c, v5.13.
//
// The list of pages has an age: how many pages have left it, or moved up. Where a page was, its age then is kept; if not more have
// gone since than there are pages that compete with it, it begins as an active one.
//
// Differs from v5.13: how many compete is a constant. On the machine that was recorded, which had other things in memory as well, it
// was more than 64 and less than 512. Leaves out: memcg, PG_workingset.

import {load, store} from "../sim/atomic.ts";
import {cell} from "../sim/cell.ts";
import type {Cell, Op} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {thp_nr_pages} from "./mm.ts";
import type {Page} from "./mm_types.ts";
import {SetPageActive} from "./page-flags.ts";

/** Pages of files, and active ones. */
export const WORKINGSET_SIZE = 256;

/** 0xffff888080500000 */
const NONRESIDENT_AGE = -0x777f_8000_0000 + 0x50_0000;

export function nonresident_age(): Cell {
  return structure_at(NONRESIDENT_AGE, (address) => {
    machine.memory.allocate(8, address);
    return cell("lruvec", "nonresident_age", address, 8);
  });
}

export function* workingset_age_nonresident(nr: number): Op<void> {
  const age = yield* load(nonresident_age());
  yield* store(nonresident_age(), age + nr);
}

/** What is to be remembered of a page that leaves memory. */
export function* workingset_eviction(page: Page): Op<number> {
  const age = yield* load(nonresident_age());
  const nr = yield* thp_nr_pages(page);
  yield* workingset_age_nonresident(nr);
  return age;
}

/** A page has come back, of which `shadow` is remembered. */
export function* workingset_refault(page: Page, shadow: number): Op<void> {
  const age = yield* load(nonresident_age());
  if (age - shadow > WORKINGSET_SIZE) return;
  yield* SetPageActive(page);
  yield* workingset_age_nonresident(1);
}
