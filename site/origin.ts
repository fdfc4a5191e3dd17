// Where a trace comes from. Who has made it can run its race again in another order: the same parameters, livepatches and edits.
// A trace is plain data, and stays that: this is kept beside it.

import type {Trace} from "../src/explore/trace.ts";

/** Runs a schedule of the trace's race. Behind it the threads go on in the order of `runOn`, each to its end. */
export type Origin = (schedule: string, runOn?: readonly number[]) => Promise<Trace>;

const origins = new WeakMap<Trace, Origin>();

export function withOrigin(trace: Trace, origin: Origin): Trace {
  origins.set(trace, origin);
  return trace;
}

/** Null for a trace that no kernel of this page has made. */
export function originOf(trace: Trace): Origin | null {
  return origins.get(trace) ?? null;
}
