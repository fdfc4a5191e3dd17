// The model as a page has it: explored and replayed in a worker, so that the page stays free while it looks at a million states,
// and so that it can be stopped.

import {races} from "../src/races/index.ts";
import type {Report} from "../src/explore/report.ts";
import type {Trace} from "../src/explore/trace.ts";
import type {ExploreOptions, Kernel, KernelEdit} from "./kernel.ts";
import type {Request} from "./model-worker.ts";
import {borrow, discard, giveBack, listen, post} from "./model-workers.ts";

export {races};

/** The kernel with the reader's edits in it. */
export function createKernel(edits: readonly KernelEdit[]): Kernel {
  const changed = edits.map(({name}) => name);
  return {
    changed,
    explore(race, options = {}) {
      const {set = {}, livepatches = []} = options;
      return ask<Report>({kind: "explore", race, set, livepatches, edits}, options);
    },
    replay(schedule, {livepatches = [], rank = 0} = {}) {
      return ask<Trace>({kind: "replay", schedule, livepatches, edits}, {rank});
    },
  };
}

/** What a worker says no to: a sentence, and the line of the function it is about. */
type Refusal = {readonly message: string; readonly line?: number; readonly name?: string};

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

const STOPPED: Refusal = {message: "stopped: its cell runs again"};

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
        if (data.kind === "progress") return onProgress?.(data);
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
