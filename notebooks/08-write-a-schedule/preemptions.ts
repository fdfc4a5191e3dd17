// How often a thread was left although it could have gone on.

import type {Trace} from "../../src/explore/index.ts";

export function preemptionsOf({steps, waits, next}: Trace): number {
  const last = steps.map(({thread}) => thread);
  return steps.filter((_, i) => {
    const thread = last[i];
    if (i + 1 === steps.length || last[i + 1] === thread) return false;
    const isFinished = next[thread] === null && !last.includes(thread, i + 1);
    const waited = waits.some((wait) => wait.thread === thread && wait.from === i);
    return !isFinished && !waited;
  }).length;
}
