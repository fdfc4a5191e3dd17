// One run of a program along a schedule, written down as a trace.
//
// Here the threads really run, once, with nobody's answers remembered: so a trace is also a check of the explorer. What the
// explorer sighted must be found again.

import {
  cell_name,
  compile,
  enabled,
  holds_what_it_releases,
  perform,
  wildAccess,
  type InterruptOperation,
  type MemoryOperation,
  type Op,
  type Operation,
} from "../sim/index.ts";
import {deadlocked, failed, named, unlockedByAnother, type Named} from "./findings.ts";
import {isMacro, type Failure, type Program} from "./program.ts";
import {scheduleOf} from "./schedule.ts";
import type {Place, Step, Trace, TraceFinding} from "./trace.ts";
import {placesOf, sayStep} from "./trace_text.ts";
import {TraceWords, type Written} from "./trace_words.ts";

/**
 * Runs `schedule`, the thread of each step. The program must be fresh: its machine's memory changes. Looking up
 * where a step stands in the source takes time: `placesOfLast` does it for the last steps only.
 */
export function execute(
  program: Program,
  schedule: readonly number[],
  defaults: Program["parameters"],
  {placesOfLast = schedule.length + 1}: {placesOfLast?: number} = {},
): Trace {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST_STACK;
  try {
    return new Execution(program, schedule.length - placesOfLast).run(schedule, defaults);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Engines cut stacks off at ten lines unless told otherwise. */
const DEEPEST_STACK = 100;

/** A thread that stands before its next step, or has no more. */
type Runner = {
  readonly generator: Op<unknown>;
  readonly stack: string[];
  next: MemoryOperation | InterruptOperation | null;
  places: readonly Place[];
  result: unknown;
};

class Execution {
  private readonly program: Program;
  private readonly runners: Runner[];
  private readonly steps: Step[] = [];
  private readonly words: TraceWords;
  /** For each step. */
  private readonly written: (Written | undefined)[] = [];
  private readonly findings: TraceFinding[] = [];
  private bug: Failure | null = null;
  private warning: string | null = null;
  private readonly withoutPlaces: number;

  constructor(program: Program, withoutPlaces: number) {
    this.program = program;
    this.words = new TraceWords(program);
    this.withoutPlaces = withoutPlaces;
    program.machine.backtraces = withoutPlaces < 0;
    this.runners = program.threads.map((thread) => ({
      generator: thread.run(),
      stack: [],
      next: null,
      places: [],
      result: undefined,
    }));
    this.runners.forEach((_, thread) => this.advance(thread, 0));
  }

  run(schedule: readonly number[], defaults: Program["parameters"]): Trace {
    let taken = 0;
    while (taken < schedule.length && !this.bug && this.step(schedule[taken])) {
      taken++;
      this.program.machine.backtraces = taken >= this.withoutPlaces;
    }
    if (taken < schedule.length && !this.bug)
      this.warning = this.cannot(schedule[taken], taken);
    if (!this.bug) this.judgeEnd();
    return this.trace(schedule.slice(0, taken), defaults);
  }

  /** False if `thread` has no step to make. */
  private step(thread: number): boolean {
    const runner = this.runners[thread];
    if (!runner?.next) return false;
    const {program} = this;
    const {memory} = program.machine;
    const operation = runner.next;
    const watched = operation.act === "interrupts" ? null : operation;
    if (watched && memory.half(watched.cell.address) < 0) return false;
    const transition = compile(operation, memory, thread, program.interrupts);
    if (!enabled(transition, memory.halves)) return false;
    if (!holds_what_it_releases(transition, memory.halves)) {
      this.badUnlock(watched!, thread);
      return true;
    }
    const monitors = watched
      ? program.monitors.filter((monitor) => monitor.watches(watched))
      : [];
    for (const monitor of monitors) monitor.before(watched!, thread, memory);

    const old = memory.halves.slice(transition.half, transition.half + 2);
    const observed = perform(transition, memory.halves);
    const written = [0, 1]
      .filter((i) => memory.halves[transition.half + i] !== old[i])
      .map((i) => [transition.half + i, memory.halves[transition.half + i]] as const);
    this.written[this.steps.length] = written;
    this.steps.push({
      thread,
      kind: operation.kind,
      shared: true,
      word: this.words.indexOf(watched?.cell ?? program.interrupts[thread]),
      text: sayStep(program, operation, observed, written.length > 0),
      observed: watched && watched.answer !== "nothing" ? observed : null,
      changes: [],
      places: runner.places,
    });
    this.advance(thread, observed);
    return true;
  }

  /** Lets `thread` run to its next step. */
  private advance(thread: number, observed: number): void {
    const runner = this.runners[thread];
    runner.next = null;
    try {
      for (let input = observed; !this.bug; input = 0) {
        const {done, value} = runner.generator.next(input);
        if (done) {
          runner.result = value;
          return;
        }
        if (this.isStep(value, thread)) return;
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.fail({message, about: "", dump: []}, thread, []);
    }
  }

  /** True if `operation` is the thread's next step; announcements are written down at once. */
  private isStep(operation: Operation, thread: number): boolean {
    const runner = this.runners[thread];
    switch (operation.act) {
      case "call":
        runner.stack.push(operation.name);
        return false;
      case "return":
        this.judge(operation.name, operation.value, thread);
        runner.stack.pop();
        return false;
      case "barrier":
        this.announce(operation.kind, operation.kind, thread, operation.stack);
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

  private isPossible(operation: MemoryOperation | InterruptOperation, thread: number): boolean {
    const runner = this.runners[thread];
    runner.places = placesOf(this.program, operation.stack);
    if (
      operation.act !== "interrupts" &&
      this.program.machine.memory.half(operation.cell.address) < 0
    ) {
      this.fail(
        {message: wildAccess(operation.cell), about: "", dump: []},
        thread,
        runner.places,
      );
      return false;
    }
    runner.next = operation;
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
      changes: [],
      places,
    });
  }

  private judge(name: string, value: unknown, thread: number): void {
    const {program, runners} = this;
    for (const monitor of program.monitors) {
      if (monitor.judges !== name) continue;
      const functions = [...runners[thread].stack].reverse().slice(1);
      const message = monitor.answered(value, functions, thread, program.machine.memory);
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
    const dumped = dump.map(
      (cell) => `${cell_name(cell)}: ${print(cell, machine.memory.read(cell))}`,
    );
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
    return [...this.runners[thread].stack].reverse();
  }

  private judgeEnd(): void {
    const {program, runners} = this;
    const {memory} = program.machine;
    const waiting = runners.flatMap(({next}, thread) => (next ? [{next, thread}] : []));
    const stuck = waiting.every(
      ({next, thread}) =>
        !enabled(compile(next, memory, thread, program.interrupts), memory.halves),
    );
    if (!stuck) return;
    if (waiting.length > 0) return this.deadlock();
    for (const invariant of program.invariants) {
      const message = invariant.check(memory);
      if (message !== null) this.find(named(invariant.name, message), -1);
    }
  }

  private deadlock(): void {
    const waiting = this.runners.flatMap(({next}, thread) => {
      if (!next || next.act === "interrupts") return [];
      return [{thread, operation: next, functions: this.functionsOf(thread)}];
    });
    this.find(deadlocked(this.program, waiting), -1);
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

  private cannot(thread: number, taken: number): string {
    const name = this.program.threads[thread]?.name;
    if (name === undefined)
      return `step ${taken + 1} is of a thread that this race does not have`;
    const why = this.runners[thread].next ? "cannot run there (it waits)" : "has no more steps";
    return `the schedule holds for ${taken} steps; at step ${taken + 1} ${name} ${why}`;
  }

  private trace(threads: readonly number[], defaults: Program["parameters"]): Trace {
    const {program, runners} = this;
    const {race, parameters, livepatches, machine} = program;
    const finished = runners.every(({next}) => next === null) && !this.bug;
    const results = runners.map(({result}) => result);
    const ended = finished || this.bug !== null;
    return {
      race,
      parameters,
      livepatches,
      schedule: scheduleOf(program, defaults, threads),
      threads: program.threads.map(({name}) => ({name})),
      words: this.words.list,
      steps: this.words.withChanges(this.steps, this.written),
      finished,
      findings: this.findings,
      outcome: ended ? program.outcome({memory: machine.memory, results, bug: this.bug}) : null,
      warning: this.warning,
    };
  }
}
