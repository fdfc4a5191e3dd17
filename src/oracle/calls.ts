// Calls of functions whose code runs in the sandbox. The kernel around them runs here, and so does every function of the kernel that they
// call: what is inside is asked one question only, what do you want next, and is told what came of it.
//
// So nobody in there can switch off a check, pass for a caller that he is not, or touch what belongs to whoever watches: steps and
// announcements are made out here, by the book's own code, and the words that they are about are looked at.

import type {ApartKernel, Elsewhere, UserError} from "../livepatch/index.ts";
import type {Cell, Machine, MemoryOperation, Op, Operation} from "../sim/index.ts";
import {checkedOperation, wordOf} from "./checked.ts";
import type {Answer, Enter, Outwards, Resume} from "./guest.ts";
import {FIRST_LINE, isForThreads, openingOf, optionsOf} from "./opening.ts";
import {ours, Refused, thrown, Trouble, wrongCall} from "./refused.ts";
import type {Sandbox} from "./sandbox.ts";
import {integer, newTable, short, Values, type Side, type Table} from "./values.ts";

export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Structures that a machine may have: whoever makes more of them goes through memory that there is not. */
const MOST_STRUCTURES = 10_000;

/** Far more than lies between two steps of any function; a search would never come to its end. */
const MOST_QUIET = 1_000;
/** Functions of theirs that call each other by way of the kernel: no assignment has more than a handful. */
const MOST_DEEP = 50;

/** Operations on the words of interrupts. */
const INTERRUPTS = ["send_call_function_ipi", "csd_lock_wait"];

/** One of their functions that is running, and how far it has come. */
type Standing = {readonly name: string; readonly line: number};

/** The calls on one machine. */
export class Calls implements Elsewhere {
  private scope: number | null = null;
  private sealed = false;
  private generation = 0;
  /** Structures of the kernel, and their parts, that the sandbox has been told of. */
  private constants: Table = newTable();
  private readonly running = new Map<number, Values>();
  /** Steps that are left to functions which run with nobody else there: no explorer looks at how far those go. */
  private patience = Infinity;
  /** How often they were asked since somebody made a step that another CPU could see. */
  private quiet = 0;
  /** Of their functions, how many are at it at this moment, one inside of the other. */
  private depth = 0;
  /** Words that no thread may touch; and those that only interrupts do. */
  private readonly watched = new Set<number>();
  private readonly interrupts = new Set<number>();
  private machine!: Machine;
  private functions!: Functions;

  private readonly kernel: ApartKernel;
  private readonly sandbox: Sandbox;

  constructor(kernel: ApartKernel, sandbox: Sandbox) {
    this.kernel = kernel;
    this.sandbox = sandbox;
  }

  on(machine: Machine, functions: Functions): void {
    this.machine = machine;
    this.functions = functions;
  }

  /** These words belong to whoever watches, and those to interrupts; and from now on there is all the memory that there will be. */
  forbid(watched: readonly Cell[], interrupts: readonly Cell[]): void {
    for (const cell of watched) this.watched.add(wordOf(cell));
    for (const cell of interrupts) this.interrupts.add(wordOf(cell));
    this.machine.memory.allocate = () => {
      throw new Refused("memory that there is not");
    };
  }

  /** From now on there are so many steps, and no more. */
  bear(steps: number): void {
    this.patience = steps;
  }

  step(name: string, args: readonly unknown[]): Op<unknown> {
    return this.run(name, args);
  }

  now(name: string, args: readonly unknown[]): unknown {
    const {values, call, answer} = this.enter(name, args);
    return this.leave(call, values.decode(doneOf(answer))[args.length]);
  }

  private *run(target: Enter["target"], args: readonly unknown[]): Op<unknown> {
    const {values, call, answer: first} = this.enter(target, args);
    const name = typeof target === "string" ? target : "";
    let answer = first;
    while ("asks" in answer) {
      const {args: wanted} = answer;
      const given = this.noting(() => values.decode(wanted));
      const standing = {name, line: integer(answer.line)};
      const value = yield* this.perform(short(answer.asks), given, standing);
      answer = this.resume(call, values.encode([...given, value]));
    }
    return this.leave(call, values.decode(doneOf(answer))[args.length]);
  }

  private enter(target: Enter["target"], args: readonly unknown[]) {
    const scope = this.openScope();
    const call = this.sandbox.newCall(this);
    const values = new Values(this.side(call), this.constants);
    this.running.set(call, values);
    const answer = this.ask({
      kind: "enter",
      scope,
      call,
      target,
      args: values.encode(args),
      lines: this.machine.traced,
    });
    return {values, call, answer};
  }

  private resume(call: number, values: Resume["values"]): Answer {
    return this.ask({kind: "resume", call, values, lines: this.machine.traced});
  }

  private ask(request: Enter | Resume): Answer {
    return this.noting(() => {
      this.nobodyIsQuietForEver();
      const answer = this.sandbox.ask(request) as Answer | null;
      if (typeof answer !== "object" || answer === null) throw new Refused("nothing");
      if ("threw" in answer) throw thrown(answer.threw);
      return answer;
    });
  }

