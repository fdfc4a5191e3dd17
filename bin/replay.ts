// `tailpage replay SCHEDULE`: one run, step by step, a column for each thread.

import {readFileSync, statSync} from "node:fs";
import {parseArgs} from "node:util";
import {execute, parseSchedule, type Schedule, type Trace} from "../src/explore/index.ts";
import {assemble, defaultsOf} from "../src/races/index.ts";
import {CliError} from "./errors.ts";
import {orRefuse} from "./own-race.ts";
import {linkKernel, parametersFrom, subjectOf} from "./subjects.ts";

export const REPLAY_HELP = `tailpage replay SCHEDULE [options]

Runs one schedule and prints its steps, a column for each thread. SCHEDULE is a string that tailpage explore has
printed, a link that ends in one, or a file that holds one.

  --race FILE.ts       the file that the race is from, if it is none of the book's; replaying runs the file
  --livepatch NAME     as it was explored with; may be repeated
  --json               the trace as one JSON object

Exit code: 1 the finding again, 0 none, 2 the command was wrong, 3 recorded on other code: replayed as far as it holds.`;

export async function runReplay(args: string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      race: {type: "string"},
      livepatch: {type: "string", multiple: true, default: []},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) {
    process.stdout.write(`${REPLAY_HELP}\n`);
    return 0;
  }
  if (positionals.length !== 1)
    throw new CliError("name one schedule, as tailpage explore prints it");
  const schedule = readSchedule(positionals[0]);
  const {race, file, withCode} = await subjectOf(schedule.race, values.race);
  const linked = withCode(await linkKernel(values.livepatch));
  const parameters = parametersFrom(race, schedule.parameters);
  const program = orRefuse(file, () => assemble(race, linked, parameters));
  const otherCode = program.code !== schedule.code;
  const trace = orRefuse(file, () => execute(program, schedule.threads, defaultsOf(race)));

  if (values.json) process.stdout.write(`${JSON.stringify(trace, null, 2)}\n`);
  else process.stdout.write(`${columns(trace).join("\n")}\n`);
  if (otherCode) {
    const held =
      trace.warning ?? "all its steps could be made, but they need not mean the same";
    console.error(
      `this schedule was recorded on other code (${schedule.code}, and this is ${program.code}): ${held}. ${file === null ? "is a --livepatch missing?" : `is a --livepatch missing, or has ${file} changed?`}`,
    );
    return 3;
  }
  if (trace.warning !== null) console.error(trace.warning);
  return trace.findings.length > 0 ? 1 : 0;
}

function readSchedule(text: string): Schedule {
  const string = isFile(text) ? readFileSync(text, "utf8").trim() : text;
  const schedule =
    parseSchedule(string) ?? parseSchedule(string.slice(string.lastIndexOf("#") + 1));
  if (schedule) return schedule;
  throw new CliError(
    `"${text}" is no schedule: it looks like smaps_vs_split~1w74qjh1~a14b11a5 (is a part of it missing?)`,
  );
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
}

const WIDTH = 100;

function columns({threads, steps, findings, outcome}: Trace): string[] {
  const width = Math.floor((WIDTH - 6) / threads.length);
  const cell = (thread: number, text: string): string =>
    " ".repeat(thread * width) + text.slice(0, width - 1).padEnd(width);
  const lines = [`      ${threads.map(({name}) => name.padEnd(width)).join("")}`.trimEnd()];
  let where = "";
  let shared = 0;
  for (const {thread, text, places, shared: isShared} of steps) {
    const here = `${thread}${places[0]?.function ?? ""}`;
    if (here !== where && places[0])
      lines.push(`      ${cell(thread, `${places[0].function}()`)}`.trimEnd());
    where = here;
    const number = isShared ? String(++shared) : "";
    for (const [i, part] of wrapped(text, width - 3).entries()) {
      lines.push(
        `${(i === 0 ? number : "").padStart(5)} ${cell(thread, `  ${part}`)}`.trimEnd(),
      );
    }
  }
  for (const {message, function: inside, file, line, dump} of findings) {
    lines.push(
      "",
      `${message}${inside ? ` in ${inside}()` : ""}${file ? `, ${file}:${line}` : ""}`,
    );
    lines.push(...dump.map((word) => `  ${word}`));
  }
  if (outcome !== null) lines.push("", outcome);
  return lines;
}

function wrapped(text: string, width: number): string[] {
  const parts = [];
  for (let rest = text; rest;) {
    const space = rest.length > width ? rest.lastIndexOf(" ", width) : -1;
    const end = rest.length <= width ? rest.length : space > 0 ? space : width;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return parts;
}
