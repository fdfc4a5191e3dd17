// Tasks that are done several at a time: each worker is this command again, and takes the next one that nobody has begun.

import {join} from "node:path";
import {parentPort, Worker} from "node:worker_threads";
import {ROOT} from "./root.ts";

export type Order = {
  /** The next task that nobody has begun. */
  readonly next: Int32Array;
};

type Result<T> = {readonly index: number; readonly done: T};

/** What came of `tasks` of them, in their order. `order` is what a worker is told beside. */
export async function inWorkers<T>(
  order: object,
  tasks: number,
  workers: number,
  onDone: (done: number) => void,
): Promise<T[]> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const all: T[] = [];
  let count = 0;
  const take = ({index, done}: Result<T>): void => {
    all[index] = done;
    onDone(++count);
  };
  const started = Array.from({length: Math.min(workers, tasks)}, () =>
    finished({...order, next}, take),
  );
  await Promise.all(started);
  return all;
}

function finished<T>(workerData: object, take: (result: Result<T>) => void): Promise<void> {
  const worker = new Worker(join(ROOT, "dist", "tailpage.js"), {workerData});
  return new Promise((resolve, reject) => {
    worker.on("message", take);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
    );
  });
}

/** In a worker: takes one task after the other, until none is left. */
export function takeTasks<T>({next}: Order, tasks: number, task: (index: number) => T): void {
  for (let i = Atomics.add(next, 0, 1); i < tasks; i = Atomics.add(next, 0, 1)) {
    const result: Result<T> = {index: i, done: task(i)};
    parentPort!.postMessage(result);
  }
}
