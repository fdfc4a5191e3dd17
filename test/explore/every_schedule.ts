// Every schedule of a plan, one after the other, with nothing left out and nothing remembered: what the explorer must agree
// with.

import {dataRacesIn, endOf, startOf, step, type Made, type State} from "./interpreter.ts";
import type {Plan} from "./plan.ts";

/** The least that it takes to get there. */
export type Least = {steps: number; preemptions: number};

export type Truth = {
  readonly schedules: number;
  /** Schedules that differ only in the order of steps which do not conflict are one trace. */
  readonly traces: number;
  readonly outcomes: ReadonlySet<string>;
  /** What goes wrong, by its name. */
  readonly findings: ReadonlyMap<string, Least>;
  readonly deadlocks: number;
  readonly dataRaces: ReadonlySet<string>;
};

export function everySchedule(plan: Plan): Truth {
  return new Enumeration(plan).run();
}

/**
 * Two steps conflict if they touch one word and one of them writes. So each step has a level: the first on which it can
 * stand, above all that it conflicts with and all that its thread has done before. That is Foata's normal form, and two
 * schedules are one trace if and only if each thread's steps stand on the same levels in both.
 */
type Levels = {
  readonly threads: readonly (readonly number[])[];
  /** By word, the highest level of a write and of any access. */
  readonly written: readonly number[];
  readonly touched: readonly number[];
};

type Past = {readonly steps: number; readonly preemptions: number; readonly last: number};

class Enumeration {
  private readonly plan: Plan;
  private schedules = 0;
  private readonly traces = new Set<string>();
  private readonly outcomes = new Set<string>();
  private readonly findings = new Map<string, Least>();
  private readonly dataRaces = new Set<string>();
  private deadlocks = 0;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  run(): Truth {
    const start = startOf(this.plan);
    const none = start.words.map(() => 0);
    const levels = {threads: this.plan.threads.map(() => []), written: none, touched: none};
    this.visit(start, levels, {steps: 0, preemptions: 0, last: -1});
    const {schedules, traces, outcomes, findings, deadlocks, dataRaces} = this;
    return {schedules, traces: traces.size, outcomes, findings, deadlocks, dataRaces};
  }

  private visit(state: State, levels: Levels, past: Past): void {
    for (const id of dataRacesIn(this.plan, state)) this.dataRaces.add(id);
    const next = this.plan.threads.map((_, thread) => step(this.plan, state, thread));
    if (next.every((made) => typeof made === "string")) {
      if (next.includes("waits")) this.deadlocks++;
      this.note(endOf(this.plan, state), past);
      this.count(levels);
      return;
    }
    next.forEach((made, thread) => {
      if (typeof made === "string") return;
      const {last} = past;
      const preempts = last >= 0 && last !== thread && typeof next[last] !== "string";
      const preemptions = past.preemptions + (preempts ? 1 : 0);
      const now = {steps: past.steps + 1, preemptions, last: thread};
      const then = raise(levels, thread, made);
      this.note(made, now);
      if (made.state) this.visit(made.state, then, now);
      else this.count(then);
    });
  }

  private note({found, outcome}: Pick<Made, "found" | "outcome">, past: Past): void {
    if (outcome !== null) this.outcomes.add(outcome);
    for (const id of found) {
      const {steps = Infinity, preemptions = Infinity} = this.findings.get(id) ?? {};
      this.findings.set(id, {
        steps: Math.min(steps, past.steps),
        preemptions: Math.min(preemptions, past.preemptions),
      });
    }
  }

  private count({threads}: Levels): void {
    this.schedules++;
    this.traces.add(threads.map((steps) => steps.join()).join(" "));
  }
}

/** The levels with one step more. A step that ends the run conflicts with all others. */
function raise(
  {threads, written, touched}: Levels,
  thread: number,
  {state, touches, writes}: Made,
): Levels {
  const below = state
    ? touches.map((word) => (writes ? touched : written)[word])
    : threads.map((steps) => steps.at(-1) ?? 0);
  const level = 1 + Math.max(threads[thread].at(-1) ?? 0, ...below);
  const lift = (old: number, word: number) =>
    touches.includes(word) ? Math.max(old, level) : old;
  return {
    threads: threads.map((steps, t) => (t === thread ? [...steps, level] : steps)),
    written: writes ? written.map(lift) : written,
    touched: touched.map(lift),
  };
}
