// What keeps the parts of a search apart (sharding.ts): a thread does not go through a gate before somebody has opened it.
//
// Which gates are open stands in a word of memory that no thread can see, so it belongs to the state, as what monitors
// remember does. What is open stays open: so opening a gate commutes with every step that can be made, whether it goes through
// a gate or opens one.

import type {Node} from "./observation_tree.ts";

export type Gate = {
  /** The half of memory that says which gates are open, a bit for each. */
  readonly half: number;
  /** Bits that must be set before the step can be made, and bits that the step sets. */
  readonly needs: number;
  readonly opens: number;
};

export class Gates {
  readonly half: number;
  /** By the number of the node. */
  private readonly gates = new Map<number, Gate>();

  constructor(half: number) {
    this.half = half;
  }

  /** The gate at which the step at `node` is made. */
  of({number}: Node): Gate | undefined {
    return this.gates.get(number);
  }

  /** From now on the step at `node` needs and opens this as well. */
  add({number}: Node, {needs = 0, opens = 0}: Partial<Pick<Gate, "needs" | "opens">>): void {
    const before = this.gates.get(number) ?? {needs: 0, opens: 0};
    this.gates.set(number, {
      half: this.half,
      needs: before.needs | needs,
      opens: before.opens | opens,
    });
  }
}

export function isOpen({half, needs}: Gate, halves: Int32Array): boolean {
  return (halves[half] & needs) === needs;
}

/** The step at the gate has been made. */
export function pass({half, opens}: Gate, halves: Int32Array): void {
  halves[half] |= opens;
}
