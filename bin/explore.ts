// `tailpage explore RACE`: every schedule of a race, and what goes wrong. The race is one of the book's, or from a file.

import {parseArgs} from "node:util";
import {
  explore,
  strategies,
  type Finding,
  type Progress,
  type Report,
  type StrategyName,
} from "../src/explore/index.ts";
import {assemble, defaultsOf} from "../src/races/index.ts";
import {CliError} from "./errors.ts";
import {orRefuse} from "./own-race.ts";
import {findSubject, linkKernel, readParameters} from "./subjects.ts";

export const EXPLORE_HELP = `tailpage explore RACE or FILE.ts [options]

Explores every schedule of a race and says what can go wrong. FILE.ts exports a race of one's own (CONTRIBUTING.md has
the smallest); exploring it runs the file, with all that you may do: only for files you trust.

  --set NAME=VALUE     a parameter of the race (tailpage races lists them); may be repeated
  --livepatch NAME     a fix by name, or a TypeScript file that defines functions of the kernel again; may be repeated
  --strategy NAME      stateful (the default): every state; dpor: every trace once; or a sampler: pos, pct, random
  --runs N             schedules that a sampler draws (10000)
  --seed N             what it draws from (1): the same schedules for the same number
  --max-states N       give up after so many states
  --max-seconds N      give up after so many seconds
  --json               one JSON object on standard output

Exit code: 0 it holds, 1 a finding, 2 the command was wrong, 3 no verdict within the budget.`;

export async function runExplore(args: string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      set: {type: "string", multiple: true, default: []},
      livepatch: {type: "string", multiple: true, default: []},
      strategy: {type: "string", default: "stateful"},
      runs: {type: "string"},
      seed: {type: "string"},
      "max-states": {type: "string"},
      "max-seconds": {type: "string"},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(EXPLORE_HELP);
  if (positionals.length !== 1)
    throw new CliError("name one race: tailpage explore smaps_vs_split, or a file's");
  const strategy = readStrategy(values.strategy);
  const {race, file, withCode} = await findSubject(positionals[0]);
  const parameters = readParameters(race, values.set);
  const linked = withCode(await linkKernel(values.livepatch));
  const note = orRefuse(file, () => race.note(parameters));
  if (note !== null && !values.json) print(`note: ${note}\n`);

  const report = orRefuse(file, () =>
    explore(() => assemble(race, linked, parameters), defaultsOf(race), {
      strategy,
      ...limit("runs", "--runs", values.runs),
      ...limit("seed", "--seed", values.seed),
      ...limit("maxStates", "--max-states", values["max-states"]),
      ...limit("maxSeconds", "--max-seconds", values["max-seconds"]),
      onProgress: progressLine(),
    }),
  );
  clearProgress();
  print(values.json ? JSON.stringify(report, null, 2) : describeReport(report, file));
  return {holds: 0, violated: 1, unknown: 3}[report.verdict];
}

function readStrategy(name: string): StrategyName {
  if (Object.hasOwn(strategies, name)) return name as StrategyName;
  const names = Object.keys(strategies).join(", ");
  throw new CliError(`there is no strategy "${name}": it is one of ${names}`);
}

function limit(key: string, option: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  const value = Number(text);
  if (!(value > 0)) throw new CliError(`${option} ${text}: it must be a number above 0`);
  return {[key]: value};
}

/** On a terminal, once work is long: how far it is. */
function progressLine(): (progress: Progress) => boolean {
  let last = 0;
  return ({states, seconds}) => {
    if (process.stderr.isTTY && seconds - last > 0.5) {
      last = seconds;
      const rate = Math.round(states / seconds).toLocaleString("en");
      process.stderr.write(
        `\r${states.toLocaleString("en")} states, ${rate} a second \u001b[K`,
      );
    }
    return true;
  };
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

function describeReport(report: Report, file: string | null): string {
  const {race, parameters, livepatches, counts, findings, outcomes, verdict, elapsedMs} =
    report;
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const set = settings.length ? ` (${settings.join(", ")})` : "";
  const patched = livepatches.length ? ` with ${livepatches.join(", ")}` : "";
  const said = {holds: "holds", violated: "goes wrong", unknown: "no verdict"}[verdict];
  const covered = report.complete ? "every schedule" : "not every schedule";
  const seconds = (elapsedMs / 1000).toFixed(1);
  return [
    `${race}${set}${patched}: ${said}`,
    `${describeCounts(counts)} in ${seconds} s; ${covered} was covered, under sequential consistency`,
    ...findings.flatMap((finding) => describeFinding(finding, optionsFor(file, livepatches))),
    ...(outcomes.length ? ["", "outcomes:", ...outcomes.map((outcome) => `  ${outcome}`)] : []),
  ].join("\n");
}

function describeCounts({states, executions}: Report["counts"]): string {
  const drawn =
    executions === undefined ? "" : `${executions.toLocaleString("en")} schedules, `;
  return `${drawn}${states?.toLocaleString("en")} states`;
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

function describeFinding(
  {id, file, line, steps, shortest, fewestPreemptions}: Finding,
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
    `  tailpage replay ${schedule}${options}`,
  ];
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
