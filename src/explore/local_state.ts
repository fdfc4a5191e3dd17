// The local state of a thread, named by what decides it.
//
// A thread is deterministic, so its whole history of observations would do as a name; but two histories that differ only
// in what has been forgotten since should have one. What a function does next depends on its arguments and on what
// happened since it was entered, and its caller learns from it what it answers, and what it changed in the arguments. So
// a local state is a stack of frames, and a frame is: function and arguments, then each observation, then for each call
// that has returned the function, its answer and its arguments afterwards.
//
// Some things it carries through all functions, and they belong to the name as well (carried.ts).
//
// This asks of the code that no function keeps anything anywhere else. Structures of the kernel are sealed and there are no
// variables outside of functions, so none can by accident. Where an argument or an answer hides something (a function, a Map),
// nothing is forgotten.

import type {Operation, StepOperation, Transition} from "../sim/index.ts";
import {
  beginTurn,
  carryOn,
  endTurn,
  forgetTurn,
  NOTHING_CARRIED,
  sayCarried,
  type Carried,
} from "./carried.ts";

/** What states are called, and how the values in them are described. */
export type Naming = {
  /** Gives equal texts the same small number. */
  of(text: string): number;
  /** Values as text: equal only where no code could tell them apart, unless opaque. */
  describe(values: readonly unknown[]): Description;
};

type Description = {
  readonly text: string;
  /** Something in it cannot be described. */
  readonly opaque: boolean;
  /** Something in it can change. */
  readonly mutable: boolean;
};

/** Names by which states are told apart. */
export class Names implements Naming {
  /** What never changes, and is where its address is (machine.ts). */
  readonly immutable: WeakSet<object>;
  private readonly numbers = new Map<string, number>();

  constructor(immutable: WeakSet<object>) {
    this.immutable = immutable;
  }

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }

  describe(values: readonly unknown[]): Description {
    return describe(this, values);
  }
}

/** Who follows one run compares no states: what to call them is most of the work, and is left out. */
export const NAMELESS: Naming = {
  of: () => 0,
  describe: () => ({text: "", opaque: true, mutable: false}),
};

/** One function that has been entered: what is known of it so far, as a number, and its caller. */
export type Frame = {
  readonly name: string;
  readonly known: number;
  readonly caller: Frame | null;
  /** Its arguments, if they can change or hide something: looked at again when it returns. */
  readonly args: readonly unknown[] | null;
  /** Something it was given cannot be told from outside: nothing of it may be forgotten. */
  readonly opaque: boolean;
  readonly carried: Carried;
  /** The whole stack as a number. */
  readonly stack: number;
};

function frame(names: Naming, f: Omit<Frame, "stack">): Frame {
  return {...f, stack: names.of(`${f.caller?.stack ?? ""}/${f.known}`)};
}

/** The local state that a thread is in when it stands here. */
export function stateName({stack, carried}: Frame): string {
  return carried === NOTHING_CARRIED ? String(stack) : `${stack} ${sayCarried(carried)}`;
}

export function bottom(names: Naming): Frame {
  const known = names.of("thread");
  return frame(names, {
    name: "",
    known,
    caller: null,
    args: null,
    opaque: true,
    carried: NOTHING_CARRIED,
  });
}

/** Where a thread stands that stood at `top`, made this step and observed `value`. */
export function stepped(
  names: Naming,
  top: Frame,
  {operation, transition}: {operation: StepOperation | null; transition: Transition | null},
  value: number,
): Frame {
  if (operation?.act === "await") return forgetTurn(top);
  const known = names.of(`${top.known}=${value}`);
  return frame(names, {
    ...top,
    known,
    carried: carryOn(top.carried, operation, transition, value),
  });
}

/** Where it stands when it has announced something that is no step. */
export function announced(names: Naming, top: Frame, operation: Operation): Frame {
  switch (operation.act) {
    case "call":
      return enter(names, top, operation.name, operation.args);
    case "return":
      return leave(names, top, operation.value);
    case "turn":
      return {...top, carried: beginTurn(top.carried, top)};
    case "turned":
      return {...top, carried: endTurn(top.carried)};
    default:
      return top;
  }
}

function enter(names: Naming, top: Frame, name: string, args: readonly unknown[]): Frame {
  const {text, opaque, mutable} = names.describe(args);
  const known = names.of(opaque ? `${name}(in ${top.stack})` : `${name}(${text})`);
  const {carried} = top;
  return frame(names, {name, known, caller: top, args: mutable ? args : null, opaque, carried});
}

function leave(names: Naming, top: Frame, value: unknown): Frame {
  const caller = top.caller!;
  // Together, so that an answer which is an argument, or a part of one, is not taken for a copy.
  const after = names.describe([...(top.args ?? []), value]);
  const forgets = !top.opaque && !after.opaque;
  const text = forgets ? `${top.name}:${after.text}` : `whole ${top.known}`;
  const known = names.of(`${caller.known}>${text}`);
  return frame(names, {...caller, known, carried: top.carried});
}

/** The functions of a stack, innermost first. */
export function functionsOf(top: Frame): string[] {
  const names: string[] = [];
  for (let f: Frame | null = top; f; f = f.caller) if (f.name) names.push(f.name);
  return names;
}

function describe({immutable}: Names, values: readonly unknown[]): Description {
  /** Objects that were met, in their order: one that is met again is named by its number. */
  const met = new Map<object, number>();
  let opaque = false;

  const object = (value: object): string => {
    const again = met.get(value);
    if (again !== undefined) return `#${again}`;
    met.set(value, met.size);
    if (!isPlain(value)) {
      opaque = true;
      return "?";
    }
    const kind = Array.isArray(value) ? "[]" : "";
    const entries = Object.entries(value).map(([key, part]) => `${key}:${say(part)}`);
    return `{${kind}${entries.join(",")}}`;
  };
  const say = (value: unknown): string => {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "function" || typeof value === "symbol") {
      opaque = true;
      return "?";
    }
    if (typeof value !== "object" || value === null)
      return Object.is(value, -0) ? "-0" : String(value);
    return immutable.has(value) ? whereIs(value, say) : object(value);
  };
  const text = values.map(say).join(",");
  return {text, opaque, mutable: met.size > 0};
}

/** A structure of the kernel is where it is; a cell is also what it is called. */
function whereIs(value: object, say: (part: unknown) => string): string {
  const {address, bytes, group, field} = value as Record<string, unknown>;
  if (typeof bytes === "number") return `@${address}/${bytes} ${group}.${field}`;
  if (typeof address === "number") return `@${address}`;
  return `{${Object.values(value).map(say).join(",")}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const ordinary = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return ordinary && Object.getOwnPropertySymbols(value).length === 0;
}
