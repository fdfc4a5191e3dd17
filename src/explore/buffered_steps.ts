// Steps of a trace that have to do with store buffers: a store that only its own CPU sees as yet, and one that reaches memory.

import type {Step, Trace} from "./trace.ts";

/** The kind of a step that is none of a thread's: a store leaves the buffer of its CPU. */
export const STORE_BUFFER = "store buffer";

const IN_BUFFER = " (in the store buffer)";

/** A store that only its own CPU sees as yet. */
export function sayBuffered(store: string): string {
  return `${store}${IN_BUFFER}`;
}

export function isBuffered({text}: Step): boolean {
  return text.endsWith(IN_BUFFER);
}

export function isDrain({kind}: Step): boolean {
  return kind === STORE_BUFFER;
}

/** A store that waits: the step that made it, and what it will write, `page[1].compound_head = NULL`. */
export type WaitingStore = {readonly step: number; readonly text: string};

/** By CPU what waits in its buffer once step `at` has been taken, the oldest first. */
export function buffersAt({steps, threads}: Trace, at: number): WaitingStore[][] {
  const waiting: WaitingStore[][] = threads.map(() => []);
  steps.slice(0, at + 1).forEach((step, i) => {
    const own = waiting[step.thread];
    if (isBuffered(step)) own.push({step: i, text: step.text.slice(0, -IN_BUFFER.length)});
    if (!isDrain(step)) return;
    // Stores to one word leave the buffer in their order.
    const first = own.findIndex((one) => steps[one.step].word === step.word);
    own.splice(first, 1);
  });
  return waiting;
}
