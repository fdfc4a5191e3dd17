// The command of this project on a configuration, as a reader runs it: a whole process, from node to the verdict.

import {run} from "./child.ts";
import type {Configuration} from "./configurations.ts";
import type {Report} from "../src/explore/index.ts";

export type OurFigures = Pick<Report, "verdict" | "counts" | "elapsedMs"> & {
  /** Of the first finding. */
  readonly steps: number | null;
  readonly preemptions: number | null;
  readonly wallMs: number;
  readonly peakKb: number | null;
};

export function runTailpage(
  {shape, pages, mode}: Configuration,
  strategy: "stateful" | "dpor" = "stateful",
): OurFigures {
  const set = Object.entries({shape, pages, mode}).flatMap(([name, value]) => [
    "--set",
    `${name}=${value}`,
  ]);
  const args = ["explore", "checker_scenario", ...set, "--strategy", strategy, "--json"];
  const {stdout, stderr, wallMs, peakKb} = run(process.execPath, ["dist/tailpage.js", ...args]);
  if (stdout === "") throw new Error(`tailpage ${args.join(" ")} said nothing:\n${stderr}`);
  const {verdict, counts, elapsedMs, findings} = JSON.parse(stdout) as Report;
  const [first] = findings;
  return {
    verdict,
    counts,
    elapsedMs,
    steps: first?.steps ?? null,
    preemptions: first?.fewestPreemptions.preemptions ?? null,
    wallMs,
    peakKb,
  };
}
