// A trace: one run, step by step, as plain data. The explorer writes it; the timeline, the chapters, the
// grader and the tests read it. Everything a reader is shown stands in it as text as well as a number, so
// that nobody who draws a trace has to know what the words of memory mean.

/** A function that was being executed, with the place in its file. */
export type Place = {
  readonly function: string;
  /** Path below the project's root, `src/mm/util.ts`; or the name of a livepatch. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
};

/** One word of shared memory that some step of the trace touches or that a reader wants to see. */
export type Word = {
  /** As the kernel's source would say it: `page[3]._refcount`. */
  readonly name: string;
  /** What the word belongs to, `page[3]`, and its name there, `_refcount`. */
  readonly group: string;
  readonly field: string;
  /** Its value before the first step, and how to print it. */
  readonly value: number;
  readonly text: string;
  /** What that value names, if it names something. */
  readonly names?: Naming;
};

/** A value that names an object: `to` is its group, `page[3]`; `how` is the kernel's word for it, `present` or `migration`. */
export type Naming = {readonly to: string; readonly how: string};

/** A word that a step changed: `words[word]` of the trace, and its value from this step on. */
export type Change = {
  readonly word: number;
  readonly value: number;
  readonly text: string;
  readonly names?: Naming;
};

/** One step: one access to shared memory, or an announcement that no other CPU can see (`shared: false`). */
export type Step = {
  /** Index into `threads`. */
  readonly thread: number;
  /** `load`, `store`, `atomic_inc`, `spin_lock`, `smp_wmb`, `BUG` ... the kernel's word for it. */
  readonly kind: string;
  /** False for barriers and warnings: they stand in the trace, but are no choice of the schedule. */
  readonly shared: boolean;
  /** Index into `words` of the word it touched, or -1. */
  readonly word: number;
  /** The step in one line: `page[3].compound_head -> page[0] | 1`. */
  readonly text: string;
  /** The value that the thread learnt from it, or null where the operation answers nothing. */
  readonly observed: number | null;
  /** The same as text; null as well where a lock was taken, which can have but one answer. */
  readonly learnt: string | null;
  readonly changes: readonly Change[];
  /** Innermost first; `places[0]` is the line that performs the access. */
  readonly places: readonly Place[];

  // On a machine with store buffers, where they say something:

  /** A store that waits in the buffer of its CPU, which alone sees it as yet. */
  readonly buffered?: Buffered;
  /** The step that made the store which reaches memory now: this one is the buffer's, and none of the thread's. */
  readonly drains?: number;
  /** Stores that could reach memory next, once this step was made. */
  readonly drainable?: readonly Drainable[];
};

/** What the store writes, `page[1].compound_head = NULL`. A release leaves the buffer behind everything that was stored before it. */
export type Buffered = {readonly store: string; readonly isRelease: boolean};

/** The store that step `step` has made, and what stands for it in the `threads` of a schedule (movers.ts). */
export type Drainable = {readonly step: number; readonly mover: number};

/**
 * A thread could not make its next step: once step `from` was made, and until step `to` was. `from` is -1 where it could not
 * at first, and `to` the number of steps where it still cannot.
 */
export type Wait = {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
  /** The lock; or, of a loop that waits, the words that must change. */
  readonly what: readonly string[];
  /** It goes round in a loop; otherwise it waits for a lock, and these threads hold it. */
  readonly loops: boolean;
  readonly holders: readonly number[];
};

/** The step that a thread stands before. */
export type Pending = {readonly text: string; readonly places: readonly Place[]};

/** What went wrong in this run, if anything did. */
export type TraceFinding = {
  readonly id: string;
  readonly invariant: string;
  readonly message: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** The step after which it was found: index into `steps`. */
  readonly step: number;
  /** The thread that found it, or -1 where it concerns all (a deadlock, an invariant of the end). */
  readonly thread: number;
  /** The object that a BUG dumps, a line each. Empty where nothing was dumped. */
  readonly dump: readonly string[];
};

/** One run of a race. */
export type Trace = {
  readonly race: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly livepatches: readonly string[];
  readonly schedule: string;
  readonly threads: readonly {readonly name: string}[];
  readonly words: readonly Word[];
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  /** What each thread would do next where the run stopped; null for one that has no more steps. */
  readonly next: readonly (Pending | null)[];
  /** Every thread has finished, or a BUG has ended the run for all. */
  readonly ended: boolean;
  /** Every thread has finished. */
  readonly finished: boolean;
  readonly findings: readonly TraceFinding[];
  /** What the race declares as the result of this run (what smaps printed), or null. */
  readonly outcome: string | null;
  /** Set where the schedule was recorded on other code: a sentence that says how far it still holds. */
  readonly warning: string | null;
};
