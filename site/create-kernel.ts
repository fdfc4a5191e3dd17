// The kernel that cells ask, whoever answers: workers in a page, nobody but itself where the book is checked. Only a race that a cell has
// written is run here, since nobody else can see the cell's functions.

import type {Report} from "../src/explore/report.ts";
import type {Trace} from "../src/explore/trace.ts";
import type {SequenceRun} from "../src/recorded/sequence.ts";
import {threadOf} from "../src/explore/movers.ts";
import {parseSchedule} from "../src/explore/schedule.ts";
import type {Request} from "./answering.ts";
import type {ExploreOptions, Kernel, KernelEdit, ReplayOptions, RunOptions} from "./kernel.ts";
import {loaded} from "./loaded.ts";
import {withOrigin} from "./origin.ts";

export type Asking = Pick<ExploreOptions, "onProgress" | "signal" | "rank">;
export type Ask = <A>(request: Request, asking: Asking) => Promise<A>;

/** The kernel with the reader's edits in it. */
export function createKernel(edits: readonly KernelEdit[], ask: Ask): Kernel {
  return {
    changed: edits.map(({name}) => name),
    replay,
    async explore(race, options = {}) {
      if (typeof race !== "string") return (await own()).exploreOwn(race, options, edits);
      const {set = {}, livepatches = [], memoryModel} = options;
      return ask<Report>(
        {kind: "explore", race, set, memoryModel, livepatches, edits},
        options,
      );
    },
    async run(race, options = {}) {
      const {livepatches = [], rank = 0} = options;
      const trace = await runAlone(race, options);
      return canGoOn(trace, {
        livepatches,
        rank,
        ...(typeof race === "string" ? {} : {race}),
      });
    },
    async sequence(text, {livepatches = [], signal, rank = 0, ...options} = {}) {
      const asking = {rank, ...(signal ? {signal} : {})};
      return ask<SequenceRun>({kind: "sequence", text, options, livepatches, edits}, asking);
    },
    async replayBoth(schedule, options = {}) {
      const {livepatches = []} = options;
      const without = livepatches.length > 0 ? edits : [];
      const [before, after] = await Promise.all([
        createKernel(without, ask).replay(schedule, {...options, livepatches: []}),
        replayAsFarAsItGoes(schedule, options),
      ]);
      return {before, after};
    },
  };

  async function runAlone(
    race: Parameters<Kernel["run"]>[0],
    options: RunOptions,
  ): Promise<Trace> {
    const {set = {}, livepatches = [], order = [], places = true, rank = 0} = options;
    if (typeof race !== "string") return (await own()).runOwn(race, options, edits);
    return ask<Trace>({kind: "run", race, set, order, places, livepatches, edits}, {rank});
  }

  async function replay(schedule: string, options: ReplayOptions = {}): Promise<Trace> {
    const {race, livepatches = [], leaveOut = false, runOn = [], rank = 0} = options;
    const running = {leaveOut, runOn};
    const trace = race
      ? await (await own()).replayOwn(race, schedule, {livepatches, edits}, running)
      : await ask<Trace>({kind: "replay", schedule, running, livepatches, edits}, {rank});
    return canGoOn(trace, options);
  }

  /** A reader may let another CPU go next, anywhere in it. */
  function canGoOn(trace: Trace, options: ReplayOptions): Trace {
    return withOrigin(trace, (schedule, runOn = []) =>
      // Somebody waits for it, and looks at this very place.
      replay(schedule, {...options, leaveOut: false, runOn, rank: -1}),
    );
  }

  /** Other code may have fewer steps to make, or more: those that are missing are left out, and then each thread goes to its end. */
  function replayAsFarAsItGoes(schedule: string, options: ReplayOptions): Promise<Trace> {
    const threads = parseSchedule(schedule)?.threads ?? [];
    const runOn = [...new Set(threads.map(threadOf).toReversed())];
    return replay(schedule, {...options, leaveOut: true, runOn});
  }
}

/** What races of a cell's own need is loaded for the first of them. */
const own = loaded(() => import("./own-race.ts"));
