// `tailpage replay SCHEDULE`: one run, step by step, a column for each thread.

import {readFileSync, statSync} from "node:fs";
import {parseArgs} from "node:util";
import {unpackShared, type Shared} from "../src/book/shared_link.ts";
import {execute, parseSchedule, recorded, type Schedule} from "../src/explore/index.ts";
import type {Livepatch} from "../src/livepatch/index.ts";
import {assemble, defaultsOf} from "../src/races/index.ts";
import {columns} from "./columns.ts";
import {CliError} from "./errors.ts";
import {orRefuse} from "./own-race.ts";
import {linkKernel, parametersFrom, subjectOf} from "./subjects.ts";

export const REPLAY_HELP = `tailpage replay SCHEDULE [options]

Runs one schedule and prints its steps, a column for each thread. SCHEDULE is a string that tailpage explore has
printed, a link of the book, or a file that holds either. The kernel that a link carries is a stranger's: it runs
shut away, in an engine of its own.

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
  const {schedule, kernel} = await readSchedule(positionals[0]);
  const {race, file, withCode} = await subjectOf(schedule.race, values.race);
  const linked = await linkKernel(values.livepatch, kernel);
  const parameters = parametersFrom(race, schedule.parameters);
  const assembled =
    kernel.length > 0
      ? await (await import("./apart.ts")).assembleStrangers(race, linked, parameters)
      : orRefuse(file, () => assemble(race, withCode(linked), parameters));
  const program = recorded(assembled, schedule);
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

/** `kernel` is what a link carries: functions of the kernel, as somebody has rewritten them. */
type Read = {readonly schedule: Schedule; readonly kernel: readonly Livepatch[]};

async function readSchedule(text: string): Promise<Read> {
  const string = isFile(text) ? readFileSync(text, "utf8").trim() : text;
  const shared = await readLink(string);
  if (shared && shared.schedule === undefined)
    throw new CliError(
      "this link carries no schedule: it was made where no timeline was shown",
    );
  const said = shared?.schedule ?? string;
  const schedule = parseSchedule(said) ?? parseSchedule(said.slice(said.lastIndexOf("#") + 1));
  if (schedule) return {schedule, kernel: shared?.kernel ?? []};
  throw new CliError(
    `"${text}" is no schedule: it looks like smaps_vs_split~1w74qjh1~a14b11a5 (is a part of it missing?)`,
  );
}

async function readLink(text: string): Promise<Shared | null> {
  try {
    return await unpackShared(text.slice(text.indexOf("#") + 1));
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
}
