// What waits in store buffers, read off a trace: a store that only its own CPU sees as yet, and one that reaches memory.

import type {Drainable, Step, Trace} from "./trace.ts";

/** The kind of a step that is none of a thread's: a store leaves the buffer of its CPU. */
export const STORE_BUFFER = "store buffer";

/** In a line of its own such a store says so. */
export function sayBuffered(store: string): string {
  return `${store} (in the store buffer)`;
}

/** A store that only its own CPU sees as yet. */
export function isBuffered({buffered}: Step): boolean {
  return buffered !== undefined;
}

/** A store that reaches memory. */
export function isDrain({drains}: Step): boolean {
  return drains !== undefined;
}

/** The step at which the store of step `at` reaches memory; -1 where it does not, or waited for nothing. */
export function drainOfStore({steps}: Trace, at: number): number {
  return steps.findIndex(({drains}) => drains === at);
}

/** Stores that could reach memory next, once step `at` has been taken. */
export function drainableAt({steps}: Trace, at: number): readonly Drainable[] {
  // What lies between two steps that another CPU could see changes nothing.
  const last = steps.slice(0, at + 1).findLast(({shared}) => shared);
  return last?.drainable ?? [];
}

/** Something in a buffer: a store, with the step that made it and what it will write; or an smp_wmb(), which none passes. */
export type BufferEntry = {
  readonly is: "store" | "release" | "barrier";
  readonly step: number;
  readonly text: string;
};

/** By CPU what is in its buffer once step `at` has been taken, the oldest first. */
export function buffersAt({steps, threads}: Trace, at: number): BufferEntry[][] {
  const buffers: BufferEntry[][] = threads.map(() => []);
  steps.slice(0, at + 1).forEach(({thread, kind, buffered, drains}, step) => {
    const own = buffers[thread];
    if (buffered) {
      const {store: text, isRelease} = buffered;
      own.push({is: isRelease ? "release" : "store", step, text});
    } else if (drains !== undefined) {
      own.splice(
        own.findIndex((one) => one.step === drains),
        1,
      );
      // Behind nothing a barrier keeps nothing in order.
      while (own[0]?.is === "barrier") own.shift();
    } else if (kind === "smp_wmb" && own.length > 0 && own.at(-1)!.is !== "barrier") {
      own.push({is: "barrier", step, text: "smp_wmb()"});
    }
  });
  return buffers;
}
