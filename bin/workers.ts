// `--workers N`: the parts of one search at once, each in a thread of its own, joined when all are through.
//
// A worker is this command again: it reads the same arguments, and explores one part. How far each is stands in memory that
// they share, so that a budget of states, or of memory, is one for all of them.

import {join} from "node:path";
import {isMainThread, parentPort, Worker, workerData} from "node:worker_threads";
import {
  DEFAULTS,
  merge,
  whyNotMerged,
  type PartNumber,
  type Report,
} from "../src/explore/index.ts";
import {CliError} from "./errors.ts";
import {parse, readJob, type Job} from "./job.ts";
import {progressLine} from "./progress.ts";
import {ROOT} from "./root.ts";

type Order = {
  readonly args: readonly string[];
  readonly shard: PartNumber;
  readonly sizes: Sizes;
};

/** How large each part is by now. */
type Sizes = {readonly states: Int32Array; readonly kilobytes: Int32Array};

/** What a worker sends back: what it found, or why it could not be explored. */
type Answer = {readonly report: Report} | {readonly refused: string};

/** What all parts together say. `args` are those that the job was read from. */
export async function exploreInWorkers(job: Job, args: readonly string[]): Promise<Report> {
  const started = performance.now();
  const {workers: of} = job;
  const sizes = {states: sharedBy(of), kilobytes: sharedBy(of)};
  const orders = Array.from({length: of}, (_, i): Order => ({
    args,
    sizes,
    shard: {index: i + 1, of},
  }));
  const stopLooking = lookOn(sizes, started);
  const workers = orders.map(startWorker);
  try {
    const reports = await Promise.all(workers.map(answerOf));
    const reason = whyNotMerged(
      reports,
      orders.map(({shard}) => `worker ${shard.index}`),
    );
    if (reason !== null) throw new Error(reason);
    return {...merge(reports), elapsedMs: Math.round(performance.now() - started)};
  } finally {
    stopLooking();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function lookOn({states, kilobytes}: Sizes, started: number): () => void {
  const line = progressLine();
  const timer = setInterval(() => {
    const seconds = (performance.now() - started) / 1000;
    const progress = {transitions: 0, executions: 0, seconds, left: null};
    line.show({...progress, states: sum(states), bytes: sum(kilobytes) * 2 ** 10});
  }, 500);
  return () => {
    clearInterval(timer);
    line.clear();
  };
}

function startWorker(order: Order): Worker {
  return new Worker(join(ROOT, "dist", "tailpage.js"), {workerData: order});
}

function answerOf(worker: Worker): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: Answer) => {
      if ("report" in answer) resolve(answer.report);
      else reject(new CliError(answer.refused));
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("a worker ended before it had an answer")));
  });
}

/** Is this thread one that was started for a part? */
export const isWorker = !isMainThread;

export async function runWorker(): Promise<void> {
  parentPort!.postMessage(await obey(workerData as Order));
}

async function obey({args, shard, sizes}: Order): Promise<Answer> {
  const job = await readJob(parse(args));
  const {maxStates, maxMegabytes} = {...DEFAULTS, ...job.options};
  const mine = shard.index - 1;
  try {
    const report = job.explore({
      shard,
      onProgress({states, bytes}) {
        Atomics.store(sizes.states, mine, states);
        Atomics.store(sizes.kilobytes, mine, bytes / 2 ** 10);
        return sum(sizes.states) <= maxStates && sum(sizes.kilobytes) <= maxMegabytes * 2 ** 10;
      },
    });
    return {report};
  } catch (error) {
    if (error instanceof CliError) return {refused: error.message};
    throw error;
  }
}

function sharedBy(workers: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(workers * Int32Array.BYTES_PER_ELEMENT));
}

function sum(ofParts: Int32Array): number {
  return ofParts.reduce((all, each) => all + each, 0);
}
