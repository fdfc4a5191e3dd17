// A sequence that failed, as a file of recordings has it: to be saved, and to be run by `tailpage recorded FILE --invariants`. What the machine
// said after each operation is left out, and said to be.

import type {TraceFile} from "../../src/recorded/index.ts";
import type {Failure} from "./run.ts";
import type {Size} from "./sequences.ts";

const PAGE_SIZE = 4096;

/** One operation a line. */
export function traceOf({pages, pmds}: Size, {ops, wrong}: Failure): string {
  const header: Omit<TraceFile, "sequences"> & {readonly pageSize: number} = {
    kernel: "model",
    pageSize: PAGE_SIZE,
    hpagePmdSize: pages * PAGE_SIZE,
    arenaPages: pages * pmds,
    lruDrained: true,
  };
  const steps = ops.map((op) =>
    JSON.stringify({op, unstable: ["ret", "err", "detail", "vmstat", "state"]}),
  );
  const fields = Object.entries(header).map(
    ([name, value]) => `  "${name}": ${JSON.stringify(value)}`,
  );
  const about = JSON.stringify(wrong[0].split("\n")[0]);
  return [
    `{\n${fields.join(",\n")},`,
    `  "sequences": [{"name": "random", "about": ${about}, "steps": [`,
    `${steps.map((step) => `    ${step}`).join(",\n")}\n  ]}]\n}\n`,
  ].join("\n");
}
