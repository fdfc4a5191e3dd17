// What a trace file says: sequences of operations on memory, and after each of them what a real kernel's /proc said. evidence/SCHEMA.md has
// it in words.
//
// Positions and lengths are pages of one arena, from its start. Reading such a file is read_traces.ts.

export const PROCESSES = ["parent", "child1", "child2"] as const;

export type ProcessName = (typeof PROCESSES)[number];

/** One operation: who does what. As a rule `a` is the first page, and `b` the number of pages. */
export type Op = {
  readonly proc: ProcessName;
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
};

/** What an operation answered: `err` is the name of the errno, "0" if there was none. */
export type Done = {readonly ret: number; readonly err: string; readonly detail?: number};

/** `[from, n]`: n pages that have an attribute. */
export type Run = readonly [from: number, n: number];
/** `[from, n, value]`: n pages that have the same value of it. */
export type ValueRun = readonly [from: number, n: number, value: number];

/** A VMA as smaps prints it: besides these fields, every other by its name, in kB or a number. */
export type Vma = {
  readonly from: number;
  readonly to: number;
  readonly perms: string;
  readonly VmFlags: string;
  readonly [field: string]: number | string;
};

/** What pagemap, kpagecount and kpageflags say. A page in no run does not have the attribute. */
export type Pages = {
  readonly present?: readonly Run[];
  readonly swapped?: readonly Run[];
  readonly fileOrShmem?: readonly Run[];
  readonly exclusive?: readonly Run[];
  readonly softDirty?: readonly Run[];
  /** Swap type of a swapped page. */
  readonly swapType?: readonly ValueRun[];
  readonly mapcount?: readonly ValueRun[];
  /** Which of the frames that the process has seen at this address, from 1. */
  readonly gen?: readonly ValueRun[];
  /** Page i is sub-page `i - value` of its compound page. */
  readonly compound?: readonly ValueRun[];
  /** Of children only. */
  readonly sameFrameAsParent?: readonly Run[];
  readonly flags: Readonly<Record<string, readonly Run[]>>;
};

export type ProcessState = {readonly vmas: readonly Vma[]; readonly pages: Pages};

/** Of the processes that there are. */
export type State = Readonly<Partial<Record<ProcessName, ProcessState>>>;

/** Counters of /proc/vmstat. */
export type Vmstat = Readonly<Record<string, number>>;

/** What can be known after an operation. */
export type Outcome = Done & {
  /** By how much counters have changed; those that are not here have not. */
  readonly vmstat: Vmstat;
  readonly state: State;
};

export type Step = Outcome & {
  readonly op: Op;
  /** Paths of what was left out of the recording, since it is not the same each time. */
  readonly unstable?: readonly string[];
};

export type Sequence = {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly Step[];
};

export type TraceFile = {
  readonly kernel: string;
  /** In bytes: 2 MiB, unless a model has recorded itself on a smaller machine. */
  readonly hpagePmdSize: number;
  readonly arenaPages: number;
  /** Whether the LRU batches of the CPUs were emptied before each look. */
  readonly lruDrained: boolean;
  readonly sequences: readonly Sequence[];
};

/** Where in a file: steps count from 0. */
export type At = {readonly sequence: string; readonly step: number; readonly op: string};
