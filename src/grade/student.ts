// A student's functions, as whoever judges them has them: put into the kernel, shut away, and asked.

import type {QuickJSWASMModule} from "quickjs-emscripten-core";
import {
  execute,
  explore,
  parseSchedule,
  recorded,
  type Measure,
  type Program,
  type Report,
  type Running,
  type Schedule,
  type Thread,
  type Trace,
} from "../explore/index.ts";
import {
  link,
  UserError,
  type LinkedKernel,
  type Livepatch,
  type PreparedLivepatch,
  type SourceFile,
} from "../livepatch/index.ts";
import {prepare} from "../livepatch/prepare.ts";
import {
  assembleApart,
  bootApart,
  createSandbox,
  Trouble,
  type Sandbox,
} from "../oracle/index.ts";
import {
  assemble,
  defaultsOf,
  raceNamed,
  setParameters,
  type OwnKernel,
  type Race,
} from "../races/index.ts";
import type {Machine, MachineOptions, MemoryModel, Op} from "../sim/index.ts";
import type {Variant} from "./assignment.ts";

/** A race, and which of its parameters are not as usual. */
export type Scenario = {
  /** One of the book's, by name, or one of the teacher's own. */
  readonly race: string | Race;
  readonly set?: Readonly<Record<string, string | number>>;
  /** Sequentially consistent, unless it says not. */
  readonly memoryModel?: MemoryModel;
  /** More than any thread takes that comes to an end. Short threads are better told: to find out that one never ends costs the square of it. */
  readonly mostSteps?: number;
};

export type Judgement =
  | {readonly status: "pass"}
  | {
      readonly status: "fail";
      readonly message: string;
      readonly schedule?: string;
      readonly scenario?: Scenario;
    };

/** What cannot be judged, and why. */
export type HaltStatus = "hang" | "memory" | "error" | "nondeterministic";

export class Halt extends Error {
  readonly status: HaltStatus;

  constructor(status: HaltStatus, message: string) {
    super(message);
    this.status = status;
  }
}

/** What it takes to run somebody's code shut away. */
export type Engine = {
  readonly sources: readonly SourceFile[];
  readonly quickjs: QuickJSWASMModule;
  readonly guest: string;
};

/** A search that has not ended after so many states is one of code that goes on and on. Checks that nobody waits for may take longer. */
const MOST_STATES = {public: 100_000, hidden: 150_000};
const MOST_STEPS = 1_000;
/** A tenth of what a reader of the book gets: whoever answers an assignment goes round no loop a hundred thousand times between two steps. */
const LIMITS = {turns: 100_000, looks: 100};

/** Where a run's steps stand in the sources takes as long to find out as all the rest. */
const NO_LINES: Running = {placesOfLast: 0};

export type Exploring = {
  readonly measures?: readonly Measure[];
};

/** What was explored and run for other properties of the same submission, by what was asked. */
export type Known = {
  readonly reports: Map<string, Report | Halt>;
  readonly traces: Map<string, Trace | Halt>;
  readonly prepared: Map<string, readonly PreparedLivepatch[] | Halt>;
};

export function nothingKnown(): Known {
  return {reports: new Map(), traces: new Map(), prepared: new Map()};
}

/** v5.13 has nothing of anybody's in it: once is enough for all. */
const linked = new WeakMap<readonly SourceFile[], LinkedKernel>();

/** For one property: each has an engine of its own, so that nothing is carried over. */
export class Student {
  readonly variant: Variant;
  private readonly engine: Engine;
  private readonly livepatches: readonly PreparedLivepatch[];
  private readonly schedules: ReadonlyMap<string, string>;
  private readonly known: Known;
  private readonly mostStates: number;
  private sandbox: Sandbox | null = null;
  private apart: ReturnType<typeof assembleApart> | null = null;
  /** What the kernel has thrown: no check of its own, but an answer that it could do nothing with. */
  private thrown: string | null = null;

  constructor(
    {
      variant,
      livepatches,
      schedules,
      known,
      isHidden = false,
    }: {
      variant: Variant;
      livepatches: readonly Livepatch[];
      schedules: ReadonlyMap<string, string>;
      known: Known;
      isHidden?: boolean;
    },
    engine: Engine,
  ) {
    this.known = known;
    this.mostStates = isHidden ? MOST_STATES.hidden : MOST_STATES.public;
    this.engine = engine;
    this.variant = variant;
    this.schedules = schedules;
    this.livepatches = once(known.prepared, JSON.stringify(livepatches), () =>
      attempt(() => prepare(engine.sources, livepatches)),
    );
  }

  /** All schedules of a race, or a Halt. The same question is explored once for all properties. */
  explore(scenario: Scenario, {measures = []}: Exploring = {}): Report {
    const measured = measures.map(({name}) => name);
    const key = this.keyOf(scenario, [measured, this.mostStates]);
    return once(this.known.reports, key, () => this.exploreAnew(scenario, measures));
  }

