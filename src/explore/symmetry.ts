// Threads that run the same code under the same name can change places, and nothing that is asked of a run depends on which of
// them is which. So of all states that differ only in that, the first that is met is enough.
//
// Ip and Dill, "Better Verification Through Symmetry", CHARME 1993. Who changes places takes along what memory holds for it
// alone: its interrupt flag, and its own ghosts.

import {mix, PairTable, RowTable} from "./state_table.ts";
import type {Space} from "./space.ts";

export class Symmetry {
  private readonly space: Space;
  /** Threads that can change places with each other. */
  private readonly groups: readonly (readonly number[])[];
  /** By thread: the halves of memory that are its own. */
  private readonly own: readonly (readonly number[])[];
  /** States with the threads of each group in order. */
  private readonly met: RowTable;
  private readonly row: Int32Array;
  /** By content of memory and order of the threads. */
  private readonly moved = new PairTable();

  constructor(space: Space) {
    this.space = space;
    this.groups = groupsOf(space);
    this.own = space.program.threads.map((_, thread) => ownHalves(space, thread));
    this.row = new Int32Array(1 + space.threads);
    this.met = new RowTable(this.row.length);
  }

  /** Is `state` the first of those that differ from it only in which thread is which? */
  isFirst(state: number): boolean {
    if (this.groups.length === 0) return true;
    const {space, row, met} = this;
    for (let t = 0; t < space.threads; t++) row[1 + t] = space.nodeId(state, t);
    row[0] = this.sort(space.memoryOf(state));
    let hash = 0;
    for (let i = 0; i < row.length; i++) hash = (hash + mix(i, row[i])) | 0;
    const before = met.count;
    return met.intern(row, hash) === before;
  }

  /** Puts the threads of each group in order, by insertion; answers the memory that goes with it. */
  private sort(memory: number): number {
    const {row} = this;
    let now = memory;
    for (const group of this.groups) {
      for (let i = 1; i < group.length; i++) {
        for (let k = i; k > 0 && row[1 + group[k]] < row[1 + group[k - 1]]; k--) {
          now = this.exchange(now, group[k - 1], group[k]);
        }
      }
    }
    return now;
  }

  private exchange(memory: number, a: number, b: number): number {
    const {row, own, space, moved} = this;
    const node = row[1 + a];
    row[1 + a] = row[1 + b];
    row[1 + b] = node;
    const pair = a * space.threads + b;
    const known = moved.get(memory, pair);
    if (known !== undefined) return known;
    const now = space.memoryWithExchanged(memory, own[a], own[b]);
    moved.set(memory, pair, now);
    return now;
  }
}

/** Threads that share a tree; none if some monitor remembers something of which we do not know whose it is. */
function groupsOf({trees, program, buffers}: Space): number[][] {
  // Nor are store buffers exchanged.
  if (buffers) return [];
  if (program.monitors.some(({ghosts, own}) => ghosts.length > 0 && !own)) return [];
  const groups = new Map<unknown, number[]>();
  trees.forEach((tree, thread) => groups.set(tree, [...(groups.get(tree) ?? []), thread]));
  return [...groups.values()].filter((group) => group.length > 1);
}

function ownHalves({program}: Space, thread: number): number[] {
  const {machine, monitors, interrupts} = program;
  const cells = [interrupts[thread], ...monitors.flatMap(({own}) => own?.[thread] ?? [])];
  return cells.flatMap((word) => machine.memory.halves_of(word));
}
