// A machine that says what another kernel said: so two recordings of the same sequences are held against each other, and the model has no
// part in it.

import type {Boot, RecordedMachine} from "./machine.ts";
import type {Sequence, Step, TraceFile, Vmstat} from "./trace.ts";

/** Machines that play a file's sequences back, one after the other, in the order in which they are asked for. */
export function playback({sequences}: TraceFile): Boot {
  let next = 0;
  return () => play(sequences[next++]);
}

function play({steps}: Sequence): RecordedMachine {
  let at = -1;
  const now = (): Step => steps[at];
  return {
    do() {
      at++;
      const {ret, err, detail} = now();
      return detail === undefined ? {ret, err} : {ret, err, detail};
    },
    observe: () => now().state,
    vmstat: () => sumOf(steps.slice(0, at + 1).map((step) => step.vmstat)),
  };
}

/** A recording says how counters have changed; a machine how they stand. */
function sumOf(changes: readonly Vmstat[]): Vmstat {
  const sum: Record<string, number> = {};
  for (const change of changes)
    for (const [name, by] of Object.entries(change)) sum[name] = (sum[name] ?? 0) + by;
  return sum;
}
