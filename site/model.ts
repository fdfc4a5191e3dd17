// The model as a page has it: explored and replayed in a worker, so that the page stays free while it looks at a million states,
// and so that it can be stopped.

import {races} from "../src/races/index.ts";
import type {Report} from "../src/explore/report.ts";
import type {Trace} from "../src/explore/trace.ts";
import type {ExploreOptions, Kernel, KernelEdit} from "./kernel.ts";
import type {Answer, Request} from "./model-worker.ts";

export {races};

/** The kernel with the reader's edits in it. */
export function createKernel(edits: readonly KernelEdit[]): Kernel {
  const changed = edits.map(({name}) => name);
  return {
    changed,
    explore(race, options = {}) {
      const {set = {}, livepatches = [], onProgress, signal} = options;
      return ask<Report>(
        {kind: "explore", race, set, livepatches, edits},
        {onProgress, signal},
      );
    },
    replay(schedule, {livepatches = []} = {}) {
      return ask<Trace>({kind: "replay", schedule, livepatches, edits}, {});
    },
  };
}

/** What a worker says no to: a sentence, and the line of the function it is about. */
type Refusal = {readonly message: string; readonly line?: number; readonly name?: string};

type Listeners = {
  readonly onProgress?: ExploreOptions["onProgress"] | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** One worker for one question: to stop it is to end it. */
function ask<A>(request: Request, {onProgress, signal}: Listeners): Promise<A> {
  return new Promise((answered, refused) => {
    const worker = new Worker(new URL("./model-worker.ts", import.meta.url), {type: "module"});
    const stop = (): void => {
      worker.terminate();
      refused({message: "stopped: its cell runs again"} satisfies Refusal);
    };
    const done = (): void => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop);
    worker.addEventListener("message", ({data}: MessageEvent<Answer>) => {
      if (data.kind === "progress") return onProgress?.(data);
      done();
      if (data.kind === "refused") refused(data.refusal);
      else answered(data.value as A);
    });
    worker.addEventListener("error", ({message}) => {
      done();
      refused({
        message: `the explorer stopped: ${message || "its worker could not be loaded"}`,
      });
    });
    worker.postMessage(request);
  });
}
