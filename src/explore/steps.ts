// Which steps conflict, by what they do in the state they are made in: two steps that do not conflict can change places and
// nobody can tell. A conditional operation that changes nothing is a read; a BUG ends the run for everybody, so it conflicts
// with all others.

import {halves_touched} from "../sim/index.ts";
import {isThread} from "./movers.ts";
import {wouldWrite} from "./ordered.ts";
import {ENDS, type Space} from "./space.ts";

/** What a thread's next step does in a certain state. */
export type Step = {
  /** Halves of memory. What is written is touched as well. */
  readonly touches: readonly number[];
  readonly writes: boolean;
  /** The run ends with it. */
  readonly ends: boolean;
};

export const NO_STEP: Step = {touches: [], writes: false, ends: false};

export function conflict(a: Step, b: Step): boolean {
  if (a.ends || b.ends) return true;
  return (a.writes || b.writes) && a.touches.some((half) => b.touches.includes(half));
}

/** The steps of a space, each looked at once. */
export class Steps {
  private readonly known: Step[] = [];
  private readonly space: Space;

  constructor(space: Space) {
    this.space = space;
  }

  /**
   * The step that `thread` stands before in `state`; it must be one that a lock or a word of memory is about, or nobody's. Or that a
   * store leaves its buffer.
   */
  of(state: number, thread: number): Step {
    const at = state * this.space.movers + thread;
    return (this.known[at] ??= isThread(thread)
      ? this.see(state, thread)
      : this.seeDrain(state, thread));
  }

  private seeDrain(state: number, mover: number): Step {
    const touches = halves_touched(this.space.transitionOf(state, mover)!);
    return {touches, writes: true, ends: false};
  }

  private see(state: number, thread: number): Step {
    const {space} = this;
    const node = space.node(state, thread);
    const {operation, transition, turn, watched, watchers, functions} = node;
    // What is only put into the buffer nobody else can tell.
    if (node.ordering?.does === "store" && watchers.length === 0) return NO_STEP;
    const {memory} = space.program.machine;
    const ends = space.successor(state, thread) === ENDS;
    space.load(state);
    const flag = operation?.act === "interrupts" ? [space.program.interrupts[thread]] : [];
    const own =
      transition && flag.length === 0 ? [transition] : (turn?.seen.map(({step}) => step) ?? []);
    const looks = watchers.flatMap((monitor) => monitor.looksAt(watched!, functions));
    const touches = new Set([
      ...own.flatMap(halves_touched),
      ...[...flag, ...looks].flatMap((cell) => memory.halves_of(cell)),
    ]);
    const writes =
      transition !== null && wouldWrite(space.buffers, thread, node, memory.halves);
    return {touches: [...touches], writes, ends};
  }
}
