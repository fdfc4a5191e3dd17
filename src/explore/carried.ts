// What a thread carries with it through all its functions: the locks it holds, and what it has seen in the turn of a loop
// that waits.

import {
  cell_name,
  is_on_bit,
  only_reads,
  would_observe,
  type Act,
  type Cell,
  type StepOperation,
  type Transition,
} from "../sim/index.ts";
import type {Frame} from "./local_state.ts";

export type Carried = {
  readonly held: readonly Held[];
  readonly turn: Turn | null;
};

export type Held = {
  readonly cell: Cell;
  /** Of a lock that is a bit; -1 for a lock that is a word. */
  readonly bit: number;
  /** Who holds it may not sleep: a spinlock. */
  readonly spins: boolean;
};

export type Turn = {
  /** Where the thread stood when the turn began, and the turn that this one is a part of. */
  readonly head: Frame;
  readonly seen: readonly Seen[];
};

/** A step of the turn and what it answered. */
export type Seen = {
  readonly step: Transition;
  readonly observed: number;
  /** The word; null for what is about none. */
  readonly cell: Cell | null;
};

export const NOTHING_CARRIED: Carried = {held: [], turn: null};

export function sayCarried({held, turn}: Carried): string {
  const locks = held.map(sayHeld).join(",");
  const seen = turn?.seen.map(
    ({step, observed}) => `${step.act} ${step.half}.${step.shift} ${step.expected} ${observed}`,
  );
  return `holds ${locks}${seen ? ` sees ${seen.join(",")}` : ""}`;
}

function sayHeld({cell, bit}: Held): string {
  return bit < 0 ? cell_name(cell) : `${cell_name(cell)} bit ${bit}`;
}

/** What is carried after a step of the thread that answered `observed`. */
export function carryOn(
  carried: Carried,
  operation: StepOperation | null,
  step: Transition | null,
  observed: number,
): Carried {
  if (!operation || !step) return carried;
  const held = heldAfter(carried.held, operation, observed);
  const turn = carried.turn && {
    ...carried.turn,
    seen: [
      ...carried.turn.seen,
      {step, observed, cell: "cell" in operation ? operation.cell : null},
    ],
  };
  return held === carried.held && turn === carried.turn ? carried : tidy(held, turn);
}

function tidy(held: readonly Held[], turn: Turn | null): Carried {
  return held.length === 0 && !turn ? NOTHING_CARRIED : {held, turn};
}

function heldAfter(
  held: readonly Held[],
  operation: StepOperation,
  observed: number,
): readonly Held[] {
  if (operation.act === "interrupts" || operation.act === "await") return held;
  const {act, cell} = operation;
  const bit = is_on_bit(operation) ? operation.operand : -1;
  if (act.startsWith("unlock")) {
    const at = held.findLastIndex((h) => h.cell.address === cell.address && h.bit === bit);
    return at < 0 ? held : held.filter((_, i) => i !== at);
  }
  const tried = act === "try_lock" || operation.kind === "test_and_set_bit_lock";
  const takes =
    act.startsWith("lock") || (tried && observed === (operation.answer === "bit" ? 0 : 1));
  return takes ? [...held, {cell, bit, spins: act === "lock" || act === "try_lock"}] : held;
}

/** Does somebody who carries this hold the lock that `operation` asks for? */
export function holds({held}: Carried, operation: StepOperation): boolean {
  if (!("cell" in operation)) return false;
  const bit = is_on_bit(operation) ? operation.operand : -1;
  return held.some((h) => h.cell.address === operation.cell.address && h.bit === bit);
}

/** The names of what a thread that cannot make this step waits for: its lock, or, at the end of a turn, the words that it saw. */
export function awaited(operation: StepOperation, {turn}: Carried): string[] {
  if ("cell" in operation) return [cell_name(operation.cell)];
  const names = turn?.seen.flatMap(({cell}) => (cell ? [cell_name(cell)] : [])) ?? [];
  return [...new Set(names)];
}

/** Does the step release what the thread does not hold? The bit of a page lock may be cleared by anybody, if it is set. */
export function isBadUnlock(
  carried: Carried,
  {operation, transition}: {operation: StepOperation | null; transition: Transition | null},
  halves: Int32Array,
): boolean {
  if (!operation || !transition) return false;
  if (transition.act === "unlock_bit")
    return ((halves[transition.half] >>> transition.shift) & 1) === 0;
  return transition.act.startsWith("unlock") && !holds(carried, operation);
}

export function beginTurn({held}: Carried, head: Frame): Carried {
  return {held, turn: {head, seen: []}};
}

/** The turn has got what it waited for. What it saw belongs to the turn around it. */
export function endTurn({held, turn}: Carried): Carried {
  const around = turn!.head.carried.turn;
  return tidy(held, around && {...around, seen: [...around.seen, ...turn!.seen]});
}

/** The turn is over and forgotten: the thread that stands at `top` stands where the turn began. */
export function forgetTurn({caller, args, carried: {held, turn}}: Frame): Frame {
  const {head} = turn!;
  return {...head, caller, args, carried: tidy(held, head.carried.turn)};
}

/**
 * Has the turn that ends here left no trace? Then it does not matter how often it was taken. A lock that was taken in it and released
 * is none: who waits for it gets it, and that is all that others do with these locks (who only tries one might see it held in
 * several turns, and is taken to see that in one at the most).
 */
export function isPure({held, turn}: Carried): boolean {
  const {seen, head} = turn!;
  const tries = seen.some(({step}) => step.act === "try_lock");
  const areReleased = !tries && sameLocks(held, head.carried.held);
  return !seen.some(
    ({step, observed}) =>
      !(areReleased && LOCKING.has(step.act)) && mayHaveWritten(step, observed),
  );
}

const LOCKING: ReadonlySet<Act> = new Set(["lock", "unlock", "lock_read", "unlock_read"]);

function sameLocks(some: readonly Held[], others: readonly Held[]): boolean {
  const isSame = (a: Held, b: Held) => a.cell.address === b.cell.address && a.bit === b.bit;
  return some.length === others.length && some.every((a, i) => isSame(a, others[i]));
}

function mayHaveWritten({act, answer, expected}: Transition, observed: number): boolean {
  if (only_reads({act})) return false;
  const isConditional =
    act === "compare_exchange" || act === "add_unless" || act === "try_lock";
  if (isConditional && answer === "success") return observed !== 0;
  if (act === "compare_exchange" && answer === "old") return observed === expected;
  return true;
}

/** Would the turn go otherwise now? If it left no trace, only what it saw can have changed. */
export function goesOtherwise(carried: Carried, halves: Int32Array): boolean {
  return (
    !isPure(carried) ||
    carried.turn!.seen.some(({step, observed}) => would_observe(step, halves) !== observed)
  );
}
