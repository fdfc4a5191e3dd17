// From what a machine's /proc says to what a recording says: entries of pagemap become lists of runs, and frames become what does not
// depend on where in memory they are: how often they have changed, which sub-page they are, whether parent and child have the same.

import {flagNames, hasFlag, type Kpageflags} from "./kpageflags.ts";
import {runsOf, valueRunsOf} from "./runs.ts";
import {
  PROCESSES,
  type Pages,
  type ProcessName,
  type ProcessState,
  type State,
  type Vma,
} from "./trace.ts";

/** A word of /proc/PID/pagemap: bits 63, 62, 61, 56 and 55, and what the others mean. */
export type PagemapEntry = {
  readonly present: boolean;
  readonly swapped: boolean;
  readonly fileOrShmem: boolean;
  readonly exclusive: boolean;
  readonly softDirty: boolean;
  /** Of one that is present. */
  readonly pfn: number;
  /** Of one that is swapped. */
  readonly swapType: number;
};

/** What is said of one process. */
export type ProcessFacts = {
  readonly vmas: readonly Vma[];
  /** By page of the arena. Pages of which pagemap has nothing to say may be missing. */
  readonly pagemap: ReadonlyMap<number, PagemapEntry>;
};

/** What is said of page frames, whoever maps them. */
export type Frames = {
  kpagecount(pfn: number): number;
  kpageflags(pfn: number): Kpageflags;
};

/** The last frame that was seen at an address, and how many there were. */
type Seen = {readonly pfn: number | null; readonly gen: number};

const NOTHING_YET: Seen = {pfn: null, gen: 0};

/** Looks at a machine after each operation. It remembers which frames it saw: one for each run of a sequence. */
export class Observer {
  private readonly seen = new Map<ProcessName, Map<number, Seen>>();

  observe(facts: Readonly<Partial<Record<ProcessName, ProcessFacts>>>, frames: Frames): State {
    const looked = remembering(frames);
    const state: Partial<Record<ProcessName, ProcessState>> = {};
    for (const process of PROCESSES) {
      const own = facts[process];
      // Who forks again is another process.
      if (!own) this.seen.delete(process);
      else state[process] = {vmas: own.vmas, pages: this.pagesOf(process, facts, looked)};
    }
    return state;
  }

  private pagesOf(
    process: ProcessName,
    facts: Readonly<Partial<Record<ProcessName, ProcessFacts>>>,
    frames: Looked,
  ): Pages {
    const {pagemap} = facts[process]!;
    const present = presentIn(pagemap);
    return {
      ...bitsOf(pagemap),
      ...framesOf(present, frames),
      ...runsOrNothing("gen", valueRunsOf(this.numbered(process, present))),
      ...(process === "parent" ? {} : sharedWith(facts.parent, present)),
      flags: flagsOf(present, frames),
    };
  }

  /** Which frame this is at its address. One that was away and comes back counts as another. */
  private numbered(process: ProcessName, present: Present): [page: number, gen: number][] {
    const before = this.seen.get(process) ?? new Map<number, Seen>();
    const now = new Map<number, Seen>();
    for (const [page, {gen}] of before) now.set(page, {pfn: null, gen});
    const numbers = present.map(({page, pfn}): [number, number] => {
      const last = before.get(page) ?? NOTHING_YET;
      const gen = last.pfn === pfn ? last.gen : last.gen + 1;
      now.set(page, {pfn, gen});
      return [page, gen];
    });
    this.seen.set(process, now);
    return numbers;
  }
}

/** Frames during one look: asked once each. */
type Looked = Frames & {
  /** The frame of the head of a compound page: nobody need have it mapped. */
  headOf(pfn: number): number;
};

function remembering(frames: Frames): Looked {
  const flags = new Map<number, Kpageflags>();
  const heads = new Map<number, number>();
  const kpageflags = (pfn: number) => remembered(flags, pfn, () => frames.kpageflags(pfn));
  const headOf = (pfn: number): number =>
    remembered(heads, pfn, () =>
      hasFlag(kpageflags(pfn), "COMPOUND_TAIL") ? headOf(pfn - 1) : pfn,
    );
  return {kpagecount: (pfn) => frames.kpagecount(pfn), kpageflags, headOf};
}

function remembered(known: Map<number, number>, pfn: number, ask: () => number): number {
  const value = known.get(pfn) ?? ask();
  known.set(pfn, value);
  return value;
}

/** Pages that are present, and their frames, in the order of addresses. */
type Present = readonly {readonly page: number; readonly pfn: number}[];

function presentIn(pagemap: ProcessFacts["pagemap"]): Present {
  const pages = [...pagemap].filter(([, {present}]) => present);
  return pages.map(([page, {pfn}]) => ({page, pfn})).sort((a, b) => a.page - b.page);
}

// A list without runs is not written down.

type Attribute = Exclude<keyof Pages, "flags">;

function runsOrNothing<K extends Attribute>(name: K, runs: NonNullable<Pages[K]>) {
  return runs.length > 0 ? {[name]: runs} : {};
}

const BITS = ["present", "swapped", "fileOrShmem", "exclusive", "softDirty"] as const;

function bitsOf(pagemap: ProcessFacts["pagemap"]): Partial<Pages> {
  const entries = [...pagemap];
  const pagesWith = (bit: (typeof BITS)[number]) =>
    entries.filter(([, entry]) => entry[bit]).map(([page]) => page);
  const types = entries
    .filter(([, {swapped}]) => swapped)
    .map(([page, {swapType}]) => [page, swapType] as const);
  return Object.assign(
    {},
    ...BITS.map((bit) => runsOrNothing(bit, runsOf(pagesWith(bit)))),
    runsOrNothing("swapType", valueRunsOf(types)),
  );
}

function framesOf(present: Present, frames: Looked): Partial<Pages> {
  const counts = present.map(({page, pfn}) => [page, frames.kpagecount(pfn)] as const);
  const compound = present
    .filter(({pfn}) => isCompound(frames.kpageflags(pfn)))
    .map(({page, pfn}) => [page, page - (pfn - frames.headOf(pfn))] as const);
  return {
    ...runsOrNothing("mapcount", valueRunsOf(counts)),
    ...runsOrNothing("compound", valueRunsOf(compound)),
  };
}

function isCompound(flags: Kpageflags): boolean {
  return hasFlag(flags, "COMPOUND_HEAD") || hasFlag(flags, "COMPOUND_TAIL");
}

function sharedWith(parent: ProcessFacts | undefined, present: Present): Partial<Pages> {
  const same = present.filter(({page, pfn}) => {
    const entry = parent?.pagemap.get(page);
    return entry?.present && entry.pfn === pfn;
  });
  return runsOrNothing("sameFrameAsParent", runsOf(same.map(({page}) => page)));
}

function flagsOf(present: Present, frames: Looked): Pages["flags"] {
  const pages = new Map<string, number[]>();
  for (const {page, pfn} of present) {
    for (const flag of flagNames(frames.kpageflags(pfn))) {
      const those = pages.get(flag) ?? [];
      those.push(page);
      pages.set(flag, those);
    }
  }
  return Object.fromEntries([...pages].map(([flag, those]) => [flag, runsOf(those)]));
}
