// What atomics cost on the reader's machine, for cells: where the page may share memory with workers at all.

import {measureAtomics, type Measured, type Turn} from "../src/compare/atomics.ts";

/** Null where the browser does not let this page share memory: it is served without the headers that isolate it. */
export async function atomics(): Promise<readonly Measured[] | null> {
  if (!globalThis.crossOriginIsolated) return null;
  const workers = [0, 1].map(
    () => new Worker(new URL("./atomics-worker.ts", import.meta.url), {type: "module"}),
  );
  const measured = await measureAtomics((turn) => ask(workers[turn.number], turn));
  for (const worker of workers) worker.terminate();
  return measured;
}

function ask(worker: Worker, turn: Turn): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onerror = ({message}) => reject(new Error(message));
    worker.onmessage = ({data}: MessageEvent<number>) => resolve(data);
    worker.postMessage(turn);
  });
}
