// Where two kernels of different age say different things of the same operations, and which of the differences that evidence/README.md
// lists ("What differs in 6.18") that is.
//
// Whatever differs once goes on differing: so a difference belongs to what explains it in the step where it stands, or else to what did
// in an earlier step of its sequence.

import {playback} from "./playback.ts";
import {runTraces, type Comparison, type Disagreement} from "./run.ts";
import type {Step, TraceFile} from "./trace.ts";

/** What differs in one step: the newer kernel's is `kernel` there, the older one's is `model`. */
type Here = {
  readonly step: Step;
  readonly older: Step;
  /** Kinds of all that differs, and of what has differed before. */
  readonly kinds: ReadonlySet<string>;
  readonly earlier: ReadonlySet<string>;
};

type Difference = {
  /** In that list; null for what the comparison has found besides. */
  readonly number: number | null;
  readonly about: string;
  /** Does it explain anything that differs in a step? */
  readonly happens: (here: Here) => boolean;
  /** And of that, which fields. Without it, all. */
  readonly kinds?: RegExp;
};

const always = (): boolean => true;
const named =
  (name: string) =>
  ({step}: Here): boolean =>
    step.op.name === name;
const splits = ({older}: Here): boolean => (older.vmstat.thp_split_page ?? 0) > 0;

/** The first that explains a field has it. */
const DIFFERENCES: readonly Difference[] = [
  {
    number: 10,
    about:
      "flags of a huge page: on its head only, or on all its sub-pages; the zero page counts as a file's in 6.18",
    happens: always,
    kinds: /^pages\/(flags\/(UPTODATE|LRU|SWAPBACKED|DIRTY|REFERENCED)|fileOrShmem)$/,
  },
  {
    number: 7,
    about: "mlock marks the head of a huge page only; in 6.18 it shows on each sub-page",
    happens: always,
    kinds: /^(pages\/flags\/(UNEVICTABLE|MLOCKED)|vmstat\/unevictable_.*)$/,
  },
  {
    number: null,
    about: "the machine: one node (ENODEV) and no debugfs (EPERM) where 6.18 was recorded",
    happens: ({step, older}) => step.err !== older.err && /^(EPERM|ENODEV)$/.test(step.err),
  },
  {
    number: 8,
    about: "MADV_COLLAPSE is not known to 5.14",
    happens: named("madv_collapse"),
  },
  {
    number: 3,
    about: "process_vm_readv gives the reader a copy of its own in 6.18",
    happens: named("pvm_read"),
  },
  {
    number: 1,
    about: "a write where the huge zero page is: small pages, or a huge page",
    happens: ({step, kinds}) => step.op.name === "write" && kinds.has("vmstat/thp_fault_alloc"),
  },
  {
    number: 2,
    about:
      "a write to a part of a huge page that nobody else maps any more: a copy, or the same page",
    happens: ({step, kinds, earlier}) =>
      step.op.name === "write" && kinds.has("pages/gen") && !earlier.has("pages/gen"),
  },
  {
    number: 5,
    about: "a split maps sub-pages that are all zero to the zero page",
    happens: (here) => splits(here) && here.kinds.has("pages/flags/ZERO_PAGE"),
  },
  {
    number: 6,
    about: "every page split counts as a deferred one in 5.14",
    happens: splits,
    kinds: /^vmstat\/thp_deferred_split_page$/,
  },
  {
    number: 4,
    about: "a page split forgets that the page was used; in 6.18 it does not",
    happens: splits,
    kinds: /^vmas\/\*\/Referenced$/,
  },
  {
    number: null,
    about: "VmFlags has a name for VM_LOCKONFAULT in 6.18 (lf), and none in 5.14 (??)",
    happens: always,
    kinds: /^vmas\/\*\/VmFlags$/,
  },
  {
    number: null,
    about: "a page that comes back from swap space is active at once in 6.18, and not in 5.14",
    happens: always,
    kinds: /^pages\/flags\/ACTIVE$/,
  },
];

const ELSE = {number: null, about: "not explained"};

/** What one difference comes to in two files. */
export type Cause = {
  readonly number: number | null;
  readonly about: string;
  /** Fields that differ. */
  readonly fields: number;
  /** Names of sequences in which any does. */
  readonly sequences: readonly string[];
};

export type Versions = {
  readonly comparison: Comparison;
  readonly causes: readonly Cause[];
};

/** Two recordings of the same sequences, by kernels of different age. */
export function compareVersions(older: TraceFile, newer: TraceFile): Versions {
  const names = newer.sequences.map(({name}) => name);
  const same = {...older, sequences: names.map((name) => sequenceOf(older, name))};
  const comparison = runTraces(newer, playback(same));
  const explained = newer.sequences.flatMap(({name, steps}, i) =>
    explain(
      comparison.disagreements.filter(({sequence}) => sequence === name),
      steps,
      same.sequences[i].steps,
    ),
  );
  const causes = [...DIFFERENCES, ELSE].map(({number, about}) => {
    const those = explained.filter(({cause}) => cause.about === about);
    const sequences = [...new Set(those.map(({of}) => of.sequence))];
    return {number, about, fields: those.length, sequences};
  });
  return {comparison, causes: causes.filter(({fields}) => fields > 0).sort(inListOrder)};
}

function sequenceOf({sequences, kernel}: TraceFile, name: string) {
  const sequence = sequences.find((one) => one.name === name);
  if (!sequence) throw new Error(`the recording of ${kernel} has no sequence ${name}`);
  return sequence;
}

function inListOrder(a: Cause, b: Cause): number {
  return (a.number ?? Infinity) - (b.number ?? Infinity) || b.fields - a.fields;
}

type Explained = {readonly of: Disagreement; readonly cause: {readonly about: string}};

function explain(
  all: readonly Disagreement[],
  steps: readonly Step[],
  older: readonly Step[],
): Explained[] {
  const explained: Explained[] = [];
  /** The last cause of each kind of field, and of any. */
  const before = new Map<string, {readonly about: string}>();
  const earlier = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const here = all.filter((one) => one.step === i);
    const kinds = new Set(here.map(({path}) => kindOf(path)));
    const now: Here = {step, older: older[i], kinds, earlier};
    for (const of of here) {
      const kind = kindOf(of.path);
      const own = DIFFERENCES.find(
        (one) => (one.kinds?.test(kind) ?? true) && one.happens(now),
      );
      const cause = own ?? before.get(kind) ?? before.get("any") ?? ELSE;
      explained.push({of, cause});
      before.set(kind, cause);
      if (own && !own.kinds) before.set("any", own);
    }
    for (const kind of kinds) earlier.add(kind);
  }
  return explained;
}

/** Whose, and of which VMA, does not matter. */
function kindOf(path: string): string {
  return path.replace(/^state\/\w+\//, "").replace(/^vmas\/\d+-\d+/, "vmas/*");
}
