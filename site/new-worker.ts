// A worker that explores. In the frame of a link another file stands here (guest/new-worker.ts).

export function newWorker(): Worker {
  return new Worker(new URL("./model-worker.ts", import.meta.url), {type: "module"});
}