  /** Equal for the same question about the same code. */
  private keyOf(scenario: Scenario, more: readonly unknown[]): string {
    return JSON.stringify([
      numberOf(raceOf(scenario)),
      parametersOf(scenario),
      modelOf(scenario),
      scenario.mostSteps ?? MOST_STEPS,
      more,
      this.livepatches.map(({text}) => text),
    ]);
  }

  private exploreAnew(scenario: Scenario, measures: readonly Measure[]): Report {
    const race = raceOf(scenario);
    const fresh = () => this.assemble(scenario);
    const report = attempt(() =>
      explore(fresh, defaultsOf(race), {
        maxStates: this.mostStates,
        maxSteps: scenario.mostSteps ?? MOST_STEPS,
        memoryModel: modelOf(scenario),
        brief: true,
        measures,
      }),
    );
    this.checkSane(report);
    return report;
  }

  private checkSane({findings, complete}: Report): void {
    const unsure = findings.find(({invariant}) => invariant === "threads are deterministic");
    if (unsure) throw new Halt("nondeterministic", unsure.message);
    this.checkTrouble();
    if (!complete && findings.length === 0)
      throw new Halt(
        "hang",
        `it was not decided within ${this.mostStates} states: does this code try again for ever?`,
      );
  }

  private checkTrouble(): void {
    const trouble = this.sandbox?.trouble;
    if (trouble) throw haltOf(trouble);
    if (this.thrown !== null) throw new Halt("error", this.thrown);
  }

  /** One run, threads one after the other: `order`, or as they are numbered. Steps have `places` if `lines` are wanted. */
  run(
    scenario: Scenario,
    {order, lines = false}: {order?: readonly number[] | undefined; lines?: boolean} = {},
  ): Trace {
    const key = this.keyOf(scenario, [order ?? null, lines]);
    return once(this.known.traces, key, () =>
      this.execute(scenario, {memoryModel: modelOf(scenario), threads: []}, (threads) => ({
        ...(lines ? {} : NO_LINES),
        runOn: order ?? [...Array(threads).keys()],
      })),
    );
  }

  /** The run of a schedule that an exploration has found. */
  replay(scenario: Scenario, schedule: string): Trace {
    return this.execute(scenario, parseSchedule(schedule)!, () => NO_LINES);
  }

  /** The run of a schedule on v5.13. */
  plain(scenario: Scenario, schedule: string): Trace {
    const race = raceOf(scenario);
    const parsed = parseSchedule(schedule)!;
    const program = recorded(assemble(race, this.ours(), parametersOf(scenario)), parsed);
    return execute(program, parsed.threads, defaultsOf(race), NO_LINES);
  }

  private execute(
    scenario: Scenario,
    schedule: Pick<Schedule, "memoryModel" | "threads" | "endless">,
    running: (threads: number) => Running,
  ): Trace {
    const race = raceOf(scenario);
    const trace = attempt(() => {
      const program = recorded(this.assemble(scenario), schedule);
      const {length} = program.threads;
      const mostSteps = (scenario.mostSteps ?? MOST_STEPS) * length;
      return execute(program, schedule.threads, defaultsOf(race), {
        mostSteps,
        ...running(length),
      });
    });
    this.checkTrouble();
    return trace;
  }

  /** What a function answers that kernel() has. A BUG ends it, and an answer that the rest of the kernel can do nothing with. */
  asked(answer: () => unknown): unknown {
    try {
      return attempt(answer);
    } catch (error) {
      if (error instanceof Halt) throw error;
      throw new Halt("error", `the kernel goes no further there: ${(error as Error).message}`);
    }
  }

  /** The kernel with the student's functions in it, on a machine with no process: for functions that are asked one by one. */
  kernel(options: MachineOptions): {machine: Machine; kernel: OwnKernel} {
    const {sources} = this.engine;
    const {livepatches} = this;
    return attempt(() => bootApart({sources, livepatches}, this.openSandbox(), options));
  }

  /** A schedule that the student has written, and the run that it makes of v5.13. */
  scheduled(name: string, scenario: Scenario): Trace {
    const text = this.schedules.get(name) ?? "";
    const schedule = parseSchedule(text.slice(text.lastIndexOf("#") + 1));
    if (!schedule)
      throw new Halt(
        "error",
        `${name} is no schedule: it looks like smaps_vs_split~1w74qjh1~a14b11a5`,
      );
    const race = raceOf(scenario);
    if (schedule.race !== race.name)
      throw new Halt(
        "error",
        `${name} is a schedule of ${schedule.race}, and not of ${race.name}`,
      );
    const {memoryModel = "sc"} = schedule;
    if (memoryModel !== modelOf(scenario))
      throw new Halt(
        "error",
        `${name} is a schedule under ${memoryModel}, and asked for is one under ${modelOf(scenario)}`,
      );
    // Unsaid parameters are as usual; one that the race does not have is none of them.
    const wanted = Object.entries(parametersOf(scenario));
    const said: Readonly<Record<string, unknown>> = {
      ...defaultsOf(race),
      ...schedule.parameters,
    };
    const other = wanted.find(
      ([parameter, value]) => String(said[parameter]) !== String(value),
    );
    if (other)
      throw new Halt(
        "error",
        `${name} is a schedule with ${other[0]}=${String(said[other[0]])}, and asked for is ${other[0]}=${other[1]}`,
      );
    return this.plain(scenario, text.slice(text.lastIndexOf("#") + 1));
  }

