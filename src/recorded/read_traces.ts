// From the text of a trace file to what it says. Files come from elsewhere: what has not the right shape is refused with one line, which says
// what, why that usually is, and one thing to try.

import * as v from "valibot";
import {PROCESSES, type Run, type TraceFile, type ValueRun, type Vma} from "./trace.ts";
import {fillUnstable} from "./unstable.ts";

export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** Throws a TraceError where there is nothing that could be run. */
export function readTraces(text: string): TraceFile {
  const value = parseJson(text);
  if (!isObject(value) || !("sequences" in value)) throw new TraceError(NO_TRACES);
  const {arenaPages} = checked(value, header);
  return checked(value, traceFile(arenaPages));
}

const NO_TRACES =
  "this is no trace file, since it has no sequences: it may be another of the recordings; name one that is called traces-*.json";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (text.trim() === "") throw new TraceError("the file is empty: copy it again");
    if (!text.trimStart().startsWith("{")) throw new TraceError(NO_TRACES);
    throw new TraceError("this is no JSON: the file was probably cut off; copy it again");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

// The schema. Where an object is strict, somebody would otherwise take a misspelt attribute for one that no page has.

/** 1 GiB: more than anybody records, and few enough to be counted page by page. */
const MOST_PAGES = 262144;

/** Sub-pages of a huge page: 512 on x86-64, and fewer where nobody would wait for so many. */
const HUGE_PAGES = [4, 8, 16, 32, 64, 128, 256, 512];

const name = v.pipe(
  v.string(),
  v.regex(/^[^\p{Cc}]{1,200}$/u, "expected a name of 1 to 200 characters that can be printed"),
);
const whole = v.pipe(v.number(), v.safeInteger("expected a whole number"));
const count = v.pipe(whole, v.minValue(0, "expected a number that is not negative"));
const some = v.pipe(whole, v.minValue(1, "expected a number of at least 1"));

/** What a file of recordings says of its schema: another word means another schema. */
const THIS_SCHEMA = "see README.md";

const header = v.object({
  schema: v.exactOptional(v.literal(THIS_SCHEMA, `expected "${THIS_SCHEMA}"`)),
  kernel: name,
  pageSize: v.literal(4096),
  hpagePmdSize: v.picklist(
    HUGE_PAGES.map((pages) => pages * 4096),
    "expected 2097152, or less where a model recorded itself",
  ),
  arenaPages: v.pipe(some, v.maxValue(MOST_PAGES, `expected at most ${MOST_PAGES} pages`)),
  lruDrained: v.boolean(),
});

/** `pages` is the size of the arena. */
function traceFile(pages: number) {
  return v.object({...header.entries, sequences: atLeastOne(sequence(pages), "sequence")});
}

function sequence(pages: number) {
  return v.object({name, about: v.string(), steps: atLeastOne(step(pages), "step")});
}

/** What has none would agree with everything. */
function atLeastOne<T>(item: v.GenericSchema<unknown, T>, what: string) {
  return v.pipe(v.array(item), v.minLength(1, `expected at least one ${what}`));
}

const op = v.strictObject({
  proc: v.picklist(PROCESSES),
  name,
  a: count,
  b: count,
  // A node, an advice or a protection: any number.
  c: whole,
});

function step(pages: number) {
  const ofProcess = v.strictObject({vmas: vmas(pages), pages: attributes(pages)});
  const whatIsThere = v.strictObject({
    op,
    ret: whole,
    err: name,
    detail: v.exactOptional(whole),
    vmstat: v.record(name, whole),
    unstable: v.exactOptional(v.array(name)),
    state: v.strictObject({
      parent: ofProcess,
      child1: v.exactOptional(ofProcess),
      child2: v.exactOptional(ofProcess),
    }),
  });
  return v.pipe(v.unknown(), v.transform(filled), whatIsThere);
}

/** The value is our own: it was parsed a moment ago. */
function filled(step: unknown): unknown {
  fillUnstable(step);
  return step;
}

function vmas(pages: number) {
  const vma = v.objectWithRest(
    {from: count, to: count, perms: name, VmFlags: v.string()},
    v.union([whole, v.string()]),
  );
  return placed(v.array(vma), pages, ({from, to}: Vma) => [from, to - from]);
}

function attributes(pages: number) {
  const set = v.exactOptional(runs(pages));
  const values = v.exactOptional(valueRuns(pages));
  return v.strictObject({
    ...{present: set, swapped: set, fileOrShmem: set, exclusive: set, softDirty: set},
    ...{swapType: values, mapcount: values, gen: values, compound: values},
    sameFrameAsParent: set,
    flags: v.record(name, runs(pages)),
  });
}

function runs(pages: number) {
  const run = v.strictTuple([count, some]);
  return placed(v.array(run), pages, ([from, n]: Run) => [from, n]);
}

function valueRuns(pages: number) {
  const run = v.strictTuple([count, some, whole]);
  return placed(v.array(run), pages, ([from, n]: ValueRun) => [from, n]);
}

/** A list whose items, each at its place, follow each other in the arena. */
function placed<T>(
  list: v.GenericSchema<unknown, T[]>,
  pages: number,
  place: (item: T) => Run,
): v.GenericSchema<unknown, T[]> {
  return v.pipe(
    list,
    v.check(
      (items) => misplaced(items.map(place), pages) === null,
      ({input}) => misplaced(input.map(place), pages)!,
    ),
  );
}

function misplaced(places: readonly Run[], pages: number): string | null {
  let end = 0;
  for (const [from, n] of places) {
    const here = `pages ${from} to ${from + n}`;
    if (n < 1) return `${here} are none at all`;
    if (from < end) return `${here} begin before page ${end}, where what precedes them ends`;
    end = from + n;
    if (end > pages) return `${here} are not all in the arena, which has ${pages}`;
  }
  return null;
}

// What is wrong, in one line

function checked<T>(value: unknown, schema: v.GenericSchema<unknown, T>): T {
  const result = v.safeParse(schema, value, {abortEarly: true});
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new TraceError(
    printable(
      `${placeOf(issue, value)}: ${whatIsWrong(issue)} (the file is of another schema, or was edited; evidence/SCHEMA.md says what belongs there)`,
    ),
  );
}

type Issue = v.BaseIssue<unknown>;

function whatIsWrong({kind, message, expected, received}: Issue): string {
  if (kind === "validation") return expected === null ? message : `${message}, not ${received}`;
  if (received === "undefined") return "it is missing";
  if (expected === "never") return "nothing of that name is known";
  return `expected ${expected}, not ${received.slice(0, 60)}`;
}

/** `sequences[4] (first-write-thp), steps[2], state/parent/vmas/0/Rss` */
function placeOf({path}: Issue, value: unknown): string {
  const keys = (path ?? []).map(({key}) => String(key));
  if (keys[0] !== "sequences" || keys.length < 2) return keys.join("/");
  const {name: called} = Object((value as {sequences: unknown[]}).sequences[Number(keys[1])]);
  const sequence = `sequences[${keys[1]}]${typeof called === "string" ? ` (${called.slice(0, 60)})` : ""}`;
  if (keys[2] !== "steps" || keys.length < 4) return [sequence, ...keys.slice(2)].join(", ");
  return [sequence, `steps[${keys[3]}]`, keys.slice(4).join("/")].filter(Boolean).join(", ");
}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
