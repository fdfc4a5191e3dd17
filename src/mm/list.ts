// Doubly linked lists whose links are words of shared memory. Models include/linux/list.h, v5.13.
// A list is guarded by the lock of whoever owns it.

import {load, READ_ONCE, store, WRITE_ONCE} from "../sim/atomic.ts";
import type {Op} from "../sim/index.ts";
import {structure_at} from "../sim/machine.ts";
import {list_head, type ListHead} from "./mm_types.ts";

export const LIST_POISON1 = 0x100;
export const LIST_POISON2 = 0x122;

/** The list head at `address`; where there is none, as at a poisoned pointer, whoever looks takes a page fault. */
function list_at(address: number): ListHead {
  return structure_at<ListHead>(address, () => list_head("nothing", "lru", address));
}

export function* INIT_LIST_HEAD(list: ListHead): Op<void> {
  yield* WRITE_ONCE(list.next, list.address);
  yield* store(list.prev, list.address);
}

export function* list_empty(list: ListHead): Op<boolean> {
  const next = yield* READ_ONCE(list.next);
  return next === list.address;
}

/** Puts `entry` behind `head`: at the front of the list. */
export function* list_add(entry: ListHead, head: ListHead): Op<void> {
  const next = yield* load(head.next);
  yield* store(list_at(next).prev, entry.address);
  yield* store(entry.next, next);
  yield* store(entry.prev, head.address);
  yield* WRITE_ONCE(head.next, entry.address);
}

/** Puts `entry` before `head`: at the end of the list. */
export function* list_add_tail(entry: ListHead, head: ListHead): Op<void> {
  const prev = yield* load(head.prev);
  yield* store(head.prev, entry.address);
  yield* store(entry.next, head.address);
  yield* store(entry.prev, prev);
  yield* WRITE_ONCE(list_at(prev).next, entry.address);
}

export function* list_del(entry: ListHead): Op<void> {
  const prev = yield* load(entry.prev);
  const next = yield* load(entry.next);
  yield* store(list_at(next).prev, prev);
  yield* WRITE_ONCE(list_at(prev).next, next);
  yield* store(entry.next, LIST_POISON1);
  yield* store(entry.prev, LIST_POISON2);
}
