// The tests: of the rooms in src/, of the command, and of the built site in a real browser.

import {fileURLToPath} from "node:url";
import {defineConfig} from "vitest/config";
import {notebooks} from "./bin/assignment-text.ts";
import {kernelSource} from "./bin/kernel-source.ts";
import {oracleGuest} from "./bin/oracle-guest.ts";
import {typeLibrary} from "./bin/type-library.ts";

const ROOT = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  plugins: [kernelSource(ROOT), oracleGuest(ROOT), typeLibrary(ROOT), notebooks(ROOT)],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/setup.ts",
    pool: "forks",
    maxWorkers: 2,
    // As for submissions (bin/grade-pool.ts): many short races, each with a kernel of its own.
    execArgv: ["--interrupt-budget=2000000"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Browsers on a busy machine now and then take longer than anybody waits. What is really wrong is wrong again.
    retry: 2,
    // What a browser is waited for: a machine that runs tests has other things to do.
    expect: {poll: {timeout: 15_000}},
  },
});
