// The part of a run that a reader has been shown. A trace cut off before a step knows nothing of what comes: whoever draws it
// cannot give it away.

import type {Trace} from "../src/explore/trace.ts";

/** `trace` up to, and without, step `end`. */
export function cutBefore(trace: Trace, end: number): Trace {
  if (end >= trace.steps.length) return trace;
  return {
    ...trace,
    steps: trace.steps.slice(0, end),
    waits: trace.waits
      .filter(({from}) => from < end)
      .map((wait) => ({...wait, to: Math.min(wait.to, end)})),
    findings: trace.findings.filter(({step}) => step < end),
    finished: false,
    ended: false,
    outcome: null,
  };
}