  /** What goes wrong with their code ends the run, and is remembered: it says nothing about the kernel. */
  private noting<T>(part: () => T): T {
    try {
      return part();
    } catch (error) {
      if (ours(error)) this.sandbox.trouble ??= error as UserError;
      throw error;
    }
  }

  private leave(call: number, value: unknown): unknown {
    this.running.delete(call);
    this.sandbox.forget(call);
    return value;
  }

  // What they want of the kernel

  private *perform(name: string, args: readonly unknown[], standing: Standing): Op<unknown> {
    const op = this.call(name, "function*", args) as Op<unknown>;
    for (let observed = 0; ;) {
      const {done, value} = this.attempt(name, () => this.deeper(() => op.next(observed)));
      if (done) return value;
      observed = yield this.noting(() => {
        this.nobodyWaitsForEver();
        if (isSeen(value as Operation)) this.quiet = 0;
        return this.checked(value as Operation, standing);
      });
    }
  }

  /** A stack that is full out here would leave the engine in there in the middle of something. */
  private deeper<T>(part: () => T): T {
    if (this.depth >= MOST_DEEP)
      throw new Trouble(
        "hang",
        "this code calls itself, by way of the kernel, again and again: where does that end?",
      );
    this.depth++;
    try {
      return part();
    } finally {
      this.depth--;
    }
  }

  /** Announcements cost no step: a search would never come to its end. */
  private nobodyIsQuietForEver(): void {
    if (++this.quiet <= MOST_QUIET) return;
    throw new Trouble(
      "hang",
      "this code went on and on without a step that another CPU could see: does it go round in a circle?",
    );
  }

  private nobodyWaitsForEver(): void {
    if (this.patience-- > 0) return;
    throw new Trouble(
      "hang",
      "this code went on and on, with nobody else there: does it try again for ever?",
    );
  }

  /** A call of a function without a star, from inside of a call. */
  answerNow({call, name, args}: Outwards): unknown[] {
    const values = this.running.get(call);
    if (!values) throw new Refused("nothing");
    const given = values.decode(args);
    return values.encode([...given, this.call(short(name), "function", given)]);
  }

  private call(name: string, kind: string, args: readonly unknown[]): unknown {
    const declaration = this.kernel.declarations.get(name);
    if (declaration?.kind !== kind || !isForThreads(declaration, this.kernel))
      throw new Refused(`a call of ${name}`);
    if (this.machine.structures.size > MOST_STRUCTURES)
      throw new Trouble("memory", "this code goes through more memory than the machine has");
    return this.attempt(name, () => this.functions[name](...(args as never[])));
  }

  /** The book's own code was called by somebody, with whatever they liked to give it. */
  private attempt<T>(name: string, part: () => T): T {
    return this.noting(() => {
      try {
        return part();
      } catch (error) {
        throw ours(error) ? error : wrongCall(name, error);
      }
    });
  }

  private checked(operation: Operation, standing: Standing): Operation {
    const checked = checkedOperation(operation, this.isConstant);
    if ("cell" in checked && this.isForbidden(checked))
      throw new Refused("an operation on a word that is none of the kernel's");
    const {stack} = checked;
    return stack === undefined ? checked : {...checked, stack: this.placed(stack, standing)};
  }

  private isForbidden({kind, cell}: MemoryOperation): boolean {
    const word = wordOf(cell);
    return this.watched.has(word) || (this.interrupts.has(word) && !INTERRUPTS.includes(kind));
  }

  /** In the stack their function has a line to itself; they say how far it has come in its own code. */
  private placed(stack: string, {name, line}: Standing): string {
    const {functions, offset} = this.kernel.theirs;
    const begins = functions.get(name);
    if (!begins || line === 0) return stack;
    const frame = new RegExp(
      `(\\b${name.replaceAll("$", "\\$")}\\b.*):${offset + begins.line}:`,
    );
    return stack.replace(frame, `$1:${offset + line - FIRST_LINE + 1}:`);
  }

  // What they know

  private openScope(): number {
    const {generation} = this.sandbox;
    const isOpen = this.sealed === this.machine.sealed && this.generation === generation;
    if (this.scope !== null && isOpen) return this.scope;
    this.sealed = this.machine.sealed;
    this.generation = generation;
    this.constants = newTable();
    this.scope = this.sandbox.open(
      openingOf(this.kernel, this.functions),
      optionsOf(this.machine),
    );
    return this.scope;
  }

  private side(call: number): Side {
    return {
      sign: 1,
      isConstant: this.isConstant,
      tellFunction: () => null,
      hearFunction: (place) => this.givenAway(call, integer(place)),
      keep: () => {},
    };
  }

  private givenAway(call: number, place: number) {
    return (...args: unknown[]) => this.run([call, place], args);
  }

  private readonly isConstant = (value: object): boolean =>
    this.machine.sealed && this.machine.immutable.has(value);
}

function isSeen(operation: Operation): boolean {
  return "cell" in operation || operation.act === "interrupts" || operation.act === "await";
}

function doneOf(answer: Answer): unknown {
  if (!("done" in answer)) throw new Refused("nothing");
  return answer.done;
}
