// Putting a compiled cell onto the reactive runtime. A cell becomes one variable that runs its body, and one for
// each name that it gives to others. In the page and in the tests it is the same code; what differs is the sink,
// which says what to do with what a cell shows.

import type {Cell} from "./cell.ts";
import {GUARD, type Guard} from "./guard.ts";
import {messageOf, placeOf, problem, type Place} from "./problem.ts";

/** The part of @observablehq/runtime that is used here. */
export type Module = {variable(observer?: Observer | true): Variable};
export type Variable = {
  define(
    name: string | null,
    inputs: readonly string[],
    definition: (...values: never[]) => unknown,
  ): Variable;
  delete(): void;
};
export type Observer = {
  pending?(): void;
  fulfilled?(value: unknown): void;
  rejected?(error: unknown): void;
};

export type Sink = {
  /** The cell is about to run: what it shows is out of date. */
  pending(): void;
  /** Takes away what earlier runs showed. */
  clear(): void;
  show(value: unknown): void;
  /** The run is over, and well. */
  done(): void;
  failed(error: unknown): void;
  /** How far a long run is, in words. */
  progress(text: string): void;
};

/** Something a cell got from the book may want to know about the run it is used in. */
export type Run = {readonly signal: AbortSignal; readonly sink: Sink};
export type Bind = (name: string, value: unknown, run: Run) => unknown;

/** Defines a cell. Returns what takes it away again. */
export function defineCell(
  module: Module,
  cell: Cell,
  {sink, guard, bind = (_, value) => value}: {sink: Sink; guard: Guard; bind?: Bind},
): () => void {
  const body = bodyOf(cell);
  const taken = cell.inputs.filter((name) => name !== "display" && name !== "view");
  let abort = new AbortController();
  let hasShown = false;
  // The runtime may still report on a variable that was taken away.
  let isRemoved = false;

  const variable = module.variable({
    pending() {
      if (isRemoved) return;
      abort.abort();
      abort = new AbortController();
      hasShown = false;
      sink.pending();
    },
    fulfilled(value) {
      if (isRemoved) return;
      if (cell.expression || !hasShown) sink.clear();
      if (cell.expression) sink.show(value);
      sink.done();
    },
    rejected(error) {
      if (isRemoved) return;
      if (!hasShown) sink.clear();
      sink.failed(error);
    },
  });

  const run = (...values: unknown[]): Promise<unknown> => {
    const {signal} = abort;
    const display = <Value>(value: Value): Value => {
      if (signal.aborted) throw problem("this run of the cell is over: a newer one has begun");
      if (!hasShown) sink.clear();
      hasShown = true;
      sink.show(value);
      return value;
    };
    const view = (input: Input): AsyncValues => valuesOf(display(input));
    const named = new Map(
      taken.map((name, i) => [name, bind(name, values[i], {signal, sink})]),
    );
    named.set("display", display).set("view", view);
    const given = cell.inputs.map((name) => named.get(name));
    // A run that never ends must not keep the next one waiting.
    return Promise.race([body(guard, ...given), aborted(signal)]).catch((error: unknown) => {
      throw asError(error);
    });
  };

  const [first, ...others] = [variable, ...cell.outputs.map(() => module.variable(true))];
  first!.define(cell.outputs.length > 0 ? `cell ${cell.id}` : null, taken, run);
  cell.outputs.forEach((name, i) => {
    others[i]!.define(
      name,
      [`cell ${cell.id}`],
      (values: Record<string, unknown>) => values[name],
    );
  });

  return () => {
    isRemoved = true;
    abort.abort();
    for (const each of [...others, variable]) each.delete();
  };
}

type Body = (guard: Guard, ...inputs: unknown[]) => Promise<unknown>;
const AsyncFunction = (async () => {}).constructor as new (...names: string[]) => Body;

function bodyOf(cell: Cell): Body {
  return new AsyncFunction(
    GUARD,
    ...cell.inputs,
    `${cell.body}\n//# sourceURL=${sourceName(cell.id)}`,
  );
}

/** What a cell is called in a stack trace. */
function sourceName(id: string): string {
  return `cells/${id}.ts`;
}

/** The runtime tells dependants about errors only; others may throw plain objects. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  const isObject = typeof error === "object" && error !== null;
  return Object.assign(new Error(messageOf(error)), isObject ? error : {});
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), {once: true});
  });
}

/** Anything with a value that tells of its changes by an `input` event. */
export type Input = {
  readonly value: unknown;
  addEventListener?(type: "input", listener: () => void): void;
  removeEventListener?(type: "input", listener: () => void): void;
};

type AsyncValues = {
  next(): Promise<{done: false; value: unknown}>;
  return(): {done: true; value: undefined};
};

/** The value of an input now, and again whenever it changes. Only the latest counts. */
export function valuesOf(input: Input): AsyncValues {
  let isNew = input.value !== undefined;
  let waiting: (() => void) | null = null;
  const listen = (): void => {
    isNew = true;
    waiting?.();
  };
  input.addEventListener?.("input", listen);
  return {
    async next() {
      if (!isNew) await new Promise<void>((resolve) => (waiting = resolve));
      waiting = null;
      isNew = false;
      return {done: false, value: input.value};
    },
    return() {
      input.removeEventListener?.("input", listen);
      return {done: true, value: undefined};
    },
  };
}

/** Where in the cell's text a run-time error happened: its own word for it, or what the stack says. */
export function placeIn(cell: Cell, error: unknown): Place {
  const place = placeOf(error);
  if (place.line !== undefined) return place;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const match = new RegExp(`${escaped(sourceName(cell.id))}:(\\d+)(?::(\\d+))?`).exec(stack);
  return match ? {line: Number(match[1]) - linesBefore(), column: Number(match[2] ?? 1)} : {};
}

let probed: number | null = null;

/** Lines that the engine puts before the body of a function made from text. Engines differ, so this one is asked. */
function linesBefore(): number {
  if (probed !== null) return probed;
  probed = 0;
  try {
    (new Function("a", "throw new Error()\n//# sourceURL=cells/probe.ts") as () => void)();
  } catch (error) {
    const match = /cells\/probe\.ts:(\d+)/.exec((error as Error).stack ?? "");
    if (match) probed = Number(match[1]) - 1;
  }
  return probed;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
