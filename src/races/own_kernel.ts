// The kernel and the machine as a race of one's own sees them: the linked ones, but they say so when a name is misspelt,
// a yield* is forgotten or a word is nowhere. All of it costs something only when a thread is asked for its next step.

import {closest} from "fastest-levenshtein";
import {cell_name, run_alone, type Machine, type Op, type Operation} from "../sim/index.ts";
import {carefulCell, carefulMemory, isCell, noCell, noNumber} from "./own_memory.ts";
import type {OwnKernel, OwnMachine} from "./own_types.ts";
import type {Kernel} from "./race.ts";
import {RaceError} from "./race_error.ts";

/** A call of a function with a star, and where it was made, if that is wanted: an Error takes longer to make than a step. */
type Call = {readonly name: string; readonly made: Error | null};

/** What a piece of the author's code has called and not run yet, and what it ran last. */
type Calls = {readonly waiting: Set<Call>; last: Call | null; readonly traced: boolean};

/** Asks a thread for its next step, as a generator's `next`. */
type Next = (answer: number) => IteratorResult<Operation, unknown>;

export type Careful = {
  readonly kernel: OwnKernel;
  readonly machine: OwnMachine;
  /** Runs a part of the author's code that may not leave a call behind. Threads are such parts: each run of one has its own. */
  alone<T>(part: () => T): T;
  thread(name: string, run: () => Op<unknown>): Op<unknown>;
};

type Functions = Readonly<Record<string, unknown>>;
type Starred = (...args: unknown[]) => Op<unknown>;

const GeneratorFunction = Object.getPrototypeOf(function* () {}) as object;

/** `stackOf` says a stack so that the explorer knows its lines. */
export function careful(
  kernel: Kernel,
  machine: Machine,
  stackOf: (stack: string) => string = (stack) => stack,
): Careful {
  let calls = noCalls(true);
  const all: Functions = {
    ...kernel,
    cell: carefulCell(kernel as unknown as OwnKernel),
    run_alone: (op: Op<unknown>) => run_alone(op, machine),
  };

  return {
    kernel: namespace(all, watched),
    machine: {...options(machine), memory: carefulMemory(machine.memory)},
    alone(part) {
      const mine = noCalls(true);
      const value = during(mine, part);
      nothingForgotten(mine);
      return value;
    },
    thread(name, run) {
      const ask = begin(name, run, false);
      const answers: number[] = [];
      const next: Next = (answer) => {
        answers.push(answer);
        try {
          return ask(answer);
        } catch (error) {
          throw error instanceof RaceError ? (again(name, run, answers) ?? error) : error;
        }
      };
      return {next} as Op<unknown>;
    },
  };

  function begin(name: string, run: () => Op<unknown>, traced: boolean): Next {
    const mine = noCalls(traced);
    const op = during(mine, run);
    if (!isGenerator(op))
      throw new RaceError(
        `run of the thread "${name}" makes no generator: is its star missing (function*)?`,
      );
    return (answer) =>
      during(mine, () => {
        const turn = op.next(answer);
        if (turn.done) nothingForgotten(mine);
        else checkOperation(turn.value, mine.last);
        return turn.done ? turn : {done: false, value: withStack(turn.value)};
      });
  }

  /** The same run once more, for the sake of the place where it goes wrong. */
  function again(name: string, run: () => Op<unknown>, answers: readonly number[]): unknown {
    const ask = begin(name, run, true);
    try {
      answers.forEach(ask);
    } catch (error) {
      return error;
    }
    return null;
  }

  function withStack(operation: Operation): Operation {
    const {stack} = operation;
    return stack === undefined ? operation : {...operation, stack: stackOf(stack)};
  }

  function during<T>(mine: Calls, part: () => T): T {
    const before = calls;
    calls = mine;
    try {
      return part();
    } finally {
      calls = before;
    }
  }

  /** A function with a star does nothing until it is run: so each call is noted until then. */
  function watched(name: string, value: unknown): unknown {
    if (typeof value !== "function" || Object.getPrototypeOf(value) !== GeneratorFunction)
      return value;
    const starred = value as Starred;
    return (...args: unknown[]) => {
      const mine = calls;
      const call = {name, made: mine.traced ? new Error() : null};
      mine.waiting.add(call);
      const run = (): void => {
        mine.waiting.delete(call);
        mine.last = call;
      };
      return noted(run, starred, args);
    };
  }
}

function* noted(run: () => void, starred: Starred, args: unknown[]): Op<unknown> {
  run();
  return yield* starred(...args);
}

function noCalls(traced: boolean): Calls {
  return {waiting: new Set(), last: null, traced};
}

function nothingForgotten({waiting}: Calls): void {
  const [call] = waiting;
  if (call)
    throw wrong(
      `kernel.${call.name}() was called and never run: is its yield* missing? (in stage() it is kernel.run_alone(kernel.${call.name}(...)))`,
      call,
    );
}

/** It arose where the call was made, not where that was found out. */
function wrong(message: string, call: Call | null): RaceError {
  return new RaceError(message, call?.made);
}

/** What a name means; one that there is not is a slip, whatever JavaScript thinks of it. A race uses few of them: `watched` is asked for those. */
function namespace(
  all: Functions,
  watched: (name: string, value: unknown) => unknown,
): OwnKernel {
  const known = new Map<string, unknown>();
  return new Proxy(all, {
    get(_, name) {
      if (typeof name === "symbol") return Reflect.get(all, name);
      if (known.has(name)) return known.get(name);
      if (!Object.hasOwn(all, name)) {
        const like = closest(name, Object.keys(all));
        throw new RaceError(`the kernel has no ${name}: did you mean ${like}?`);
      }
      const value = watched(name, all[name]);
      known.set(name, value);
      return value;
    },
  }) as unknown as OwnKernel;
}

function options({pages, pgflags}: Machine) {
  return {pages, pgflags};
}

/** `call` is the one that led to it. */
function checkOperation(operation: Operation, call: Call | null): void {
  if (typeof operation !== "object" || operation === null || !("act" in operation))
    throw new RaceError(
      "a bare yield: only the machine's own operations yield, so call one of them with yield* kernel...",
    );
  if (!("cell" in operation)) return;
  const {kind, cell, operand, expected} = operation;
  if (!isCell(cell)) throw wrong(noCell(`${kind}() was given`), call);
  for (const value of [operand, expected])
    if (!Number.isSafeInteger(value))
      throw wrong(noNumber(`${kind}() of ${cell_name(cell)}`, value), call);
}

function isGenerator(value: unknown): value is Op<unknown> {
  return typeof (value as {next?: unknown} | null | undefined)?.next === "function";
}
