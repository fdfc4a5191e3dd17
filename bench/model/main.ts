// `npm run check:model`: random sequences of operations on machines that check themselves. Exit code 1 where one fails; that is printed, as small as
// it could be made.

import {availableParallelism} from "node:os";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {isMainThread, parentPort, Worker} from "node:worker_threads";
import {sources} from "virtual:kernel-source";
import {link} from "../../src/livepatch/index.ts";
import {showCount} from "../../bin/progress.ts";
import {hunt, parts, type Found, type Part} from "./hunt.ts";
import {traceOf} from "./trace.ts";

const HELP = `npm run check:model -- [options]

Runs random sequences of all operations of evidence/SCHEMA.md on the model, mostly on machines with small huge pages, and looks after each operation
whether everything is true that has to be, whatever was done (src/recorded/invariants). A sequence that fails is made as small as it can be, and is
printed on standard output: saved to a file, it is run again by
  tailpage recorded FILE --invariants

  --runs N      sequences (10000)
  --seed N      the same number makes the same sequences (the time)
  --workers N   threads (as many as there are processors)

Exit code: 0 all is well, 1 a sequence fails, 2 the command was wrong.`;

/** What a worker is given at a time. */
const SHARE = 250;

if (isMainThread) {
  process.exitCode = await main();
} else {
  const linked = link(sources);
  parentPort!.on("message", (part: Part) => parentPort!.postMessage(hunt(linked, part)));
}

async function main(): Promise<number> {
  const typed = readArguments();
  if (typeof typed === "string") {
    process.stdout.write(`${typed}\n`);
    return typed === HELP ? 0 : 2;
  }
  const {runs, seed, workers} = typed;
  const started = performance.now();
  const found = await inWorkers(parts(runs, seed).flatMap(shares), workers);
  const seconds = Math.round((performance.now() - started) / 1000);
  const failed = found.find(({failure}) => failure !== null);
  if (failed?.failure) {
    process.stdout.write(traceOf(failed.size, failed.failure));
    console.error(failed.failure.wrong.join("\n"));
  }
  const sum = (of: (part: Found) => number) => found.reduce((all, part) => all + of(part), 0);
  const sequences = sum((part) => part.sequences);
  const operations = sum((part) => part.operations);
  console.error(
    `${sequences} sequences, ${operations} operations, ${seconds} s, --seed ${seed}: ${failed ? "one fails" : "all is well"}`,
  );
  return failed ? 1 : 0;
}

type Options = {readonly runs: number; readonly seed: number; readonly workers: number};

/** What was typed; or a text, if that is all there is to say. */
function readArguments(): Options | string {
  try {
    const number = {type: "string"} as const;
    const {values} = parseArgs({
      options: {runs: number, seed: number, workers: number, help: {type: "boolean"}},
    });
    if (values.help) return HELP;
    return {
      runs: whole("--runs", values.runs ?? "10000"),
      seed: whole("--seed", values.seed ?? String(Date.now() % 2 ** 31)),
      workers: whole("--workers", values.workers ?? String(availableParallelism())),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) return value;
  throw new Error(`${option} ${text}: it must be a whole number above 0`);
}

/** A part as many of those that a worker does at a time, each with a seed of its own. */
function shares(part: Part): Part[] {
  // A large huge page takes its time.
  const share = part.size.pages > 100 ? 5 : SHARE;
  return Array.from({length: Math.ceil(part.runs / share)}, (_, i) => ({
    ...part,
    runs: Math.min(share, part.runs - i * share),
    seed: part.seed + i,
  }));
}

/** What came of them, up to the first that failed. */
async function inWorkers(all: readonly Part[], workers: number): Promise<Found[]> {
  // The slowest first: then no worker is alone with one at the end.
  const left = all.toSorted((a, b) => b.size.pages - a.size.pages);
  const runs = all.reduce((sum, part) => sum + part.runs, 0);
  const found: Found[] = [];
  const threads = Array.from(
    {length: workers},
    () => new Worker(fileURLToPath(import.meta.url)),
  );
  const work = async (thread: Worker): Promise<void> => {
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const one = await answerTo(thread, part);
      found.push(one);
      if (one.failure !== null) left.length = 0;
      showCount(
        found.reduce((sum, {sequences}) => sum + sequences, 0),
        runs,
        "sequences",
      );
    }
  };
  try {
    await Promise.all(threads.map(work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  showCount(runs, runs, "sequences");
  return found;
}

function answerTo(thread: Worker, part: Part): Promise<Found> {
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.postMessage(part);
  });
}
