// Data races: two threads stand before accesses to the same bytes, one of them would write, and one of them is a plain C
// access that nothing marks as shared. This is what a watchpoint of KCSAN sees: one CPU about to make its access while another
// makes its own. Marked accesses (READ_ONCE, atomics, locks) do not race with each other.
//
// A state shows a race or not: no clocks are needed. Whether a conditional access writes is judged in that state, and a
// thread that waits for a lock is not about to make an access.

import {cell_name, type MemoryOperation, type StoreBuffers} from "../sim/index.ts";
import type {Node} from "./observation_tree.ts";
import {canMake, wouldWrite} from "./ordered.ts";
import {isMacro} from "./program.ts";
import type {RacingAccess} from "./report.ts";

export type Racing = {
  /** The two accesses: the same whatever schedule leads to them. */
  readonly id: string;
  readonly accesses: readonly [RacingAccess, RacingAccess];
  /** A state in which both stand before their accesses. */
  readonly state: number;
};

/** A thread that stands before an access: its name, and the number of its CPU. */
export type Standing = {readonly node: Node; readonly thread: string; readonly cpu: number};

export class DataRaces {
  readonly found = new Map<string, Racing>();
  /** Pairs of nodes that are known to race. */
  private readonly known = new Set<number>();
  private readonly buffers: StoreBuffers | null;

  constructor(buffers: StoreBuffers | null) {
    this.buffers = buffers;
  }

  /** Looks at two threads that stand at these nodes in `state`; `halves()` is memory as it is there. */
  look(a: Standing, b: Standing, state: number, halves: () => Int32Array): void {
    if (!couldRace(a.node, b.node)) return;
    const pair = a.node.number * 2 ** 26 + b.node.number;
    if (this.known.has(pair)) return;
    const now = halves();
    if (!this.isNext(a, now) || !this.isNext(b, now)) return;
    if (!this.writes(a, now) && !this.writes(b, now)) return;
    this.known.add(pair);
    const accesses = [accessOf(a), accessOf(b)].sort((x, y) => (say(x) < say(y) ? -1 : 1));
    const id = `data race: ${accesses.map(say).join(" and ")}`;
    if (this.found.has(id)) return;
    this.found.set(id, {id, accesses: accesses as [RacingAccess, RacingAccess], state});
  }

  private isNext({node, cpu}: Standing, halves: Int32Array): boolean {
    return canMake(this.buffers, cpu, node, halves);
  }

  private writes({node, cpu}: Standing, halves: Int32Array): boolean {
    return wouldWrite(this.buffers, cpu, node, halves);
  }
}

/** Quick: most pairs are about different words. */
export function couldRace(a: Node, b: Node): boolean {
  return a.place === b.place && a.place >= 0 && areUnmarked(a.watched!, b.watched!);
}

function areUnmarked(a: MemoryOperation, b: MemoryOperation): boolean {
  if (!a.plain && !b.plain) return false;
  if (a.act === "load" && b.act === "load") return false;
  const end = ({cell: {address, bytes}}: MemoryOperation): number => address + bytes;
  return a.cell.address < end(b) && b.cell.address < end(a);
}

function accessOf({node: {watched, functions}, thread}: Standing): RacingAccess {
  const {kind, plain, cell} = watched!;
  const inside = functions.find((name) => !isMacro(name)) ?? "";
  return {thread, function: inside, kind, cell: cell_name(cell), plain};
}

function say({plain, kind, cell, function: inside}: RacingAccess): string {
  return `${plain ? "plain " : ""}${kind} of ${cell}${inside ? ` in ${inside}()` : ""}`;
}
