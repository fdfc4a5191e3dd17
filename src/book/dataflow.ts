// Putting a compiled cell onto the reactive runtime. A cell becomes one variable that runs its body, and one for
// each name that it gives to others. In the page and in the tests it is the same code; what differs is the sink,
// which says what to do with what a cell shows.

import type {Cell} from "./cell.ts";
import {sourceName} from "./frames.ts";
import {createGuard, GUARD, type Guard} from "./guard.ts";
import {print} from "./print.ts";
import {messageOf} from "./problem.ts";
import {checkInput, valuesOf} from "./view.ts";

/** The part of @observablehq/runtime that is used here. */
export type Module = {
  variable(observer?: Observer | true, options?: {shadow?: Definitions}): Variable;
};
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
  /** What has to be in sight for `visibility()`. */
  readonly _node?: unknown;
};
export type Definitions = Readonly<Record<string, () => unknown>>;

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

export type Wiring = {
  readonly sink: Sink;
  readonly bind?: Bind;
  /** What a run waits for before it begins, if it waits. */
  readonly ready?: (run: Run) => Promise<unknown>;
  /** Names that mean something else to each cell, such as the width of its column. */
  readonly own?: Definitions;
  /** Where the cell stands. */
  readonly node?: unknown;
};

export type LiveCell = {
  /** Ends the run, which fails with this. */
  stop(reason: Error): void;
  remove(): void;
};

/** `display` was called by a run that is over, from a timer that it has left behind. Nobody has to be told. */
export class LateDisplay extends Error {
  constructor() {
    super(
      "this run of the cell is over, and cannot display any more (does it leave a timer behind? end it: invalidation.then(() => ...))",
    );
  }
}

export function defineCell(
  module: Module,
  cell: Cell,
  {sink, bind = (_, value) => value, ready, own = {}, node}: Wiring,
): LiveCell {
  const guard = createGuard(cell.id);
  // Compiled when it first runs: cells that wait for others leave the page free until then.
  let body: Body | undefined;
  const taken = cell.inputs.filter((name) => name !== "display" && name !== "view");
  let abort = new AbortController();
  let hasShown = false;
  // The runtime may still report on a variable that was taken away.
  let isRemoved = false;

  const observer: Observer = {
    _node: node,
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
      // What a cell showed before is out of date when another has an error, but not wrong.
      if (!hasShown && !isOfOthers(error)) sink.clear();
      sink.failed(error);
    },
  };

  const run = (...values: unknown[]): Promise<unknown> => {
    const {signal} = abort;
    signal.throwIfAborted();
    const display = <Value>(value: Value): Value => {
      if (signal.aborted) throw new LateDisplay();
      if (!hasShown) sink.clear();
      hasShown = true;
      sink.show(value);
      return value;
    };
    const view = (input: unknown) => {
      checkInput(input);
      return valuesOf(display(input));
    };
    const named = new Map(
      taken.map((name, i) => [name, bind(name, values[i], {signal, sink})]),
    );
    named.set("display", display).set("view", view);
    const given = cell.inputs.map((name) => named.get(name));
    const begin = (): Promise<unknown> => {
      signal.throwIfAborted();
      body ??= bodyOf(cell);
      return body(guard, ...given);
    };
    const begun = ready ? ready({signal, sink}).then(begin) : begin();
    // A run that never ends must not keep the next one waiting.
    return Promise.race([begun, aborted(signal)]).catch((error: unknown) => {
      throw asError(error);
    });
  };

  /** A generator or an input that a name stands for may fail after the run that made it. */
  const output: Observer = {
    rejected(error) {
      if (!isRemoved && !isOfOthers(error)) sink.failed(asError(error));
    },
  };

  const variable = module.variable(observer, {shadow: pick(own, taken)});
  variable.define(cell.outputs.length > 0 ? `cell ${cell.id}` : null, taken, run);
  const outputs = cell.outputs.map((name) =>
    module
      .variable(output)
      .define(name, [`cell ${cell.id}`], (values: Record<string, unknown>) => values[name]),
  );

  return {
    stop: (reason) => abort.abort(reason),
    remove() {
      isRemoved = true;
      abort.abort();
      for (const each of [...outputs, variable]) each.delete();
    },
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

/** The runtime's own errors are about another cell, or about how cells fit together, and say which name that concerns. */
export function isOfOthers(error: unknown): boolean {
  return error instanceof Error && error.name === "RuntimeError" && "input" in error;
}

/** The runtime tells dependants about errors only; others may throw plain objects. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  const isObject = typeof error === "object" && error !== null;
  if (isObject && "message" in error) return Object.assign(new Error(messageOf(error)), error);
  return new Error(`${print(error)} was thrown, which is no Error (try throw new Error(...))`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), {once: true});
  });
}

function pick(definitions: Definitions, names: readonly string[]): Definitions {
  return Object.fromEntries(
    Object.entries(definitions).filter(([name]) => names.includes(name)),
  );
}
