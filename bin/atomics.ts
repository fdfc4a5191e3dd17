// `tailpage atomics`: what atomic operations cost on this machine, alone and contended.

import {join} from "node:path";
import {parseArgs} from "node:util";
import {parentPort, Worker} from "node:worker_threads";
import {measureAtomics, ROUNDS, takeTurn, TIMES, type Turn} from "../src/compare/atomics.ts";
import {print} from "./print.ts";
import {ROOT} from "./root.ts";

export const ATOMICS_HELP = `tailpage atomics [--json]

Measures on this machine what an atomic increment costs: alone, and while another processor increments the same word.
Times differ from run to run; what matters is how they compare.`;

/** What a worker is told. */
export type AtomicsOrder = {readonly atomics: true};

export async function runAtomics(args: string[]): Promise<0> {
  const {values} = parseArgs({
    args,
    options: {
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(ATOMICS_HELP);
  const order: AtomicsOrder = {atomics: true};
  const workers = [0, 1].map(
    () => new Worker(join(ROOT, "dist", "tailpage.js"), {workerData: order}),
  );
  const measured = await measureAtomics((turn) => ask(workers[turn.number], turn));
  await Promise.all(workers.map((worker) => worker.terminate()));
  if (values.json) return print(JSON.stringify(measured, null, 1));

  const [{nanoseconds: unit}] = measured;
  const lines = measured.map(({name, nanoseconds}) => {
    const times = (nanoseconds / unit).toFixed(1);
    return `  ${name.padEnd(42)}${nanoseconds.toFixed(1).padStart(7)} ns${times.padStart(8)} x`;
  });
  return print(
    [
      `For each operation, the fastest of ${ROUNDS} rounds of ${TIMES.toLocaleString("en")}:`,
      ...lines,
    ].join("\n"),
  );
}

function ask(worker: Worker, turn: Turn): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (nanoseconds: number) => {
      worker.off("error", reject);
      resolve(nanoseconds);
    });
    worker.postMessage(turn);
  });
}

/** In a worker: takes every turn that it is told to. */
export function runAtomicsWorker(): void {
  parentPort!.on("message", (turn: Turn) => parentPort!.postMessage(takeTurn(turn)));
}
