// Runs the sequences of a trace file on fresh machines, and counts where they agree with the recording.
//
// After a disagreement a sequence goes on: what follows may agree, and says what else is to be mended. It ends with an operation that the
// machine does not do, or on which it dies; the rest of its steps then do not agree.

import {compareStep, recordedCounters, type Field, type Value} from "./compare.ts";
import type {Boot, RecordedMachine} from "./machine.ts";
import type {At, Op, Outcome, ProcessName, Sequence, Step, TraceFile, Vmstat} from "./trace.ts";

export type Disagreement = At & {
  /** Whose state differs; where it is nobody's, who did the operation. */
  readonly process: ProcessName;
  readonly path: string;
  readonly kernel: Value;
  readonly model: Value;
  /** Of lists of runs: the first page that differs. */
  readonly page?: number;
};

export type Tally = {readonly agreed: number; readonly of: number};

export type Tallies = Readonly<Record<string, Tally>>;

export type Comparison = {
  readonly sequences: number;
  /** Sequences in which every step agreed. */
  readonly agreed: number;
  readonly steps: number;
  readonly stepsAgreed: number;
  /** Where the machine did not know what to do. */
  readonly unsupported: readonly At[];
  readonly disagreements: readonly Disagreement[];
  /** By name of the operation: its steps. */
  readonly operations: Tallies;
  /** By kind of path, fields that were compared. */
  readonly fields: Tallies;
};

export type RunOptions = {
  /** Called before each sequence. */
  readonly onSequence?: (index: number) => void;
  /** Told what a machine threw: it counts as a disagreement. */
  readonly onCrash?: (error: unknown, at: At) => void;
  /** Names of sequences that are to be run: all if there are none. */
  readonly only?: readonly string[];
};

export function runTraces(file: TraceFile, boot: Boot, options: RunOptions = {}): Comparison {
  const {only = [], onSequence} = options;
  const counters = recordedCounters(file.sequences);
  const chosen = file.sequences.filter(({name}) => only.length === 0 || only.includes(name));
  return comparisonOf(
    chosen.map((sequence, i) => {
      onSequence?.(i);
      return runSequence(sequence, boot(), counters, options);
    }),
  );
}

/** What came of a step. */
type StepResult = {
  readonly at: At;
  readonly end: "went on" | "unsupported" | "crashed" | "not reached";
  readonly fields: readonly Field[];
  readonly disagreements: readonly Disagreement[];
};

function runSequence(
  {name, steps}: Sequence,
  machine: RecordedMachine,
  counters: ReadonlySet<string>,
  {onCrash}: RunOptions,
): StepResult[] {
  let over = false;
  return steps.map((step, i) => {
    const at: At = {sequence: name, step: i, op: step.op.name};
    const nothing = {at, fields: [], disagreements: []};
    if (over) return {...nothing, end: "not reached"};
    try {
      const outcome = outcomeOf(machine, step.op);
      over = outcome === "unsupported";
      if (outcome === "unsupported") return {...nothing, end: "unsupported"};
      const result = compared(at, step, compareStep(step, outcome, counters));
      const broken = machine.violations?.().map((sentence) => violation(at, step.op, sentence));
      return {...result, disagreements: [...result.disagreements, ...(broken ?? [])]};
    } catch (error) {
      over = true;
      onCrash?.(error, at);
      return {...nothing, disagreements: [crash(at, step.op, error)], end: "crashed"};
    }
  });
}

function outcomeOf(machine: RecordedMachine, op: Op): Outcome | "unsupported" {
  const before = machine.vmstat();
  const done = machine.do(op);
  if (done === "unsupported") return done;
  const vmstat = changes(before, machine.vmstat());
  return {...done, vmstat, state: machine.observe()};
}

/** By how much counters have changed; 0 where they have not. */
export function changes(before: Vmstat, after: Vmstat): Vmstat {
  const names = Object.keys(after);
  return Object.fromEntries(names.map((name) => [name, after[name] - (before[name] ?? 0)]));
}

function compared(at: At, {op}: Step, fields: readonly Field[]): StepResult {
  const disagreements = fields.flatMap(({path, process, difference}) =>
    difference ? [{...at, process: process ?? op.proc, path, ...difference}] : [],
  );
  return {at, fields, disagreements, end: "went on"};
}

function violation(at: At, op: Op, sentence: string): Disagreement {
  return {...at, process: op.proc, path: "invariants", kernel: "hold", model: sentence};
}

function crash(at: At, op: Op, error: unknown): Disagreement {
  const model = error instanceof Error ? error.message : String(error);
  return {...at, process: op.proc, path: "crash", kernel: null, model};
}

// Counting

function comparisonOf(sequences: readonly (readonly StepResult[])[]): Comparison {
  const steps = sequences.flat();
  const unsupported = steps.filter(({end}) => end === "unsupported");
  const fields = steps.flatMap((step) => step.fields);
  return {
    sequences: sequences.length,
    agreed: sequences.filter((results) => results.every(agrees)).length,
    steps: steps.length,
    stepsAgreed: steps.filter(agrees).length,
    unsupported: unsupported.map(({at}) => at),
    disagreements: steps.flatMap(({disagreements}) => disagreements),
    operations: tally(steps.map((step) => [step.at.op, agrees(step)])),
    fields: tally(fields.map(({kind, difference}) => [kind, difference === null])),
  };
}

function agrees({end, disagreements}: StepResult): boolean {
  return end === "went on" && disagreements.length === 0;
}

function tally(items: readonly (readonly [name: string, agreed: boolean])[]): Tallies {
  return added(items.map(([name, agreed]) => [name, {agreed: agreed ? 1 : 0, of: 1}]));
}

function added(entries: readonly (readonly [name: string, Tally])[]): Tallies {
  const sum = new Map<string, Tally>();
  for (const [name, {agreed, of}] of entries) {
    const before = sum.get(name) ?? {agreed: 0, of: 0};
    sum.set(name, {agreed: before.agreed + agreed, of: before.of + of});
  }
  return Object.fromEntries(sum);
}

/** What several files say together. */
export function sumOf(comparisons: readonly Comparison[]): Comparison {
  const total = (count: (comparison: Comparison) => number) =>
    comparisons.reduce((sum, comparison) => sum + count(comparison), 0);
  return {
    sequences: total(({sequences}) => sequences),
    agreed: total(({agreed}) => agreed),
    steps: total(({steps}) => steps),
    stepsAgreed: total(({stepsAgreed}) => stepsAgreed),
    unsupported: comparisons.flatMap(({unsupported}) => unsupported),
    disagreements: comparisons.flatMap(({disagreements}) => disagreements),
    operations: added(comparisons.flatMap(({operations}) => Object.entries(operations))),
    fields: added(comparisons.flatMap(({fields}) => Object.entries(fields))),
  };
}
