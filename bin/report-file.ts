// What a part of a search found, as a file. Files come from other machines and other people: nothing in one is taken on
// trust that is printed, or put into a line for a shell.

import {existsSync, statSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {parseSchedule, type PartNumber, type Report} from "../src/explore/index.ts";
import {CliError} from "./errors.ts";
import {readText, type KindOfFile} from "./read-text.ts";

export function nameOfPart(race: string, {index, of}: PartNumber): string {
  return `${race}-${index}-of-${of}.json`;
}

/** Refuses a path that nothing can be written to, before the work is done. */
export function checkPlace(path: string): void {
  if (!existsSync(dirname(path)))
    throw new CliError(`${path} cannot be written: there is no folder ${dirname(path)}`);
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory())
    throw new CliError(`${path} cannot be written: it is a folder`);
}

export function writeReport(path: string, report: Report): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new CliError(`${path} cannot be written: ${(error as Error).message}`);
  }
}

const REPORT: KindOfFile = {
  is: "a report",
  // Larger than any that explore writes.
  mostBytes: 64 * 2 ** 20,
  absent: "was the part explored?",
  folder: "name those that explore --shard wrote",
};

export function readReport(path: string): Report {
  const value = parse(path, readText(path, REPORT));
  if (!isReport(value))
    throw new CliError(
      `${path} is not what explore --shard writes: a report of one part (is it another file, or from another version?)`,
    );
  const stray = value.shard && schedulesOf(value).find((schedule) => !belongs(schedule, value));
  if (stray === undefined) return value;
  throw new CliError(
    `${path}: "${stray.slice(0, 60)}" is no schedule of ${value.race} on the code that the file names`,
  );
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`${path} is no JSON: was it cut off?`);
  }
}

function schedulesOf({findings, dataRaces}: Report): string[] {
  return [
    ...findings.flatMap(({schedule, fewestPreemptions, decides}) => [
      schedule,
      fewestPreemptions.schedule,
      ...(decides ? [decides.otherwise] : []),
    ]),
    ...dataRaces.map(({schedule}) => schedule),
  ];
}

function belongs(text: string, {race, shard}: Report): boolean {
  const schedule = parseSchedule(text);
  return schedule?.race === race && schedule.code === shard?.code;
}

// The shape of a report. What is printed holds no control characters.

type Shape = (value: unknown) => boolean;

const flag: Shape = (value) => typeof value === "boolean";
const count: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const text: Shape = (value) =>
  typeof value === "string" && !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(value);
const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value) =>
    values.includes(value);
const either =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value));
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const recordOf =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value) && Object.entries(value).every(([key, part]) => text(key) && shape(part));
const object =
  (parts: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) && Object.entries(parts).every(([key, shape]) => shape(value[key]));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const path = {steps: count, preemptions: count, schedule: text};

const finding = object({
  ...path,
  id: text,
  invariant: text,
  message: text,
  function: text,
  file: text,
  line: count,
  shortest: flag,
  fewestPreemptions: object(path),
  decides: either(
    oneOf(null),
    object({sentence: text, first: count, second: count, otherwise: text}),
  ),
});

const access = object({thread: text, function: text, kind: text, cell: text, plain: flag});

const partNumber: Shape = (value) =>
  object({index: count, of: count, code: text, plan: either(oneOf(null), text)})(value) &&
  isOneOf(value as PartNumber);

function isOneOf({index, of}: PartNumber): boolean {
  return index >= 1 && index <= of;
}

const report = object({
  race: text,
  parameters: recordOf(either(text, count)),
  livepatches: listOf(text),
  strategy: text,
  memoryModel: oneOf("sc"),
  verdict: oneOf("holds", "violated", "unknown"),
  complete: flag,
  counts: recordOf(count),
  findings: listOf(finding),
  outcomes: listOf(text),
  dataRaces: listOf(object({id: text, accesses: listOf(access), schedule: text})),
  shard: either(oneOf(undefined), partNumber),
  elapsedMs: count,
});

function isReport(value: unknown): value is Report {
  return report(value);
}
