// Long work on the page's own thread, in slices so short that nobody notices: between two of them the page draws, and
// hears its reader.

import {STOPPED} from "./refusal.ts";

/** A frame is 16 ms: half of it is for the page. A step of the work may be longer than one would like, where a table grows. */
const SLICE_MS = 8;
/** What comes of a press within so long comes with the frame that shows the press: two frames, and nobody sees that one is left out. */
const PRESS_MS = 30;
/** Often enough for a number that somebody reads. */
const PROGRESS_MS = 100;

/** Until when the task that runs now may work. */
let until = 0;

/** What the reader has just asked for does not wait for its first slice: the browser would hold it back until it has drawn the press. */
export function beginNow(): void {
  until = performance.now() + PRESS_MS;
}

/** `work` is told after each of its steps to go on. */
export async function inSlices<Progress, Result>(
  work: Generator<Progress, Result, true>,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Result> {
  let told = performance.now();
  for (;;) {
    await turn();
    if (signal?.aborted) throw STOPPED;
    let step = work.next(true);
    while (!step.done && performance.now() < until) step = work.next(true);
    if (step.done) {
      // What is made of it, and of all that depends on it, has its own time, unless there is some left.
      await turn();
      return step.value;
    }
    if (performance.now() - told > PROGRESS_MS) {
      told = performance.now();
      onProgress?.(step.value);
    }
  }
}

/** A slice of time: what is left of the one that there is, or one of its own. */
export async function turn(): Promise<void> {
  if (performance.now() < until) return;
  await breathe();
  until = performance.now() + SLICE_MS;
}

/** Everything that waits in the page gets its turn. A timer would do, but timers that follow each other are held back. */
export function breathe(): Promise<void> {
  return new Promise((go) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(null);
  });
}

/** Comes when the page has drawn what there is so far. Nothing is drawn in a page that nobody sees. */
export function drawn(): Promise<void> {
  return new Promise((go) => void requestAnimationFrame(() => void breathe().then(go)));
}
