// What a model says after an operation, held against what was recorded: every field has a path, written as the lists `unstable` of the
// recordings write it.
//
// Left out is what was not the same in all runs of the recording (`unstable`), and what the model does not claim (claims.ts).

import {UNCLAIMED} from "./claims.ts";
import {firstDifference, shortened, type Runs} from "./runs.ts";
import {
  PROCESSES,
  type Outcome,
  type Pages,
  type ProcessName,
  type ProcessState,
  type Sequence,
  type State,
  type Step,
  type Vma,
} from "./trace.ts";
import {isUnstable} from "./unstable.ts";

/** null where there is none. Of a list of runs, its text, shortened. */
export type Value = number | string | null;

export type Difference = {
  readonly kernel: Value;
  readonly model: Value;
  /** Of lists of runs: the first page that differs. */
  readonly page?: number;
};

/** One field. */
export type Field = {
  readonly path: string;
  /** The path without its process and VMA: vmas, any, Rss. */
  readonly kind: string;
  /** Whose state it is; null where it is nobody's. */
  readonly process: ProcessName | null;
  /** null if both say the same. */
  readonly difference: Difference | null;
};

/** All fields that are to be compared. `counters` are those of vmstat that were recorded. */
export function compareStep(
  recorded: Step,
  model: Outcome,
  counters: ReadonlySet<string>,
): Field[] {
  const fields = [
    ...answerFields(recorded, model),
    ...vmstatFields(recorded, model, counters),
    ...PROCESSES.flatMap((process) => processFields(process, recorded.state, model.state)),
  ];
  const {unstable = []} = recorded;
  return fields.filter(
    ({path, kind}) => !isUnstable(path, unstable) && !Object.hasOwn(UNCLAIMED, kind),
  );
}

/**
 * A recording does not say which counters it has: one that did not change is not written down. Those that changed anywhere in the file are
 * certainly among them; of others, a model that counts them cannot be told to be wrong.
 */
export function recordedCounters(sequences: readonly Sequence[]): ReadonlySet<string> {
  const steps = sequences.flatMap((sequence) => sequence.steps);
  return new Set(steps.flatMap(({vmstat}) => Object.keys(vmstat)));
}

function answerFields(recorded: Outcome, model: Outcome): Field[] {
  return (["ret", "err", "detail"] as const)
    .filter((name) => recorded[name] !== undefined || model[name] !== undefined)
    .map((name) => plain(name, recorded[name], model[name]));
}

function vmstatFields(
  recorded: Outcome,
  model: Outcome,
  counters: ReadonlySet<string>,
): Field[] {
  return [...counters].map((name) =>
    plain(`vmstat/${name}`, recorded.vmstat[name] ?? 0, model.vmstat[name] ?? 0),
  );
}

/** A field of no process: its path is its kind. */
function plain(path: string, kernel: Value | undefined, model: Value | undefined): Field {
  return {path, kind: path, process: null, difference: differ(kernel ?? null, model ?? null)};
}

function differ(kernel: Value, model: Value): Difference | null {
  return kernel === model ? null : {kernel, model};
}

function processFields(process: ProcessName, recorded: State, model: State): Field[] {
  const [there, here] = [recorded[process], model[process]];
  if (!there && !here) return [];
  const path = `state/${process}`;
  const both: Field = {
    ...{path, kind: "process", process},
    difference: differ(there ? "alive" : null, here ? "alive" : null),
  };
  return there && here ? [both, ...stateFields(process, there, here)] : [both];
}

function stateFields(
  process: ProcessName,
  recorded: ProcessState,
  model: ProcessState,
): Field[] {
  const fields = [
    ...vmasFields(recorded.vmas, model.vmas),
    ...pagesFields(recorded.pages, model.pages),
  ];
  return fields.map(({path, kind, difference}) => ({
    ...{path: `state/${process}/${path}`, kind, process, difference},
  }));
}

// VMAs

type Part = Omit<Field, "process">;

function vmasFields(recorded: readonly Vma[], model: readonly Vma[]): Part[] {
  const [there, here] = [byRange(recorded), byRange(model)];
  const ranges = [...new Set([...there.keys(), ...here.keys()])];
  return ranges.flatMap((range) => vmaFields(range, there.get(range), here.get(range)));
}

function byRange(vmas: readonly Vma[]): ReadonlyMap<string, Vma> {
  return new Map(vmas.map((vma) => [`${vma.from}-${vma.to}`, vma]));
}

/** Of a VMA that is missing on one side nothing else is compared. */
function vmaFields(range: string, recorded: Vma | undefined, model: Vma | undefined): Part[] {
  const path = `vmas/${range}`;
  const both: Part = {
    ...{path, kind: "vmas/*"},
    difference: differ(recorded ? "there" : null, model ? "there" : null),
  };
  if (!recorded || !model) return [both];
  // What only the model has, another version of smaps has too.
  const names = Object.keys(recorded).filter((name) => name !== "from" && name !== "to");
  const fields = names.map((name) => ({
    ...{path: `${path}/${name}`, kind: `vmas/*/${name}`},
    difference: differ(recorded[name], model[name] ?? null),
  }));
  return [both, ...fields];
}

// Pages

const ATTRIBUTES = [
  ...["present", "swapped", "fileOrShmem", "exclusive", "softDirty"],
  ...["swapType", "mapcount", "gen", "compound", "sameFrameAsParent"],
] as readonly Exclude<keyof Pages, "flags">[];

function pagesFields(recorded: Pages, model: Pages): Part[] {
  const flags = new Set([...Object.keys(recorded.flags), ...Object.keys(model.flags)]);
  return [
    ...ATTRIBUTES.map((name) => runsPart(`pages/${name}`, recorded[name], model[name])),
    ...[...flags].map((flag) =>
      runsPart(`pages/flags/${flag}`, recorded.flags[flag], model.flags[flag]),
    ),
  ];
}

function runsPart(path: string, recorded: Runs = [], model: Runs = []): Part {
  const page = firstDifference(recorded, model);
  if (page === null) return {path, kind: path, difference: null};
  const [kernel, ours] = [shortened(recorded, page), shortened(model, page)];
  return {path, kind: path, difference: {kernel, model: ours, page}};
}
