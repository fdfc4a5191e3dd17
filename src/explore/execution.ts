// One run of a program along a schedule, written down as a trace.
//
// Here the threads really run, once, with nobody's answers remembered: so a trace is also a check of the explorer. What the
// explorer sighted must be found again.

import {
  cell_name,
  compile,
  fence_of,
  NO_FENCE,
  ordering_of,
  stronger,
  wildAccess,
  type Cell,
  type Fence,
  type MemoryOperation,
  type Op,
  type Operation,
  type Ordering,
  type StepOperation,
  type StoreBuffers,
  type Transition,
} from "../sim/index.ts";
import {sayBuffered, STORE_BUFFER} from "./buffered_steps.ts";
import {awaited, holds, isBadUnlock} from "./carried.ts";
import {
  failed,
  leftLocked,
  named,
  sayEndless,
  stuck,
  unlockedByAnother,
  type Named,
} from "./findings.ts";
import {announced, bottom, functionsOf, NAMELESS, stepped, type Frame} from "./local_state.ts";
import {drainOf, isThread, nthStoreOf, threadOf} from "./movers.ts";
import {asSeenBy, buffersOf, canMake, makeStep, outcomeOf, waitsForBuffer} from "./ordered.ts";
import {isMacro, type Failure, type Program} from "./program.ts";
import {scheduleOf} from "./schedule.ts";
import type {Place, Step, Trace, TraceFinding, Wait} from "./trace.ts";
import {placesOf, sayLearnt, sayPending, sayReached, sayStep} from "./trace_text.ts";
import {TraceWords, type Written} from "./trace_words.ts";

export type Running = {
  /** Looking up where a step stands in the source takes time: it is done for so many steps, the last of the schedule, and for those behind it; for none if it is 0. */
  readonly placesOfLast?: number;
  /** Steps of the schedule that cannot be made are left out. Otherwise the run stops before the first of them. */
  readonly leaveOut?: boolean;
  /** Behind the schedule, threads go on in this order: each to its end, or until it has to wait. */
  readonly runOn?: readonly number[];
  /** So many steps at the most. */
  readonly mostSteps?: number;
};

/** Runs `schedule`, the thread of each step, or the buffer that makes it (movers.ts). The program must be fresh: its machine's memory changes. */
export function execute(...asked: Parameters<typeof executing>): Trace {
  const steps = executing(...asked);
  for (;;) {
    const {done, value} = steps.next();
    if (done) return value;
  }
}

/** The same step by step, for who has something else to do in between. */
export function* executing(
  program: Program,
  schedule: readonly number[],
  defaults: Program["parameters"],
  {
    placesOfLast = schedule.length + 1,
    leaveOut = false,
    runOn = [],
    mostSteps = MOST_STEPS,
  }: Running = {},
): Generator<void, Trace> {
  const withoutPlaces = placesOfLast > 0 ? schedule.length - placesOfLast : Infinity;
  const execution = withDeepStacks(() => new Execution(program, withoutPlaces));
  for (const steps of [execution.follow(schedule, leaveOut), execution.goOn(runOn, mostSteps)])
    while (!withDeepStacks(() => steps.next()).done) yield;
  return withDeepStacks(() => execution.end(defaults));
}