  dispose(): void {
    this.sandbox?.dispose();
    this.sandbox = null;
  }

  private assemble(scenario: Scenario): Program {
    const race = raceOf(scenario);
    const parameters = parametersOf(scenario);
    const program =
      this.livepatches.length === 0
        ? assemble(race, this.ours(), parameters)
        : this.staged(() => this.theirs()(race, parameters));
    return {...program, threads: this.watched(program.threads)};
  }

  /** v5.13. */
  private ours(): LinkedKernel {
    const {sources} = this.engine;
    const ours = linked.get(sources) ?? link(sources);
    linked.set(sources, ours);
    return ours;
  }

  /** What makes programs with the student's functions in them. */
  private theirs(): ReturnType<typeof assembleApart> {
    const {sources} = this.engine;
    const {livepatches} = this;
    return (this.apart ??= assembleApart({sources, livepatches}, this.openSandbox()));
  }

  /** The first state of a race is made with the student's functions, too. */
  private staged(stage: () => Program): Program {
    try {
      return stage();
    } catch (error) {
      if (error instanceof UserError) throw error;
      const {message} = error as Error;
      throw new Halt("error", `the race does not come as far as its first state: ${message}`);
    }
  }

  /** Threads of which it is noted when they throw: then the kernel was handed what is no answer. Equal ones stay equal. */
  private watched(threads: readonly Thread[]): Thread[] {
    const runs = new Map(threads.map(({run}) => [run, () => this.watchedRun(run())]));
    const prints = new Map(
      threads.map((thread) => [thread.prints, this.watchedPrints(thread)]),
    );
    return threads.map((thread) => ({
      ...thread,
      run: runs.get(thread.run)!,
      ...prints.get(thread.prints),
    }));
  }

  private watchedRun(op: Op<unknown>): Op<unknown> {
    const next = (observed: number) =>
      this.noting(() => {
        const turn = op.next(observed);
        if (!turn.done && "cell" in turn.value) turn.value.cell.address.toFixed();
        return turn;
      });
    return {next} as Op<unknown>;
  }

  private watchedPrints({prints}: Thread): Pick<Thread, "prints"> {
    if (!prints) return {};
    return {
      prints: (result) => {
        try {
          return this.noting(() => prints(result));
        } catch {
          return null;
        }
      },
    };
  }

  private noting<T>(part: () => T): T {
    try {
      return part();
    } catch (error) {
      this.thrown ??= `the kernel cannot go on with that answer: ${(error as Error).message}`;
      throw new Halt("error", this.thrown);
    }
  }

  private openSandbox(): Sandbox {
    const {quickjs, guest} = this.engine;
    return (this.sandbox ??= createSandbox(quickjs, guest, LIMITS));
  }
}

export function raceOf({race}: Scenario): Race {
  const found = typeof race === "string" ? raceNamed(race) : race;
  if (!found) throw new Error(`there is no race "${String(race)}"`);
  return found;
}

const numbers = new WeakMap<Race, number>();
let races = 0;

/** A teacher's race may be called as the book's is. */
function numberOf(race: Race): number {
  const known = numbers.get(race);
  if (known !== undefined) return known;
  numbers.set(race, races);
  return races++;
}

function modelOf({memoryModel = "sc"}: Scenario): MemoryModel {
  return memoryModel;
}

export function parametersOf(scenario: Scenario) {
  return setParameters(raceOf(scenario), scenario.set ?? {});
}

/** What is known by that name; else it is found out, and kept: a Halt, too. */
function once<T>(known: Map<string, T | Halt>, key: string, part: () => T): T {
  if (!known.has(key)) known.set(key, halted(part));
  const found = known.get(key)!;
  if (found instanceof Halt) throw found;
  return found;
}

function halted<T>(part: () => T): T | Halt {
  try {
    return part();
  } catch (error) {
    if (error instanceof Halt) return error;
    throw error;
  }
}

function attempt<T>(part: () => T): T {
  try {
    return part();
  } catch (error) {
    throw error instanceof UserError ? haltOf(error) : error;
  }
}

function haltOf(error: UserError): Halt {
  if (error instanceof Trouble) return new Halt(error.kind, error.message);
  return new Halt("error", error.message);
}
