// `--workers N`: the parts of one search at once, each in a thread of its own, joined when all are through.
//
// A worker is this command again: it reads the same arguments, and explores one part. How far each is stands in memory that
// they share, so that a budget of states is one for all of them.

import {join} from "node:path";
import {isMainThread, parentPort, Worker, workerData} from "node:worker_threads";
import {merge, whyNotMerged, type PartNumber, type Report} from "../src/explore/index.ts";
import {CliError} from "./errors.ts";
import {parse, readJob, type Job} from "./job.ts";
import {progressLine} from "./progress.ts";
import {ROOT} from "./root.ts";

type Order = {
  readonly args: readonly string[];
  readonly shard: PartNumber;
  /** States that each part has. */
  readonly states: Int32Array;
};

/** What a worker sends back: what it found, or why it could not be explored. */
type Answer = {readonly report: Report} | {readonly refused: string};

/** What all parts together say. `args` are those that the job was read from. */
export async function exploreInWorkers(job: Job, args: readonly string[]): Promise<Report> {
  const started = performance.now();
  const {workers: of} = job;
  const states = new Int32Array(new SharedArrayBuffer(of * Int32Array.BYTES_PER_ELEMENT));
  const orders = Array.from({length: of}, (_, i): Order => ({
    args,
    states,
    shard: {index: i + 1, of},
  }));
  const stopLooking = lookOn(states, started);
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

function lookOn(states: Int32Array, started: number): () => void {
  const line = progressLine();
  const timer = setInterval(() => {
    const seconds = (performance.now() - started) / 1000;
    line.show({states: sum(states), transitions: 0, executions: 0, seconds, left: null});
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

async function obey({args, shard, states}: Order): Promise<Answer> {
  const job = await readJob(parse(args));
  const {maxStates = Infinity, maxMegabytes} = job.options;
  try {
    const report = job.explore({
      shard,
      ...(maxMegabytes !== undefined && {maxMegabytes: maxMegabytes / shard.of}),
      onProgress(progress) {
        Atomics.store(states, shard.index - 1, progress.states);
        return sum(states) <= maxStates;
      },
    });
    return {report};
  } catch (error) {
    if (error instanceof CliError) return {refused: error.message};
    throw error;
  }
}

function sum(states: Int32Array): number {
  return states.reduce((all, each) => all + each, 0);
}
