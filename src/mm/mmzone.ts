// A node of memory and what it keeps for its pages. Models include/linux/mmzone.h, v5.13.
//
// Differs from v5.13: a second node has free pages of its own only; the LRU list and the queue of the first are for all.

import {cell} from "../sim/cell.ts";
import type {Cell} from "../sim/index.ts";
import {machine, structure_at} from "../sim/machine.ts";
import {list_head, type ListHead} from "./mm_types.ts";

export type Node = {
  readonly lruvec: {
    readonly lru_lock: Cell;
    // guarded by lru_lock:
    readonly list: ListHead;
  };
  readonly deferred_split_queue: {
    readonly split_queue_lock: Cell;
    // guarded by split_queue_lock:
    readonly split_queue: ListHead;
    readonly split_queue_len: Cell;
  };
  readonly zone: {
    readonly lock: Cell;
    // guarded by lock:
    readonly free_list: ListHead;
  };
  /** What /proc/vmstat says, by name. */
  readonly vm_stat: Map<string, number>;
};

/** 0xffff88807ff00000: where the first node keeps its data. The next does so behind it. */
const NODE_DATA = -0x777f_8010_0000;
const SIZEOF_NODE = 128;

export function node(nid = 0): Node {
  return structure_at(NODE_DATA + nid * SIZEOF_NODE, make_node);
}

/** Is there memory on such a node? Models include/linux/nodemask.h. */
export function node_state(nid: number): boolean {
  return nid >= 0 && nid < (machine.nodes?.length ?? 1);
}

function make_node(address: number): Node {
  const at = machine.memory.allocate(72, address);
  const zone = address === NODE_DATA ? "zone" : `zone[${(address - NODE_DATA) / SIZEOF_NODE}]`;
  return {
    lruvec: {
      lru_lock: cell("lruvec", "lru_lock", at, 4, "lock"),
      list: list_head("lruvec", "list", at + 8),
    },
    deferred_split_queue: {
      split_queue_lock: cell("deferred_split", "split_queue_lock", at + 4, 4, "lock"),
      split_queue: list_head("deferred_split", "split_queue", at + 24),
      split_queue_len: cell("deferred_split", "split_queue_len", at + 40, 8),
    },
    zone: {
      lock: cell(zone, "lock", at + 48, 4, "lock"),
      free_list: list_head(zone, "free_list", at + 56),
    },
    vm_stat: new Map(),
  };
}
