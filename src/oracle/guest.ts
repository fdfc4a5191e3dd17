// Inside the sandbox: somebody's functions, called from outside. The kernel is not here: when they call one of its functions, the call goes out.
// Nothing is decided here. What is in this file may be bent by the code it runs, so nobody outside relies on it (calls.ts).
//
// Built into one script (bin/oracle-guest.ts) which QuickJS runs.

import {newTable, Values, type Side, type Table, type Wire} from "./values.ts";

/** Somebody's code, as opening.ts writes it, and what it may know of the kernel. */
export type Opening = {
  readonly code: string;
  readonly functions: readonly (readonly [name: string, kind: "function" | "function*"])[];
  readonly constants: readonly (readonly [name: string, value: Wire])[];
};

/** What scopes may be opened of, under a number: told once for all of them. */
export type Prepare = Opening & {readonly kind: "prepare"; readonly opening: number};

/** The code anew, with whatever it keeps outside of its functions; `machine` are its options. */
export type Open = {
  readonly kind: "open";
  readonly scope: number;
  readonly opening: number;
  readonly machine: object;
};

/** A function is called: by its name, or one that was given away in an earlier call. */
export type Enter = {
  readonly kind: "enter";
  readonly scope: number;
  readonly call: number;
  readonly target: string | readonly [call: number, name: number];
  readonly args: readonly Wire[];
  readonly lines: boolean;
};

/** What a function of the kernel has answered, after what it was given, as that is now. */
export type Resume = {
  readonly kind: "resume";
  readonly call: number;
  readonly values: readonly Wire[];
  /** Somebody wants to know where in its code it stands: to find out takes longer than all the rest. */
  readonly lines: boolean;
};

export type Request = Prepare | Open | Enter | Resume;

/** It wants a function of the kernel; or it is done, with its arguments as they are now and its value; or it threw. */
export type Answer =
  | {readonly asks: string; readonly args: readonly Wire[]; readonly line: number}
  | {readonly done: readonly Wire[]}
  | {readonly threw: string};

/** A call of a function without a star, answered at once: arguments as they are now, and the value. */
export type Outwards = {readonly call: number; readonly name: string; readonly args: Wire[]};

type Fn = (...args: unknown[]) => unknown;
type Wish = {readonly name: string; readonly args: unknown[]};
type Running = Iterator<unknown, unknown, unknown>;

type Make = (machine: object) => Record<string, Fn>;
type Scope = {readonly own: Record<string, Fn>; readonly constants: Table};

type Call = {
  readonly args: readonly unknown[];
  readonly values: Values;
  readonly given: Fn[];
  running: Running | null;
  /** What the function of the kernel was given that it waits for. */
  asked: readonly unknown[];
};

export function createGuest(mostTurns: number) {
  leaveNothingToChance();
  return (outside: (text: string) => string) => {
    const openings = new Map<number, Make>();
    const scopes = new Map<number, Scope>();
    const calls = new Map<number, Call>();
    /** The calls that are being run: one may lead to another, by way of the kernel. */
    const running: number[] = [];
    let turns = 0;
    /** Where in their code they stand, if somebody wants to know. */
    let line = 0;
    let lines = false;

    return (text: string): string => {
      const request = JSON.parse(text) as Request;
      switch (request.kind) {
        case "prepare":
          openings.set(request.opening, prepare(request));
          return "null";
        case "open":
          scopes.set(request.scope, {
            own: openings.get(request.opening)!(Object.freeze(request.machine)),
            constants: newTable(),
          });
          return "null";
        case "enter":
        case "resume": {
          lines = request.lines;
          const call = request.kind === "enter" ? enter(request) : resume(request);
          if (!("asks" in call)) calls.delete(request.call);
          return JSON.stringify(call);
        }
      }
    };

    function prepare({code, functions, constants}: Opening): Make {
      const values = new Values(sideOf([]), newTable());
      const kernel: Record<string, unknown> = {};
      for (const [name, value] of constants) [kernel[name]] = values.decode([value]);
      for (const [name, kind] of functions)
        kernel[name] = Object.freeze(kind === "function*" ? starred(name) : plain(name));
      const make = (0, eval)(code) as (...given: unknown[]) => Record<string, Fn>;
      return (machine) => make(machine, turn, kernel);
    }

    function starred(name: string): Fn {
      return function* (...args: unknown[]) {
        if (lines) line = lineIn(new Error().stack);
        return (yield {name, args}) as unknown;
      };
    }

    function plain(name: string): Fn {
      return (...args: unknown[]) => {
        const call = running[running.length - 1];
        const {values} = calls.get(call)!;
        const request: Outwards = {call, name, args: values.encode(args)};
        const answer = JSON.parse(outside(JSON.stringify(request))) as Wire[];
        return values.decode(answer)[args.length];
      };
    }

    function turn(line: number): void {
      if (++turns > mostTurns)
        throw new Error(
          `the loop at line ${line} took ${mostTurns} turns without letting another CPU run: does its condition ever become false?`,
        );
    }

    function enter({scope: number, call: id, target, args}: Enter): Answer {
      const {own, constants} = scopes.get(number)!;
      const fn =
        typeof target === "string" ? own[target] : calls.get(target[0])!.given[target[1]];
      const given: Fn[] = [];
      const values = new Values(sideOf(given), constants);
      const call: Call = {args: values.decode(args), values, given, running: null, asked: []};
      calls.set(id, call);
      return during(id, () => {
        const value = fn(...call.args);
        if (!isRunning(value)) return done(call, value);
        call.running = value;
        return advance(call, undefined);
      });
    }

    function resume({call: id, values}: Resume): Answer {
      const call = calls.get(id)!;
      const heard = call.values.decode(values);
      return during(id, () => advance(call, heard[call.asked.length]));
    }

    function during(id: number, part: () => Answer): Answer {
      running.push(id);
      turns = 0;
      try {
        return part();
      } catch (error) {
        return {threw: error instanceof Error ? error.message : String(error)};
      } finally {
        running.pop();
      }
    }

    function advance(call: Call, value: unknown): Answer {
      const next = call.running!.next(value);
      if (next.done) return done(call, next.value);
      const {name, args} = (next.value ?? {}) as Partial<Wish>;
      call.asked = args ?? [];
      return {asks: String(name), args: call.values.encode(call.asked), line};
    }

    function done({args, values}: Call, value: unknown): Answer {
      return {done: values.encode([...args, value])};
    }
  };
}

/** The same code does the same on every machine and each time: there is neither a clock nor a die. */
function leaveNothingToChance(): void {
  Reflect.deleteProperty(globalThis, "Date");
  Reflect.deleteProperty(Math, "random");
}

/** The innermost line of a stack that is not of this script. */
function lineIn(stack = ""): number {
  const theirs = stack.split("\n").find((at) => /:\d+/.test(at) && !at.includes("oracle"));
  return Number(/:(\d+)/.exec(theirs ?? "")?.[1] ?? 0);
}

function isRunning(value: unknown): value is Running {
  return typeof (value as {next?: unknown} | null)?.next === "function";
}

/** Functions go out by the place that they have among those that this call has given away. */
function sideOf(given: Fn[]): Side {
  return {
    sign: -1,
    isConstant: () => false,
    tellFunction: (value) => ["function", given.push(value as Fn) - 1],
    hearFunction: () => () => undefined,
    keep: (value) => void Object.freeze(value),
  };
}
