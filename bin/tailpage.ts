#!/usr/bin/env node
// The command `tailpage`: which subcommand, and what becomes of errors.

import {join} from "node:path";
import {parseArgs} from "node:util";
import {workerData} from "node:worker_threads";
import {UserError} from "../src/livepatch/index.ts";
import {runAtomics, runAtomicsWorker} from "./atomics.ts";
import {runBarriers, runBarriersWorker, type BarriersOrder} from "./barriers.ts";
import {runCompare, runCompareWorker, type CompareOrder} from "./compare.ts";
import {CliError} from "./errors.ts";
import {runExplore} from "./explore.ts";
import {CHILD} from "./grade-child-mark.ts";
import {runMerge} from "./merge.ts";
import {print} from "./print.ts";
import {runRaces} from "./races.ts";
import {runReplay} from "./replay.ts";
import {ROOT} from "./root.ts";
import {isWorker, runWorker} from "./workers.ts";

const HELP = `tailpage COMMAND [options]

  races                lists the races, their parameters and defaults
  explore RACE         explores every schedule of a race
  merge FILE...        joins the parts of a search
  replay SCHEDULE      runs one schedule and prints its steps
  grade FILE...        judges what students have handed in
  gradescope           makes the autograder of an assignment for Gradescope
  recorded FILE...     runs what was recorded on a real kernel, and compares
  fidelity             writes what the recordings say of the model: docs/fidelity.md
  compare              holds every fix against every race
  barriers             takes each barrier of the kernel away, and says what breaks
  atomics              measures what atomic operations cost on this machine
  build [--out DIR]    builds the book: a folder for any static host
  serve [--port N]     builds the book and serves it on this machine

tailpage COMMAND --help says more.`;

const SITE = join(ROOT, "dist", "site");

const commands: Readonly<Record<string, (args: string[]) => number | Promise<number>>> = {
  races: runRaces,
  explore: runExplore,
  merge: runMerge,
  grade: async (args) => (await import("./grade.ts")).runGrade(args),
  gradescope: async (args) => (await import("./gradescope.ts")).runGradescope(args),
  recorded: async (args) => (await import("./recorded.ts")).runRecorded(args),
  fidelity: async (args) => (await import("./fidelity.ts")).runFidelity(args),
  compare: runCompare,
  barriers: runBarriers,
  atomics: runAtomics,
  replay: runReplay,
  build: runBuild,
  serve: runServe,
};

const BUILD_HELP = `tailpage build [--out DIR] [--no-run]

Builds the book into DIR (dist/site): first the pages, then it runs every cell and every solution of an exercise,
and fails where one does not show what the text says it shows. --no-run leaves that out.`;

async function runBuild(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {
      out: {type: "string", default: SITE},
      "no-run": {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(BUILD_HELP);
  const {buildSite} = await import("./build.ts");
  await buildSite(values.out, {run: !values["no-run"]});
  return print(`the book is in ${values.out}`);
}

async function runServe(args: string[]): Promise<number> {
  const {values} = parseArgs({
    args,
    options: {port: {type: "string", default: "8513"}, help: {type: "boolean", default: false}},
  });
  if (values.help)
    return print("tailpage serve [--port N]\n\nBuilds the book and serves it on 127.0.0.1.");
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new CliError(`--port ${values.port}: it must be a number from 0 to 65535`);
  }
  const {buildSite} = await import("./build.ts");
  const {serve} = await import("./serve.ts");
  await buildSite(SITE);
  const {url} = await serve(SITE, port);
  print(`Tail Page is at ${url} (Ctrl-C stops it)`);
  return await new Promise<number>(() => {});
}

/** Mistakes of whoever typed the command, or of the reader's code; everything else is ours, and is thrown. */
function isTheirs(error: unknown): error is Error {
  const code = (error as {code?: unknown}).code;
  const badArgument = typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
  return error instanceof CliError || error instanceof UserError || badArgument;
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "help") return print(HELP);
  try {
    if (!Object.hasOwn(commands, name)) {
      throw new CliError(
        `there is no command "${name}": it is one of ${Object.keys(commands).join(", ")}`,
      );
    }
    return await commands[name](args);
  } catch (error) {
    if (!isTheirs(error)) throw error;
    // What others throw goes on with lines of their own code; what a command says is meant as it is.
    const {message} = error;
    const said = error instanceof CliError ? message : message.split("\n")[0];
    console.error(`tailpage: ${said}`);
    return 2;
  }
}

// Whoever reads what we print may have seen enough: `tailpage ... | head` is no mistake.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

if (process.env[CHILD] !== undefined) (await import("./grade-child.ts")).runGradeChild();
else if (isWorker && "compare" in workerData) runCompareWorker(workerData as CompareOrder);
else if (isWorker && "barriers" in workerData) runBarriersWorker(workerData as BarriersOrder);
else if (isWorker && "atomics" in workerData) runAtomicsWorker();
else if (isWorker) await runWorker();
else process.exitCode = await main(process.argv.slice(2));
