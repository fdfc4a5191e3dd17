// What an exploration found, in words for a terminal.

import {MODEL_NAMES} from "../src/sim/index.ts";
import type {Finding, Report} from "../src/explore/index.ts";

export type Telling = {
  /** Where the race is from, if it is none of the book's. */
  readonly file: string | null;
  /** Of how many parts this is the sum. */
  readonly parts?: number;
};

export function describeReport(report: Report, {file, parts = 1}: Telling): string {
  const {livepatches, findings, outcomes, shard, elapsedMs} = report;
  const covered = report.complete ? "every schedule" : "not every schedule";
  const ofWhat = shard ? `${covered} of the part` : covered;
  const seconds = (elapsedMs / 1000).toFixed(1);
  const options = optionsFor(file, livepatches);
  return [
    `${describeRace(report)}: ${sayVerdict(report)}`,
    `${describeCounts(report.counts, parts)} in ${seconds} s; ${ofWhat} was covered, under ${MODEL_NAMES[report.memoryModel]}`,
    ...findings.flatMap((finding) => describeFinding(finding, options)),
    ...describeRaces(report.dataRaces),
    ...(outcomes.length ? ["", "outcomes:", ...outcomes.map((outcome) => `  ${outcome}`)] : []),
  ].join("\n");
}

function describeRace({race, parameters, livepatches, shard}: Report): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const set = settings.length ? ` (${settings.join(", ")})` : "";
  const patched = livepatches.length ? ` with ${livepatches.join(", ")}` : "";
  const part = shard ? `, part ${shard.index} of ${shard.of}` : "";
  return `${race}${set}${patched}${part}`;
}

function sayVerdict({verdict, complete, shard}: Report): string {
  if (shard && complete && verdict === "unknown") return "nothing found";
  return {holds: "holds", violated: "goes wrong", unknown: "no verdict"}[verdict];
}

function describeCounts({states, executions}: Report["counts"], parts: number): string {
  const drawn =
    executions === undefined ? "" : `${executions.toLocaleString("en")} schedules, `;
  const sum = parts > 1 ? ` in ${parts} parts (a sum: parts overlap)` : "";
  return `${drawn}${states?.toLocaleString("en")} ${states === 1 ? "state" : "states"}${sum}`;
}

/** What replay has to be told besides the schedule. */
function optionsFor(file: string | null, livepatches: readonly string[]): string {
  const race = file === null ? "" : ` --race ${quoted(file)}`;
  return race + livepatches.map((name) => ` --livepatch ${quoted(name)}`).join("");
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function describeRaces(races: Report["dataRaces"]): string[] {
  if (races.length === 0) return [];
  return [
    "",
    "data races (--check races lets them decide):",
    ...races.map(({id}) => `  ${id.replace(/^data race: /, "")}`),
  ];
}

function describeFinding(
  {id, file, line, steps, shortest, fewestPreemptions, decides}: Finding,
  options: string,
): string[] {
  const {preemptions, schedule} = fewestPreemptions;
  const length = shortest
    ? `shortest schedule: ${steps} steps; fewest preemptions: ${preemptions}`
    : `a schedule, perhaps not a shortest: ${steps} steps, ${preemptions} preemptions`;
  return [
    "",
    id,
    ...(file ? [`  at ${file}:${line}`] : []),
    `  ${length}`,
    ...(decides ? [`  what decides: ${decides.sentence}`] : []),
    `  tailpage replay ${schedule}${options}`,
  ];
}
