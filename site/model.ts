// The model as a page has it: explored and replayed in a worker, so that the page stays free while it looks at a million states,
// and so that it can be stopped. Only a race that a cell has written stays here: a worker cannot see its functions.

import {races} from "../src/races/index.ts";
import type {Report} from "../src/explore/report.ts";
import type {Trace} from "../src/explore/trace.ts";
import type {ExploreOptions, Kernel, KernelEdit} from "./kernel.ts";
import type {Request} from "./model-worker.ts";
import {borrow, discard, giveBack, listen, post} from "./model-workers.ts";
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
    async replay(schedule, {race, livepatches = [], rank = 0} = {}) {
      if (race) return (await here()).replayOwn(race, schedule, livepatches, edits);
      return ask<Trace>({kind: "replay", schedule, livepatches, edits}, {rank});
    },
  };
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
