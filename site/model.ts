// The model as a page has it: explored and replayed in a worker, so that the page stays free while it looks at a million states,
// and so that it can be stopped. Only a race that a cell has written stays here: a worker cannot see its functions.

import {races} from "../src/races/index.ts";
import type {Report} from "../src/explore/report.ts";
import type {Trace} from "../src/explore/trace.ts";
import {parseSchedule} from "../src/explore/schedule.ts";
import type {ExploreOptions, Kernel, KernelEdit, ReplayOptions} from "./kernel.ts";
import type {Request} from "./answering.ts";
import {borrow, discard, giveBack, listen, post} from "./model-workers.ts";
import {withOrigin} from "./origin.ts";
import {STOPPED, type Refusal} from "./refusal.ts";

export {races};

/** The kernel with the reader's edits in it. */
export function createKernel(edits: readonly KernelEdit[]): Kernel {
  const changed = edits.map(({name}) => name);
  return {
    changed,
    async explore(race, options = {}) {
      if (typeof race !== "string") return (await here()).exploreOwn(race, options, edits);
      const {set = {}, livepatches = []} = options;
      return ask<Report>({kind: "explore", race, set, livepatches, edits}, options);
    },
    replay: (schedule, options = {}) => replay(schedule, options, edits),
    async replayBoth(schedule, options = {}) {
      const {livepatches = []} = options;
      const [before, after] = await Promise.all([
        replay(schedule, {...options, livepatches: []}, livepatches.length > 0 ? edits : []),
        replayAsFarAsItGoes(schedule, options, edits),
      ]);
      return {before, after};
    },
  };
}

async function replay(
  schedule: string,
  options: ReplayOptions,
  edits: readonly KernelEdit[],
): Promise<Trace> {
  const trace = await run(schedule, options, edits);
  return withOrigin(trace, async (other, runOn = []) => {
    // Somebody waits for it, and looks at this very place.
    const asked = {...options, leaveOut: false, runOn, rank: -1};
    return replay(other, asked, edits);
  });
}

async function run(
  schedule: string,
  {race, livepatches = [], leaveOut = false, runOn = [], rank = 0}: ReplayOptions,
  edits: readonly KernelEdit[],
): Promise<Trace> {
  const running = {leaveOut, runOn};
  if (race) return (await here()).replayOwn(race, schedule, {livepatches, edits}, running);
  return ask<Trace>({kind: "replay", schedule, running, livepatches, edits}, {rank});
}

/** Other code may have fewer steps to make, or more: those that are missing are left out, and then each thread goes to its end. */
function replayAsFarAsItGoes(
  schedule: string,
  options: ReplayOptions,
  edits: readonly KernelEdit[],
): Promise<Trace> {
  const threads = parseSchedule(schedule)?.threads ?? [];
  const runOn = [...new Set(threads.toReversed())];
  return replay(schedule, {...options, leaveOut: true, runOn}, edits);
}

/** Cells with races of their own are rare: what they need is loaded for the first of them. */
function here() {
  return import("./own-race.ts");
}

type Asking = Pick<ExploreOptions, "onProgress" | "signal" | "rank">;

async function ask<A>(request: Request, asking: Asking): Promise<A> {
  const {rank = 0, signal} = asking;
  const worker = await borrow(rank);
  if (signal?.aborted) {
    giveBack(worker);
    throw STOPPED;
  }
  return converse<A>(worker, request, asking);
}

function converse<A>(
  worker: Worker,
  request: Request,
  {onProgress, signal}: Asking,
): Promise<A> {
  return new Promise((answered, refused) => {
    const fail = (refusal: Refusal): void => {
      stopListening();
      discard(worker);
      refused(refusal);
    };
    const stop = (): void => fail(STOPPED);
    const stopListening = listen(worker, {
      message(data) {
        if (data.kind === "progress") return onProgress?.(data.progress);
        signal?.removeEventListener("abort", stop);
        stopListening();
        giveBack(worker);
        if (data.kind === "refused") refused(data.refusal);
        else answered(data.value as A);
      },
      error(message) {
        fail({message: `the explorer stopped: ${message || "its worker could not be loaded"}`});
      },
    });
    signal?.addEventListener("abort", stop, {once: true});
    post(worker, request);
  });
}
