// The kernel as a cell sees it, and what it is called with.

import {sayProgress} from "../src/explore/progress_text.ts";
import type {Progress} from "../src/explore/watch.ts";
import type {Report} from "../src/explore/report.ts";
import type {Running} from "../src/explore/execution.ts";
import type {Trace} from "../src/explore/trace.ts";
import type {OwnRace} from "../src/races/own_types.ts";
import type {SequenceOptions, SequenceRun} from "../src/recorded/sequence.ts";
import type {Run} from "../src/book/dataflow.ts";
import {pressed} from "./presses.ts";
import {orQuiet} from "./quiet.ts";

/** A function of the kernel as the reader has rewritten it. */
export type KernelEdit = {readonly name: string; readonly text: string};

export type ExploreOptions = {
  readonly set?: Readonly<Record<string, string | number>>;
  readonly livepatches?: readonly string[];
  /** "sc", "tso" or "pso": how what a CPU has stored gets to the others. At once, where nothing is said. */
  readonly memoryModel?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Of those who wait for the explorer, the lowest is served first. */
  readonly rank?: number;
};

export type ReplayOptions = Pick<ExploreOptions, "livepatches" | "rank"> &
  Pick<Running, "leaveOut" | "runOn"> & {
    /** The race that the schedule is of, if it is none of the book's. */
    readonly race?: OwnRace;
  };

export type RunOptions = Pick<ExploreOptions, "set" | "livepatches" | "rank"> & {
  /** Threads, by their numbers. Of those that can make a step the first in this list does; all of them in their order, if it is not given. */
  readonly order?: readonly number[];
  /** Whether each step says where in the source it stands; so it does unless this is false. Looking that up takes most of a run's time. */
  readonly places?: boolean;
};

export type SequenceAsked = SequenceOptions &
  Pick<ExploreOptions, "livepatches" | "signal" | "rank">;

/** One schedule on two kernels. */
export type Both = {readonly before: Trace; readonly after: Trace};

export type Kernel = {
  /** `race` is the name of one of the book's, or one that the cell has written. */
  explore(race: string | OwnRace, options?: ExploreOptions): Promise<Report>;
  /** One run without a search: the threads one after the other, each to its end or until it has to wait. */
  run(race: string | OwnRace, options?: RunOptions): Promise<Trace>;
  replay(schedule: string, options?: ReplayOptions): Promise<Trace>;
  /** The schedule without the livepatches and with them; where none are named, without the reader's edits and with them. */
  replayBoth(schedule: string, options?: ReplayOptions): Promise<Both>;
  /**
   * System calls of a process and its children, one a line: `mmap 0 512`, `child1: fork`. What each answered, and what smaps says after it;
   * `smaps`, `tables` and `walkthrough` draw that.
   */
  sequence(text: string, options?: SequenceAsked): Promise<SequenceRun>;
  /** Names of the functions that differ from v5.13. */
  readonly changed: readonly string[];
};

export type Place = {
  /** Of those who wait for the explorer, the lowest is served first. */
  readonly rank: number;
  /** Comes when somebody is about to look. Says whether they were there already. */
  inSight(): Promise<boolean>;
};

/**
 * The kernel for one run of one cell: the search stops when the cell runs again, and says how far it is. What takes the page's thread waits
 * until somebody is about to look: a race of the cell's own runs there, and what has run once is drawn there. A search that nobody waits for stays
 * out of the way of those who read.
 */
export function kernelFor(kernel: Kernel, {signal, sink}: Run, {rank, inSight}: Place): Kernel {
  const whenSeen = async <Done>(isOwn: boolean, ask: () => Promise<Done>): Promise<Done> => {
    const isAsked = await (isOwn ? inSight() : orQuiet(inSight()));
    signal.throwIfAborted();
    return isAsked ? pressed(ask()) : ask();
  };
  return {
    changed: kernel.changed,
    async run(race, options) {
      return whenSeen(typeof race !== "string", () => kernel.run(race, {rank, ...options}));
    },
    async sequence(text, options) {
      signal.throwIfAborted();
      return kernel.sequence(text, {signal, rank, ...options});
    },
    async replay(schedule, options) {
      const isOwn = options?.race !== undefined;
      return whenSeen(isOwn, () => kernel.replay(schedule, {rank, ...options}));
    },
    async replayBoth(schedule, options) {
      const isOwn = options?.race !== undefined;
      return whenSeen(isOwn, () => kernel.replayBoth(schedule, {rank, ...options}));
    },
    async explore(race, options = {}) {
      const onProgress = (progress: Progress): void => {
        if (!signal.aborted) sink.progress(`exploring: ${sayProgress(progress)}`);
        options.onProgress?.(progress);
      };
      return whenSeen(typeof race !== "string", () =>
        kernel.explore(race, {signal, rank, ...options, onProgress}),
      );
    },
  };
}
