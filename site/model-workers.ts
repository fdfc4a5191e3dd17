// The workers that explore. One that has answered waits for the next question, warm. There are never more at work than the
// machine has processors to spare; who has to wait is served by rank, which is the place on the page, so that what a reader
// looks at first is answered first.

import type {Answer, Request} from "./answering.ts";
import {newWorker} from "./new-worker.ts";

export type Listener = {message(answer: Answer): void; error(message: string): void};

const MOST = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);

type Turn = {readonly rank: number; take(): void};

const idle: Worker[] = [];
const waiting: Turn[] = [];
let atWork = 0;

/** A worker for one question, when it is its turn. Ends with `giveBack` or with `discard`. */
export async function borrow(rank: number): Promise<Worker> {
  await new Promise<void>((take) => {
    waiting.push({rank, take});
    // All cells that something new concerns ask in one go: let them, before the first is chosen.
    setTimeout(serve);
  });
  return idle.pop() ?? newWorker();
}

export function giveBack(worker: Worker): void {
  idle.push(worker);
  leave();
}

/** Ends a worker in the middle of its work: an exploration does not listen. */
export function discard(worker: Worker): void {
  worker.terminate();
  leave();
}

function leave(): void {
  atWork--;
  serve();
}

function serve(): void {
  waiting.sort((a, b) => a.rank - b.rank);
  while (atWork < MOST && waiting.length > 0) {
    atWork++;
    waiting.shift()!.take();
  }
}

/** Hears what a worker says until the answer to stop listening is called. */
export function listen(worker: Worker, {message, error}: Listener): () => void {
  const ended = new AbortController();
  const {signal} = ended;
  worker.addEventListener("message", ({data}: MessageEvent<Answer>) => message(data), {signal});
  worker.addEventListener("error", (event) => error(event.message), {signal});
  return () => ended.abort();
}

export function post(worker: Worker, request: Request): void {
  worker.postMessage(request);
}