function withDeepStacks<T>(part: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST_STACK;
  try {
    return part();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Engines cut stacks off at ten lines unless told otherwise. */
const DEEPEST_STACK = 400;

/** Far more than any race of ours needs to its end: who makes so many steps goes round in a circle. */
const MOST_STEPS = 5_000;

/** A thread that stands before its next step, or has no more. */
type Runner = {
  readonly generator: Op<unknown>;
  frame: Frame;
  next: StepOperation | null;
  /** What it does to memory; null where it only waits for a change. */
  transition: Transition | null;
  /** What it orders, and the barriers before it. */
  ordering: Ordering | null;
  fence: Fence;
  places: readonly Place[];
  result: unknown;
  isFinished: boolean;
};

/** A store that was put into a buffer: by which step, and what it will write. */
type InBuffer = {readonly step: number; readonly cell: Cell; readonly half: number};

class Execution {
  private readonly program: Program;
  /** Null under sequential consistency. */
  private readonly buffers: StoreBuffers | null;
  /** By CPU: the stores that are in its buffer, the oldest first. */
  private readonly inBuffer: InBuffer[][];
  private readonly runners: Runner[];
  private readonly steps: Step[] = [];
  /** The thread of each step of the schedule that was made. */
  private readonly taken: number[] = [];
  /** One that has not ended has a `to` of -1 until the run is over. */
  private readonly waits: Wait[] = [];
  private readonly words: TraceWords;
  /** For each step. */
  private readonly written: (Written | undefined)[] = [];
  private readonly findings: TraceFinding[] = [];
  private bug: Failure | null = null;
  private warning: string | null = null;
  private readonly withoutPlaces: number;

  constructor(program: Program, withoutPlaces: number) {
    this.program = program;
    this.buffers = buffersOf(program);
    this.inBuffer = program.threads.map(() => []);
    this.words = new TraceWords(program);
    this.withoutPlaces = withoutPlaces;
    program.machine.traced = withoutPlaces < Infinity;
    program.machine.backtraces = withoutPlaces < 0;
    this.runners = program.threads.map((thread) => ({
      generator: thread.run(),
      frame: bottom(NAMELESS),
      next: null,
      transition: null,
      ordering: null,
      fence: NO_FENCE,
      places: [],
      result: undefined,
      isFinished: false,
    }));
    this.runners.forEach((_, thread) => this.advance(thread, 0));
    this.noteWaits(-1);
  }

  *follow(schedule: readonly number[], leaveOut: boolean): Generator<void, void> {
    let left = 0;
    for (const thread of schedule) {
      if (this.bug) break;
      if (this.take(thread)) {
        yield;
        continue;
      }
      left++;
      if (leaveOut) continue;
      this.warning = this.cannot(thread, this.taken.length);
      return;
    }
    if (left > 0) this.warning = `${left} of its steps could not be made and were left out`;
  }

  *goOn(order: readonly number[], mostSteps: number): Generator<void, void> {
    const next = (): number | undefined =>
      order.find((thread) => this.canStep(thread) || this.canDrain(drainOf(thread, 0)));
    for (let thread = next(); thread !== undefined; thread = next()) {
      // What waits for the buffer to be empty waits for nobody else.
      while (this.take(thread) || this.take(drainOf(thread, 0))) {
        yield;
        if (this.taken.length < mostSteps) continue;
        this.warning = `stopped after ${mostSteps} steps (does a thread go round in a circle?)`;
        return;
      }
    }
  }

  end(defaults: Program["parameters"]): Trace {
    if (!this.bug) this.judgeEndless();
    if (!this.bug) this.judgeEnd();
    return this.trace(defaults);
  }

  /** Makes a step of a thread or of a buffer, and writes down who has to wait since. False if `mover` has none to make. */
  private take(mover: number): boolean {
    const at = this.steps.length;
    if (!(isThread(mover) ? this.step(mover) : this.drain(mover))) return false;
    this.taken.push(mover);
    this.noteDrainable(at);
    this.program.machine.backtraces = this.taken.length >= this.withoutPlaces;
    this.noteWaits(at);
    return true;
  }

  /** `at` is the step that was just made. */
  private noteWaits(at: number): void {
    this.runners.forEach((runner, thread) => {
      const waits = runner.next !== null && !this.bug && !this.canGoOn(thread);
      const open = this.waits.findIndex((wait) => wait.thread === thread && wait.to < 0);
      if (waits && open < 0) this.waits.push(this.waitOf(thread, at));
      if (!waits && open >= 0) this.waits[open] = {...this.waits[open], to: at};
    });
  }

  private waitOf(thread: number, from: number): Wait {
    const {next, frame} = this.runners[thread];
    const {halves} = this.program.machine.memory;
    if (waitsForBuffer(this.buffers, thread, this.runners[thread], halves))
      return {thread, from, to: -1, what: ["its store buffer"], loops: false, holders: []};
    const what = awaited(next!, frame.carried);
    const holders = [...this.runners.keys()].filter((t) =>
      holds(this.runners[t].frame.carried, next!),
    );
    return {thread, from, to: -1, what, loops: !("cell" in next!), holders};
  }

  private canStep(thread: number): boolean {
    const runner = this.runners[thread] as Runner | undefined;
    return !this.bug && !!runner?.next && this.canGoOn(thread);
  }

  private canDrain(mover: number): boolean {
    const {buffers, bug, runners} = this;
    const cpu = threadOf(mover);
    if (!buffers || bug || cpu >= runners.length) return false;
    return nthStoreOf(mover) < buffers.drainable(cpu);
  }

  /** `at` is the step that was just made. */
  private noteDrainable(at: number): void {
    const {buffers, runners, steps} = this;
    if (!buffers || !steps[at] || buffers.areEmpty) return;
    const drainable = [...runners.keys()].flatMap((cpu) =>
      Array.from({length: buffers.drainable(cpu)}, (_, nth) => ({
        step: this.storeOf(cpu, nth).step,
        mover: drainOf(cpu, nth),
      })),
    );
    steps[at] = {...steps[at], drainable};
  }

  /** The store that is the `nth` of those that could leave this buffer. */
  private storeOf(cpu: number, nth: number): InBuffer {
    const {half} = this.buffers!.nthDrainable(cpu, nth);
    // Stores to one word leave the buffer in their order.
    return this.inBuffer[cpu].find((store) => store.half === half)!;
  }

  /** A store reaches memory. False if there is none. */
  private drain(mover: number): boolean {
    if (!this.canDrain(mover)) return false;
    const {buffers, inBuffer, program, words} = this;
    const {halves} = program.machine.memory;
    const [cpu, nth] = [threadOf(mover), nthStoreOf(mover)];
    const store = this.storeOf(cpu, nth);
    const {step, cell, half} = store;
    inBuffer[cpu] = inBuffer[cpu].filter((one) => one !== store);
    const old = halves.slice(half, half + 2);
    buffers!.drain(cpu, nth);
    this.written[this.steps.length] = changesOf(halves, half, old);
    this.steps.push({
      thread: cpu,
      kind: STORE_BUFFER,
      shared: true,
      word: words.indexOf(cell),
      text: sayReached(cell),
      observed: null,
      learnt: null,
      changes: [],
      places: this.steps[step].places,
      drains: step,
    });
    return true;
  }

  /** False if `thread` has no step to make. */
  private step(thread: number): boolean {
    if (!this.canStep(thread)) return false;
    const runner = this.runners[thread];
    const operation = runner.next!;
    const {transition} = runner;
    const {halves} = this.program.machine.memory;
    if (isBadUnlock(runner.frame.carried, {operation, transition}, halves)) {
      this.badUnlock(operation as MemoryOperation, thread);
      return true;
    }
    if ("cell" in operation) this.letMonitorsLook(operation, thread);
    const old = transition && halves.slice(transition.half, transition.half + 2);
    const observed = this.make(thread, runner);
    const written = old ? changesOf(halves, transition!.half, old) : [];
    this.note(thread, operation, observed, written);
    runner.frame = stepped(NAMELESS, runner.frame, {operation, transition}, observed);
    this.advance(thread, observed);
    return true;
  }

  private make(thread: number, runner: Runner): number {
    const {buffers, inBuffer, program} = this;
    const {next, transition, ordering} = runner;
    if (ordering?.does === "store") {
      const {cell} = next as MemoryOperation;
      inBuffer[thread].push({step: this.steps.length, cell, half: transition!.half});
    }
    return makeStep(buffers, thread, runner, program.machine.memory.halves);
  }

  private canGoOn(thread: number): boolean {
    const {buffers, runners, program} = this;
    return canMake(buffers, thread, runners[thread], program.machine.memory.halves);
  }

  private letMonitorsLook(operation: MemoryOperation, thread: number): void {
    const {monitors, machine} = this.program;
    const functions = this.functionsOf(thread);
    for (const monitor of monitors) {
      if (!monitor.watches(operation, functions)) continue;
      const look = () => monitor.before({operation, functions, thread}, machine.memory);
      const message = asSeenBy(this.buffers, thread, look);
      if (message === null) continue;
      this.find(
        named(monitor.name, message, functions[0]),
        thread,
        this.runners[thread].places,
      );
    }
  }

  private note(
    thread: number,
    operation: StepOperation,
    observed: number,
    written: Written,
  ): void {
    const {program, words, runners} = this;
    const cell = "cell" in operation ? operation.cell : null;
    const touched = operation.act === "interrupts" ? program.interrupts[thread] : cell;
    const answers = "cell" in operation && operation.answer !== "nothing";
    const {ordering, places} = runners[thread];
    const isBuffered = ordering?.does === "store";
    const say = (): string => sayStep(program, operation, observed, written.length > 0);
    const text = asSeenBy(this.buffers, thread, say);
    this.written[this.steps.length] = written;
    this.steps.push({
      thread,
      kind: operation.kind,
      shared: true,
      word: touched ? words.indexOf(touched) : -1,
      text: isBuffered ? sayBuffered(text) : text,
      observed: answers ? observed : null,
      learnt: sayLearnt(program, operation, observed),
      changes: [],
      places,
      ...(isBuffered
        ? {buffered: {store: text, isRelease: ordering.strength === "release"}}
        : {}),
    });
  }

  /** Lets `thread` run to its next step. */
  private advance(thread: number, observed: number): void {
    const runner = this.runners[thread];
    runner.next = null;
    runner.fence = NO_FENCE;
    try {
      for (let input = observed; !this.bug; input = 0) {
        const {done, value} = runner.generator.next(input);
        if (done) return this.finish(thread, value);
        if (this.isStep(value, thread)) return;
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.fail({message, about: "", dump: []}, thread, []);
    }
  }

  private finish(thread: number, result: unknown): void {
    const runner = this.runners[thread];
    runner.result = result;
    runner.isFinished = true;
    const {monitors, machine} = this.program;
    for (const monitor of monitors) {
      const message = monitor.finished?.(thread, machine.memory) ?? null;
      if (message !== null) this.find(named(monitor.name, message), thread);
    }
  }

  /** True if `operation` is the thread's next step; announcements are written down at once. */
  private isStep(operation: Operation, thread: number): boolean {
    const runner = this.runners[thread];
    switch (operation.act) {
      case "return":
        this.judge(operation.name, operation.value, thread);
        runner.frame = announced(NAMELESS, runner.frame, operation);
        return false;
      case "call":
      case "turn":
      case "turned":
        runner.frame = announced(NAMELESS, runner.frame, operation);
        return false;
      case "barrier":
        this.announce(operation.kind, operation.kind, thread, operation.stack);
        runner.fence = stronger(
          runner.fence,
          fence_of(operation.kind, this.program.memoryModel ?? "sc"),
        );
        return false;
      case "warn":
      case "bug":
        this.announce(operation.kind, operation.message, thread, operation.stack);
        this.fail(operation, thread, placesOf(this.program, operation.stack));
        return false;
      default:
        return this.isPossible(operation, thread);
    }
  }

  private isPossible(operation: StepOperation, thread: number): boolean {
    const runner = this.runners[thread];
    const {program} = this;
    const {memory} = program.machine;
    runner.places = placesOf(program, operation.stack);
    if ("cell" in operation && memory.half(operation.cell.address) < 0) {
      this.fail(
        {message: wildAccess(operation.cell), about: "", dump: []},
        thread,
        runner.places,
      );
      return false;
    }
    runner.next = operation;
    runner.transition =
      operation.act === "await" ? null : compile(operation, memory, thread, program.interrupts);
    runner.ordering = ordering_of(operation, program.memoryModel ?? "sc");
    return true;
  }

  private announce(
    kind: string,
    text: string,
    thread: number,
    stack: string | undefined,
  ): void {
    const places = placesOf(this.program, stack).filter((place) => !isMacro(place.function));
    this.steps.push({
      thread,
      kind,
      shared: false,
      word: -1,
      text,
      observed: null,
      learnt: null,
      changes: [],
      places,
    });
  }

  private judge(name: string, value: unknown, thread: number): void {
    const {program, runners} = this;
    for (const monitor of program.monitors) {
      if (monitor.judges !== name) continue;
      const functions = functionsOf(runners[thread].frame).slice(1);
      const message = monitor.answered!(value, functions, thread, program.machine.memory);
      if (message === null) continue;
      this.find(named(monitor.name, message, functions[0]), thread, runners[thread].places);
    }
  }

  private fail(
    {message, about, dump}: Pick<Failure, "message" | "about" | "dump">,
    thread: number,
    places: readonly Place[],
  ): void {
    const functions = this.functionsOf(thread).filter((name) => !isMacro(name));
    const found = failed(message, functions, about);
    if (found.invariant === "no BUG") this.bug = {message, about, dump, functions, thread};
    const {machine, print} = this.program;
    const say = (cell: Cell) => `${cell_name(cell)}: ${print(cell, machine.memory.read(cell))}`;
    const dumped = asSeenBy(this.buffers, thread, () => dump.map(say));
    this.find(
      found,
      thread,
      places.filter((place) => !isMacro(place.function)),
      dumped,
    );
  }

  private badUnlock(operation: MemoryOperation, thread: number): void {
    const functions = this.functionsOf(thread);
    const found = unlockedByAnother(this.program, thread, operation, functions);
    this.find(found, thread, this.runners[thread].places);
    this.bug = {message: found.message, about: "", dump: [], functions, thread};
  }

  /** Innermost first. */
  private functionsOf(thread: number): string[] {
    return functionsOf(this.runners[thread].frame);
  }

  /** Whoever recorded the schedule took the last thread for one that never ends. */
  private judgeEndless(): void {
    const {endless} = this.program;
    const last = this.taken.findLast(isThread);
    if (endless === undefined || last === undefined || !this.runners[last].next) return;
    const made = this.taken.filter((mover) => mover === last).length;
    if (made > endless)
      this.fail({message: sayEndless(endless), about: "", dump: []}, last, []);
  }

  private judgeEnd(): void {
    const {program, runners} = this;
    if (!this.areBuffersEmpty()) return;
    const waiting = [...runners.keys()].filter((thread) => runners[thread].next);
    if (waiting.some((thread) => this.canGoOn(thread))) return;
    if (waiting.length > 0) return this.stuck();
    for (const invariant of program.invariants) {
      const message = invariant.check(program.machine.memory);
      if (message !== null) this.find(named(invariant.name, message), -1);
    }
    runners.forEach(({frame}, thread) => {
      for (const lock of frame.carried.held) this.find(leftLocked(program, thread, lock), -1);
    });
  }

  private areBuffersEmpty(): boolean {
    return this.buffers?.areEmpty ?? true;
  }

  private stuck(): void {
    const waiting = this.runners.flatMap(({next}, thread) =>
      next ? [{thread, operation: next, functions: this.functionsOf(thread)}] : [],
    );
    const carried = this.runners.map(({frame}) => frame.carried);
    this.find(stuck(this.program, waiting, carried), -1);
  }

  private find(
    found: Named,
    thread: number,
    places: readonly Place[] = [],
    dump: readonly string[] = [],
  ): void {
    const inside = places.find((place) => place.function === found.function) ?? places[0];
    const {file, line} = inside ?? {file: "", line: 0};
    const step = Math.max(0, this.steps.length - 1);
    this.findings.push({...found, file, line, step, thread, dump});
  }

  private cannot(mover: number, taken: number): string {
    const thread = isThread(mover) || this.buffers ? threadOf(mover) : mover;
    const name = this.program.threads[thread]?.name;
    if (name === undefined)
      return `step ${taken + 1} is of a thread that this race does not have`;
    const until = `the schedule holds for ${taken} steps; at step ${taken + 1}`;
    if (!isThread(mover)) return `${until} no such store waits in the buffer of ${name}`;
    const why = this.runners[thread].next ? "cannot run there (it waits)" : "has no more steps";
    return `${until} ${name} ${why}`;
  }

  private trace(defaults: Program["parameters"]): Trace {
    const {program, runners, steps, taken} = this;
    const {race, parameters, livepatches} = program;
    const areThrough = runners.every(({next}) => next === null);
    const finished = areThrough && this.areBuffersEmpty() && !this.bug;
    const results = runners.map(({result}) => result);
    const ended = finished || this.bug !== null;
    return {
      race,
      parameters,
      livepatches,
      schedule: scheduleOf(program, defaults, taken),
      threads: program.threads.map(({name}) => ({name})),
      words: this.words.list,
      steps: this.words.withChanges(steps, this.written),
      waits: this.waits.map((wait) => (wait.to < 0 ? {...wait, to: steps.length} : wait)),
      next: runners.map(({next, places}) =>
        next ? {text: sayPending(program, next), places} : null,
      ),
      ended,
      finished,
      findings: this.findings,
      outcome: this.outcome(results, ended),
      warning: this.warning,
    };
  }

  /** What the run comes to: what the threads have printed, and in the end what the race says of it. */
  private outcome(results: readonly unknown[], ended: boolean): string | null {
    const {program, bug, runners} = this;
    const printed = program.threads.flatMap(({prints}, t) =>
      runners[t].isFinished ? [prints?.(results[t]) ?? null] : [],
    );
    const ending = {memory: program.machine.memory, results, bug};
    const said = ended ? outcomeOf(program, this.buffers, ending) : null;
    const all = [...printed, said].filter((text) => text !== null);
    return all.length > 0 ? all.join(" / ") : null;
  }
}

/** Which of the halves from `half` on, that held `old`, hold something else now. */
function changesOf(halves: Int32Array, half: number, old: Int32Array): Written {
  return [...old.keys()]
    .filter((i) => halves[half + i] !== old[i])
    .map((i) => [half + i, halves[half + i]] as const);
}
