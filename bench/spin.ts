// SPIN on a configuration: it writes a checker in C, which is compiled and then run.

import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {isInstalled, run, type Run} from "./child.ts";
import {threadsOf, type Configuration} from "./configurations.ts";

/** How the checker is compiled and run. No way is best for all: what makes it run faster makes it slower to compile. */
export type Way = {readonly compile: readonly string[]; readonly run: readonly string[]};

const way = (compile: string, run = ""): Way => ({compile: words(compile), run: words(run)});

/** With reduction of partial orders, and a table for 2^24 states. */
export const USUAL: Way = way("-O2 -DSAFETY");

/** SPIN reduces nothing here, every step being on shared words: so it may be faster not to try. */
export const WAYS: readonly Way[] = [
  way("-O0 -DSAFETY"),
  way("-O1 -DSAFETY"),
  USUAL,
  way("-O0 -DSAFETY -DNOREDUCE", "-w20"),
  way("-O1 -DSAFETY -DNOREDUCE"),
  way("-O1 -DSAFETY -DNOREDUCE", "-w20"),
  way("-O2 -DSAFETY -DNOREDUCE"),
  way("-O2 -DSAFETY -DNOREDUCE", "-w20"),
];

/** Breadth first: the first error is at the end of a shortest schedule. */
export const SHORTEST: Way = way("-O0 -DSAFETY -DNOREDUCE -DBFS", "-w20");

export function nameOfWay({compile, run}: Way): string {
  return [...compile.filter((word) => word !== "-DSAFETY"), ...run].join(" ");
}

export type SpinFigures = {
  readonly verdict: "holds" | "violated" | "unknown";
  readonly states: number;
  /** Steps to the first error. */
  readonly steps: number | null;
  readonly generateMs: number;
  readonly compileMs: number;
  readonly runMs: number;
  readonly peakKb: number | null;
};

export function wholeMs({generateMs, compileMs, runMs}: SpinFigures): number {
  return generateMs + compileMs + runMs;
}

/** Why SPIN cannot be asked, or null if it can. */
export function whyNoSpin(): string | null {
  const missing = ["spin", "gcc"].filter((command) => !isInstalled(command));
  if (missing.length === 0) return null;
  return `${missing.join(" and ")} not installed: apt-get install ${missing.join(" ")}`;
}

export function spinVersion(): string {
  return run("spin", ["-V"])
    .stdout.trim()
    .replace(/^Spin Version/, "SPIN");
}

export function runSpin(
  configuration: Configuration,
  {compile, run: options}: Way,
): SpinFigures {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-spin-"));
  try {
    const model = resolve("bench/scenario.pml");
    const generated = succeed(
      run("spin", ["-a", ...definitions(configuration), model], folder),
    );
    const compiled = succeed(run("gcc", [...compile, "-o", "pan", "pan.c"], folder));
    const ran = run(join(folder, "pan"), options, folder);
    return {
      ...readOutput(ran.stdout),
      generateMs: generated.wallMs,
      compileMs: compiled.wallMs,
      runMs: ran.wallMs,
      peakKb: ran.peakKb,
    };
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function definitions(configuration: Configuration): string[] {
  const {pages, mode, forgetful} = configuration;
  return [
    `-DREADERS=${threadsOf(configuration, "R")}`,
    `-DTAKERS=${threadsOf(configuration, "G")}`,
    `-DPAGES=${pages}`,
    ...(mode === "noassert" ? [] : [`-D${mode.toUpperCase()}`]),
    ...(forgetful ? ["-DFORGETFUL"] : []),
  ];
}

/** What SPIN's checker says of its search. */
export function readOutput(text: string): Pick<SpinFigures, "verdict" | "states" | "steps"> {
  const number = (pattern: RegExp): number | null => {
    const found = pattern.exec(text);
    return found ? Number(found[1]) : null;
  };
  const errors = number(/errors: (\d+)/);
  const states = number(/(\d+) states, stored/);
  if (errors === null || states === null)
    throw new Error(`what SPIN printed has no result in it: is it another version?\n${text}`);
  const cut = /max search depth too small|out of memory|Search not completed/.test(text);
  const verdict = errors > 0 ? "violated" : cut ? "unknown" : "holds";
  // The error is in the step after so many.
  const before = number(/assertion violated .*\(at depth (\d+)\)/);
  return {verdict, states, steps: before === null ? null : before + 1};
}

function succeed(ran: Run): Run {
  if (ran.status === 0) return ran;
  throw new Error(`spin or gcc failed on bench/scenario.pml:\n${ran.stdout}${ran.stderr}`);
}

function words(text: string): string[] {
  return text.split(" ").filter(Boolean);
}
