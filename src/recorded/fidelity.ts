// How true the model is, in numbers: what one recording says of it, and where a newer kernel would say otherwise.

import {UNCLAIMED} from "./claims.ts";
import type {Boot} from "./machine.ts";
import {runTraces, type Tallies} from "./run.ts";
import type {Step, TraceFile} from "./trace.ts";
import {compareVersions, type Cause} from "./versions.ts";

/** A kind of field, or an operation: how many of it were compared. */
export type Counted = {readonly name: string; readonly agreed: number; readonly of: number};

/** Sequences, steps and fields that agree. */
export type Agreement = {
  readonly sequences: number;
  readonly agreed: number;
  readonly steps: number;
  readonly stepsAgreed: number;
  readonly fields: number;
  readonly fieldsAgreed: number;
};

/** Fields of one source, such as smaps. */
export type Group = {readonly source: string; readonly kinds: readonly Counted[]};

export type LeftOut = {
  readonly kind: string;
  readonly reason: string;
  /** Fields of that kind, in the older recording and in the newer one. */
  readonly fields: readonly [older: number, newer: number];
};

/** What was not the same in all runs of a recording, or depends on a TLB. */
export type Unstable = {
  readonly kernel: string;
  readonly kind: string;
  readonly steps: number;
};

export type Fidelity = {
  readonly kernel: string;
  /** The model beside the recording. */
  readonly agreement: Agreement;
  /** Names of sequences that do not agree. */
  readonly disagree: readonly string[];
  readonly groups: readonly Group[];
  readonly operations: readonly Counted[];
  readonly leftOut: readonly LeftOut[];
  readonly unstable: readonly Unstable[];
  readonly newer: {
    readonly kernel: string;
    /** The older recording beside the newer one. */
    readonly agreement: Agreement;
    readonly causes: readonly Cause[];
    /** The model beside the newer one. */
    readonly model: Agreement;
  };
};

/** A function of the kernel. A version is only said if it is not v5.13. */
export type KernelFunction = {
  readonly name: string;
  readonly file: string;
  readonly version?: string;
};

export type FunctionRow = {
  readonly name: string;
  /** Without `src/mm/`. */
  readonly file: string;
  readonly how: "same" | "as" | "part" | "own";
  readonly of: readonly KernelFunction[];
};

/** What the book shows: the numbers, and which function of the kernel each function of the model stands for. */
export type Statement = Fidelity & {readonly functions: readonly FunctionRow[]};

export function fidelityOf(older: TraceFile, newer: TraceFile, boot: Boot): Fidelity {
  const comparison = runTraces(older, boot);
  const versions = compareVersions(older, newer);
  const differing = new Set(
    [...comparison.disagreements, ...comparison.unsupported].map(({sequence}) => sequence),
  );
  return {
    kernel: older.kernel,
    agreement: agreementOf(comparison),
    disagree: [...differing],
    groups: groupsOf(comparison.fields),
    operations: counted(comparison.operations),
    leftOut: leftOut(older, newer),
    unstable: [...unstable(older), ...unstable(newer)],
    newer: {
      kernel: newer.kernel,
      agreement: agreementOf(versions.comparison),
      causes: versions.causes,
      model: agreementOf(runTraces(newer, boot)),
    },
  };
}

type Compared = Omit<Agreement, "fields" | "fieldsAgreed"> & {readonly fields: Tallies};

function agreementOf({
  sequences,
  agreed,
  steps,
  stepsAgreed,
  fields: tallies,
}: Compared): Agreement {
  const kinds = Object.values(tallies);
  return {
    ...{sequences, agreed, steps, stepsAgreed},
    fields: kinds.reduce((sum, {of}) => sum + of, 0),
    fieldsAgreed: kinds.reduce((sum, kind) => sum + kind.agreed, 0),
  };
}

function counted(tallies: Tallies): Counted[] {
  const rows = Object.entries(tallies).map(([name, {agreed, of}]) => ({name, agreed, of}));
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where a kind of field comes from, and how it is called there. */
const SOURCES: readonly (readonly [source: string, path: RegExp])[] = [
  ["the answer", /^((?:ret|err|detail))$/],
  ["smaps, the ranges", /^vmas\/\*(?:\/(perms|VmFlags))?$/],
  ["smaps, the sizes", /^vmas\/\*\/(\w+)$/],
  ["pagemap", /^pages\/(present|swapped|fileOrShmem|exclusive|softDirty|swapType)$/],
  ["the frames in pagemap", /^pages\/(gen|sameFrameAsParent)$/],
  ["kpagecount", /^pages\/(mapcount)$/],
  ["kpageflags", /^pages\/(?:flags\/)?(\w+)$/],
  ["vmstat", /^vmstat\/(\w+)$/],
  ["processes", /^process$/],
];

/** What has no name of its own is called after what it says. */
const NAMES: Readonly<Record<string, string>> = {"vmas/*": "from, to", process: "alive"};

function groupsOf(tallies: Tallies): Group[] {
  const kinds = counted(tallies);
  const sourceOf = (kind: string) => SOURCES.find(([, path]) => path.test(kind))!;
  return SOURCES.map(([source, path]) => ({
    source,
    kinds: kinds
      .filter(({name}) => sourceOf(name)[0] === source)
      .map((one) => ({...one, name: path.exec(one.name)?.[1] ?? NAMES[one.name]})),
  }));
}

function leftOut(older: TraceFile, newer: TraceFile): LeftOut[] {
  return Object.entries(UNCLAIMED).map(([kind, reason]) => ({
    ...{kind, reason},
    fields: [fieldsOfKind(older, kind), fieldsOfKind(newer, kind)],
  }));
}

function fieldsOfKind({sequences}: TraceFile, kind: string): number {
  const name = kind.split("/").at(-1)!;
  const ofVma = kind.startsWith("vmas/");
  const states = sequences.flatMap(({steps}) =>
    steps.flatMap(({state}) => Object.values(state)),
  );
  return states
    .flatMap(({vmas, pages}): readonly object[] => (ofVma ? vmas : [pages.flags]))
    .filter((fields) => Object.hasOwn(fields, name)).length;
}

function unstable({kernel, sequences}: TraceFile): Unstable[] {
  const steps = sequences.flatMap((sequence) => sequence.steps);
  const kinds = [...new Set(steps.flatMap(unstableKinds))].sort();
  return kinds.map((kind) => ({
    ...{kernel, kind},
    steps: steps.filter((step) => unstableKinds(step).includes(kind)).length,
  }));
}

function unstableKinds({unstable: paths = []}: Step): string[] {
  return paths.map((path) =>
    path.replace(/^state\/\w+\//, "").replace(/^vmas\/\d+-\d+/, "vmas/*"),
  );
}
