// Inside the sandbox: the races and somebody's kernel, asked from outside for what their threads do next. Nothing is decided here. What is
// in this file may be bent by the code it runs, so nobody outside relies on it (threads.ts).
//
// Built into one script (bin/oracle-guest.ts) which QuickJS runs; its value is an object of functions from text to text.

import {
  Memory,
  type Cell,
  type Machine,
  type MachineOptions,
  type Op,
  type Operation,
} from "../sim/index.ts";
import {assemble, raceNamed, type Parameters} from "../races/index.ts";
import {Encoder, sayCell, type Answer, type Said} from "./wire.ts";

export type Boot = {readonly race: string; readonly parameters: Parameters};

/** What a machine is like before the first step. */
export type Booted = {
  readonly machine: number;
  readonly threads: number;
  readonly layout: readonly (readonly [address: number, bytes: number])[];
  readonly halves: readonly number[];
};

export type Begin = {readonly machine: number; readonly thread: number};
export type Next = {readonly run: number; readonly observed: number; readonly traced: boolean};

/** The linked text as a function, as link.ts makes it. */
type Scope = (machine: Machine, turn: (line: number) => void) => Record<string, never>;

type Program = {readonly machine: Machine; readonly threads: readonly {run(): Op<unknown>}[]};

type Run = {
  readonly generator: Op<unknown>;
  readonly machine: Machine;
  readonly encoder: Encoder;
  /** The arguments of the functions that it is in: told again when each is left, as they are then. */
  readonly args: (readonly unknown[])[];
};

export function createGuest(mostTurns: number) {
  const programs: Program[] = [];
  const runs: Run[] = [];

  function boot(scope: Scope, text: string): string {
    const {race: name, parameters} = JSON.parse(text) as Boot;
    const boot = (options: MachineOptions) => {
      const machine = newMachine(options);
      return {machine, kernel: scope(machine, (line) => count(machine, line))};
    };
    const {machine, threads} = assemble(raceNamed(name)!, {...NAMELESS, boot}, parameters);
    programs.push({machine, threads});
    const {memory} = machine;
    const booted: Booted = {
      machine: programs.length - 1,
      threads: threads.length,
      layout: memory.layout(),
      halves: [...memory.halves.subarray(0, memory.length)],
    };
    return JSON.stringify(booted);
  }

  function count(machine: Machine, line: number): void {
    if (++machine.turns > mostTurns)
      throw new Error(
        `the loop at line ${line} took a million turns without letting another CPU run: does its condition ever become false?`,
      );
  }

  function begin(text: string): string {
    const {machine: number, thread} = JSON.parse(text) as Begin;
    const {machine, threads} = programs[number];
    const generator = threads[thread].run();
    runs.push({generator, machine, encoder: new Encoder(machine), args: []});
    return JSON.stringify(runs.length - 1);
  }

  function next(text: string): string {
    const {run, observed, traced} = JSON.parse(text) as Next;
    runs[run].machine.backtraces = traced;
    return JSON.stringify(untilStep(runs[run], observed));
  }

  return {boot, begin, next};
}

/** What is of interest only outside. */
const NAMELESS = {livepatches: [], hashOf: () => "", place: () => null};

function newMachine(options: MachineOptions): Machine {
  return {
    ...options,
    memory: new Memory(),
    structures: new Map(),
    immutable: new WeakSet(),
    sealed: false,
    backtraces: false,
    turns: 0,
  };
}

/** Sends what was observed, and writes down all that the thread says until it wants something again. */
function untilStep(run: Run, observed: number): Answer {
  const said: Said[] = [];
  try {
    for (let input = observed; ; input = 0) {
      const {done, value} = run.generator.next(input);
      if (done) return {said, end: "finished", value: run.encoder.encode([value])[0]};
      said.push(say(run, value));
      if (value.act === "bug") return {said, end: "bug", value: null};
      if (isStep(value)) return {said, end: "step", value: null};
    }
  } catch (error) {
    return {said, end: "threw", value: error instanceof Error ? error.message : String(error)};
  }
}

function isStep(operation: Operation): boolean {
  return "cell" in operation || operation.act === "interrupts" || operation.act === "await";
}

function say({encoder, args}: Run, operation: Operation): Said {
  switch (operation.act) {
    case "call":
      args.push(operation.args);
      return {act: "call", name: operation.name, args: encoder.encode(operation.args)};
    case "return": {
      const own = args.pop() ?? [];
      const [value, ...after] = encoder.encode([...own, operation.value]).reverse();
      return {act: "return", name: operation.name, args: after.reverse(), value};
    }
    default:
      return plainly(operation);
  }
}

/** A step, or an announcement about words: all there is to it. */
function plainly(operation: Operation): Said {
  const {cell, dump, stack, ...rest} = operation as Operation & {
    readonly cell?: Cell;
    readonly dump?: readonly Cell[];
  };
  return {
    ...(rest as Said),
    ...(cell && {cell: sayCell(cell)}),
    ...(dump && {dump: dump.map(sayCell)}),
    ...(stack !== undefined && {stack: withColumns(stack)}),
  };
}

/** As other engines write a stack. QuickJS may name a line and no column. */
function withColumns(stack: string): string {
  return stack.replace(/:(\d+)\)$/gm, (all, line: string, at: number) =>
    /:\d+$/.test(stack.slice(0, at)) ? all : `:${line}:1)`,
  );
}
