// The model as a page has it: explored and replayed in a worker, so that the page stays free while it looks at a million states,
// and so that it can be stopped.

import {races} from "../src/races/index.ts";
import type {Request} from "./answering.ts";
import {createKernel as kernelAsking, type Asking} from "./create-kernel.ts";
import type {Kernel, KernelEdit} from "./kernel.ts";
import {borrow, discard, giveBack, listen, post} from "./model-workers.ts";
import {STOPPED, type Refusal} from "./refusal.ts";
import {breathe} from "./slices.ts";

export {races};

/** The kernel with the reader's edits in it. */
export const createKernel = (edits: readonly KernelEdit[]): Kernel => kernelAsking(edits, ask);

async function ask<A>(request: Request, asking: Asking): Promise<A> {
  const {rank = 0, signal} = asking;
  const worker = await borrow(rank);
  if (signal?.aborted) {
    giveBack(worker);
    throw STOPPED;
  }
  const answer = await converse<A>(worker, request, asking);
  // To take a long answer in is work; what is made of it, and of all that depends on it, has its own time.
  await breathe();
  return answer;
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
