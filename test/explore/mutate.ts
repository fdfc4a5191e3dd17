// Breaks the explorer on purpose, in one place, and asks the battery whether it notices.

import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {Worker} from "node:worker_threads";
import {build, type Plugin} from "vite";
import {kernelSource} from "../../bin/kernel-source.ts";
import type {Known} from "./battery.ts";

/** `find` stands in the file exactly once; with `replace` in its place, something is wrong. */
export type Mutant = {
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

/** The stateful search looks at some schedules drawn at random first. Of a small program they show all that the search itself may miss. */
const WITHOUT_FIRST_LOOK: Mutant = {
  breaks: "nothing",
  file: "explore/stateful.ts",
  find: "const FIRST_LOOKS = 8;",
  replace: "const FIRST_LOOKS = 0;",
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SECONDS = 15;

/** What is noticed: a sentence; or null, and the mutant lives. No mutant: the explorer as it is. */
export async function complaintOf(mutant: Mutant | null, known: Known): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-mutant-"));
  try {
    const file = join(folder, "battery.mjs");
    writeFileSync(file, await bundle(mutant));
    return await run(file, known);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

async function bundle(mutant: Mutant | null): Promise<string> {
  const mutations = [WITHOUT_FIRST_LOOK, ...(mutant ? [mutant] : [])].map(mutate);
  const output = await build({
    configFile: false,
    root: ROOT,
    logLevel: "silent",
    plugins: [kernelSource(ROOT), ...mutations.map(({plugin}) => plugin)],
    ssr: {noExternal: true},
    build: {
      ssr: "test/explore/battery.ts",
      write: false,
      minify: false,
      target: "node20",
      rolldownOptions: {output: {codeSplitting: false}},
    },
  });
  for (const {file, isDone} of mutations)
    if (!isDone()) throw new Error(`${file} is no part of the explorer`);
  const [{output: files}] = [output].flat() as {output: {code: string}[]}[];
  return files[0].code;
}

type Mutation = {readonly file: string; readonly plugin: Plugin; isDone(): boolean};

function mutate({file, find, replace}: Mutant): Mutation {
  let done = false;
  const plugin: Plugin = {
    name: "tailpage-mutant",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(`/src/${file}`)) return null;
      const parts = code.split(find);
      // Then the explorer has changed, and the mutant must be thought of anew.
      if (parts.length !== 2)
        throw new Error(`"${find}" stands in ${file} ${parts.length - 1} times, not once`);
      done = true;
      return parts.join(replace);
    },
  };
  return {file, plugin, isDone: () => done};
}

function run(file: string, known: Known): Promise<string | null> {
  const worker = new Worker(file, {workerData: known});
  return new Promise((resolve) => {
    const end = (complaint: string | null): void => {
      clearTimeout(limit);
      resolve(complaint);
      void worker.terminate();
    };
    const limit = setTimeout(() => end(`no answer after ${SECONDS} seconds`), SECONDS * 1000);
    worker.on("message", end);
    worker.on("error", (error) => end(`throws: ${error.message}`));
    worker.on("exit", () => end("ended without an answer"));
  });
}
