// The recordings, and a machine that says what was recorded.

import {readFileSync} from "node:fs";
import {
  readTraces,
  type Boot,
  type Sequence,
  type Step,
  type TraceFile,
} from "../../src/recorded/index.ts";

export const FILES = ["evidence/traces-5.14.2-public.json", "evidence/traces-6.18-public.json"];

export const textOf = (path: string): string => readFileSync(path, "utf8");
export const recording = (path = FILES[0]): TraceFile => readTraces(textOf(path));

/** Machines that answer what stands in the file: the first that is booted the first sequence, and so on. */
export function playback({sequences}: {readonly sequences: readonly Sequence[]}): Boot {
  let booted = 0;
  return () => player(sequences[booted++].steps);
}

function player(steps: readonly Step[]): ReturnType<Boot> {
  let done = 0;
  const counters: Record<string, number> = {};
  return {
    do() {
      const {ret, err, detail, vmstat} = steps[done++];
      for (const [name, change] of Object.entries(vmstat))
        counters[name] = (counters[name] ?? 0) + change;
      return {ret, err, ...(detail === undefined ? {} : {detail})};
    },
    observe: () => steps[done - 1].state,
    vmstat: () => ({...counters}),
  };
}
