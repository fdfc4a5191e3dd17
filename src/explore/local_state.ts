// The local state of a thread, named by what decides it.
//
// A thread is deterministic, so its whole history of observations would do as a name; but two histories that differ only
// in what has been forgotten since should have one. What a function does next depends on its arguments and on what
// happened since it was entered, and its caller learns from it what it answers, and what it changed in the arguments. So
// a local state is a stack of frames, and a frame is: function and arguments, then each observation, then for each call
// that has returned the function, its answer and its arguments afterwards.
//
// This asks of the code that no function keeps anything anywhere else. Structures of the kernel are frozen and there are no
// variables outside of functions, so none can by accident; a function that is passed as an argument may, and then nothing is
// forgotten.

/** Gives equal strings the same small number. */
export class Names {
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }
}

/** One function that has been entered: what is known of it so far, as a number, and its caller. */
export type Frame = {
  readonly name: string;
  readonly known: number;
  readonly caller: Frame | null;
  /** Its arguments, if they can change or hide something: looked at again when it returns. */
  readonly args: readonly unknown[] | null;
  /** Something it was given cannot be told from outside: nothing of it may be forgotten. */
  readonly opaque: boolean;
  /** The whole stack as a number. */
  readonly stack: number;
};

function frame(names: Names, f: Omit<Frame, "stack">): Frame {
  return {...f, stack: names.of(`${f.caller?.stack ?? ""}/${f.known}`)};
}

export function bottom(names: Names): Frame {
  const known = names.of("thread");
  return frame(names, {name: "", known, caller: null, args: null, opaque: true});
}

export function observe(names: Names, top: Frame, value: number): Frame {
  return frame(names, {...top, known: names.of(`${top.known}=${value}`)});
}

export function enter(names: Names, top: Frame, name: string, args: readonly unknown[]): Frame {
  const {text, opaque, mutable} = describe(args);
  const known = names.of(opaque ? `${name}(in ${top.stack})` : `${name}(${text})`);
  return frame(names, {name, known, caller: top, args: mutable ? args : null, opaque});
}

export function leave(names: Names, top: Frame, value: unknown): Frame {
  const caller = top.caller!;
  const answer = describe([value]);
  const after = top.args ? describe(top.args).text : "";
  const forgets = !top.opaque && !answer.opaque;
  const text = forgets ? `${top.name}:${answer.text};${after}` : `whole ${top.known}`;
  return frame(names, {...caller, known: names.of(`${caller.known}>${text}`)});
}

/** The functions of a stack, innermost first. */
export function functionsOf(top: Frame): string[] {
  const names: string[] = [];
  for (let f: Frame | null = top; f; f = f.caller) if (f.name) names.push(f.name);
  return names;
}

type Description = {text: string; opaque: boolean; mutable: boolean};

/** Values as text: equal exactly where no code could tell them apart. */
export function describe(values: readonly unknown[]): Description {
  const found = {opaque: false, mutable: false};
  const text = values.map((value) => describeValue(value, found, 0)).join(",");
  return {text, ...found};
}

function describeValue(value: unknown, found: Omit<Description, "text">, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" && typeof value !== "function") return String(value);
  if (value === null) return "null";
  const {address, field} = value as {address?: unknown; field?: unknown};
  // A structure of the kernel is where it is; a cell is also what it is called.
  if (typeof address === "number") return typeof field === "string" ? `@${address}.${field}` : `@${address}`;
  if (typeof value === "function" || depth > 8 || !isPlain(value)) {
    found.opaque = true;
    return "?";
  }
  found.mutable = true;
  const entries = Object.entries(value).map(([k, v]) => `${k}:${describeValue(v, found, depth + 1)}`);
  return `{${entries.join(",")}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
