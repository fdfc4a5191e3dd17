// `tailpage compare`: every fix on every race, measured. Races are explored several at a time.

import {readFileSync, writeFileSync} from "node:fs";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {parentPort, Worker} from "node:worker_threads";
import {sources} from "virtual:kernel-source";
import {
  cellsOf,
  Comparing,
  comparisonOf,
  NOTHING,
  pack,
  tableText,
  type Comparison,
  type Verdict,
} from "../src/compare/index.ts";
import {fixes} from "../src/fixes/index.ts";
import type {Livepatch} from "../src/livepatch/index.ts";
import {runCosts} from "./costs.ts";
import {CliError} from "./errors.ts";
import {runObserved} from "./observed.ts";
import {showCount} from "./progress.ts";
import {ROOT} from "./root.ts";

export const COMPARE_HELP = `tailpage compare [options]

Holds every fix of the book against every race where it applies, by exploring all schedules: what can go wrong, what is
printed, what it costs. Each yes has its shortest schedule, each no says what was looked at.

  --observed           instead: what readers of real kernels saw of a split, and the schedule that shows it here
  --costs              instead: accesses, atomics and cache lines of reading smaps while nobody splits
  --livepatch FILE     a fix of one's own, beside those of the book; may be repeated
  --workers N          explorations at the same time (as many as there are processors)
  --json               one JSON object on standard output
  --out FILE           also writes it to FILE, packed, as the book reads it

Exit code: 0 all were explored to the end, 2 the command was wrong, 3 some were not.`;

/** What a worker is told. */
export type CompareOrder = {
  readonly compare: readonly Livepatch[];
  /** The next task that nobody has begun. */
  readonly next: Int32Array;
};

export async function runCompare(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      livepatch: {type: "string", multiple: true, default: []},
      workers: {type: "string"},
      out: {type: "string"},
      json: {type: "boolean", default: false},
      costs: {type: "boolean", default: false},
      observed: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(COMPARE_HELP);
  if (values.observed) return runObserved(values.json);
  const compared = [...fixes, ...values.livepatch.map(readFix)];
  if (values.costs) return runCosts(compared, values);
  const comparison = await compare(compared, readWorkers(values.workers));
  if (values.out !== undefined)
    writeFileSync(values.out, `${JSON.stringify(pack(comparison))}\n`);
  print(
    values.json ? JSON.stringify(cellsOf(comparison), null, 1) : tableText(comparison, command),
  );
  return comparison.every(({verdict}) => verdict.complete) ? 0 : 3;
}

function readFix(path: string): Livepatch {
  try {
    return {name: path, text: readFileSync(path, "utf8")};
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

const MOST_WORKERS = 64;

function readWorkers(text = String(Math.min(availableParallelism(), MOST_WORKERS))): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new CliError(`--workers ${text}: it must be a whole number from 1 to ${MOST_WORKERS}`);
}

function command(schedule: string, fix: string): string {
  return `tailpage replay ${schedule}${fix === NOTHING ? "" : ` --livepatch ${fix}`}`;
}

async function compare(compared: readonly Livepatch[], workers: number): Promise<Comparison> {
  // Also a check: what is wrong with somebody's own fix is said here, and once.
  const plan = new Comparing(sources, compared).plan();
  const next = new Int32Array(new SharedArrayBuffer(4));
  const order: CompareOrder = {compare: compared, next};
  const verdicts: Verdict[] = [];
  let done = 0;
  const started = Array.from({length: Math.min(workers, plan.tasks.length)}, () =>
    finished(order, (i, verdict) => {
      verdicts[i] = verdict;
      showCount(++done, plan.tasks.length, "explored");
    }),
  );
  await Promise.all(started);
  return comparisonOf(plan, verdicts);
}

type Result = {readonly index: number; readonly verdict: Verdict};

function finished(
  order: CompareOrder,
  take: (index: number, verdict: Verdict) => void,
): Promise<void> {
  const worker = new Worker(join(ROOT, "dist", "tailpage.js"), {workerData: order});
  return new Promise((resolve, reject) => {
    worker.on("message", ({index, verdict}: Result) => take(index, verdict));
    worker.once("error", reject);
    worker.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
    );
  });
}

/** In a worker: takes one task after the other, until none is left. */
export function runCompareWorker({compare: compared, next}: CompareOrder): void {
  const comparing = new Comparing(sources, compared);
  const {tasks} = comparing.plan();
  for (let i = Atomics.add(next, 0, 1); i < tasks.length; i = Atomics.add(next, 0, 1)) {
    const result: Result = {index: i, verdict: comparing.explore(tasks[i])};
    parentPort!.postMessage(result);
  }
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
