// What has not the shape of a trace file is refused with one line; nothing that is no trace file runs.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  OPERATION_NAMES,
  readTraces,
  TraceError,
  unknownOperation,
  type TraceFile,
} from "../../src/recorded/index.ts";
import {FILES, recording, textOf} from "./support.ts";

describe.each(FILES)("%s", (path) => {
  it("is read: 52 sequences of 392 steps, of operations that are known", () => {
    const file = recording(path);
    expect(file.sequences).toHaveLength(52);
    expect(file.sequences.flatMap(({steps}) => steps)).toHaveLength(392);
    expect(unknownOperation(file)).toBeNull();
  });

  it("says what stands in the file, with nothing left out", () => {
    const {sequences} = JSON.parse(textOf(path)) as TraceFile;
    const read = recording(path).sequences;
    expect(read.map(({steps}) => steps)).toEqual(sequences.map(({steps}) => steps));
  });
});

const [{name, about, steps}] = recording().sequences;

/** A file of one step. */
type Loose = ReturnType<typeof small>;
function small() {
  return structuredClone({
    ...{kernel: "5.14.2", pageSize: 4096, hpagePmdSize: 2097152},
    ...{arenaPages: 6144, lruDrained: true},
    sequences: [{name, about, steps: [steps[2]]}],
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is edited may become anything
  }) as any;
}

const step = (file: Loose) => file.sequences[0].steps[0];
const parent = (file: Loose) => step(file).state.parent;

const BAD: [what: string, edit: (file: Loose) => unknown, says: RegExp][] = [
  ["no sequences", (f) => delete f.sequences, /no trace file, since it has no sequences/],
  ["an empty list of them", (f) => (f.sequences = []), /sequences: expected at least one seq/],
  ["no steps", (f) => (f.sequences[0].steps = []), /at least one step/],
  ["no name", (f) => delete f.sequences[0].name, /sequences\[0\], name: it is missing/],
  ["pages of another size", (f) => (f.pageSize = 16384), /pageSize: expected 4096, not 16384/],
  ["a schema of another name", (f) => (f.schema = "v2"), /schema: expected "see README.md"/],
  ["no arena", (f) => delete f.arenaPages, /arenaPages: it is missing/],
  ["an arena beyond counting", (f) => (f.arenaPages = 2 ** 40), /arenaPages: expected at most/],
  [
    "no operation",
    (f) => delete step(f).op,
    /\(first-write-thp\), steps\[0\], op: it is missing/,
  ],
  [
    "an unknown process",
    (f) => (step(f).op.proc = "child7"),
    /steps\[0\], op\/proc: expected \("parent" \| "child1" \| "child2"\), not "child7"/,
  ],
  [
    "the state of an unknown process",
    (f) => (step(f).state.child7 = parent(f)),
    /state\/child7: nothing of that name is known/,
  ],
  ["no state", (f) => delete step(f).state, /state: it is missing/],
  ["no parent", (f) => delete step(f).state.parent, /state\/parent: it is missing/],
  ["no errno", (f) => delete step(f).err, /err: it is missing/],
  ["a number that is none", (f) => (step(f).ret = "0"), /ret: expected number, not "0"/],
  ["half a page", (f) => (step(f).op.a = 0.5), /op\/a: expected a whole number/],
  [
    "a page before the arena",
    (f) => (step(f).op.a = -1),
    /op\/a: expected a number that is not/,
  ],
  [
    "a field that is no number",
    (f) => (parent(f).vmas[0].Rss = null),
    /vmas\/0\/Rss: expected \(number \| string\), not null/,
  ],
  ["no flags", (f) => delete parent(f).pages.flags, /pages\/flags: it is missing/],
  ["a misspelt attribute", (f) => (parent(f).pages.presnt = []), /pages\/presnt: nothing of/],
  ["half a run", (f) => (parent(f).pages.present = [[0]]), /present\/0\/1: it is missing/],
  ["a run of nothing", (f) => (parent(f).pages.present = [[0, 0]]), /at least 1/],
  [
    "runs that overlap",
    (f) => (parent(f).pages.mapcount = [[0, 4, 1], [3, 4, 2]]), // prettier-ignore
    /pages\/mapcount: pages 3 to 7 begin before page 4/,
  ],
  [
    "a run that leaves the arena",
    (f) => (parent(f).pages.flags.LRU = [[6143, 2]]),
    /flags\/LRU: pages 6143 to 6145 are not all in the arena, which has 6144/,
  ],
  [
    "VMAs that overlap",
    (f) => parent(f).vmas.push({...parent(f).vmas[0], from: 8, to: 9}),
    /vmas: pages 8 to 9 begin before page 512/,
  ],
  ["a VMA of nothing", (f) => (parent(f).vmas[0].to = 0), /vmas: pages 0 to 0 are none at all/],
  [
    "a counter that is no number",
    (f) => (step(f).vmstat.x = "1"),
    /vmstat\/x: expected number/,
  ],
];

function refusal(text: string): string {
  try {
    readTraces(text);
  } catch (error) {
    if (error instanceof TraceError) return error.message;
    throw error;
  }
  return "";
}

describe("is refused:", () => {
  it.each(BAD)("%s", (_what, edit, says) => {
    const file = small();
    expect(refusal(JSON.stringify(file))).toBe("");
    edit(file);
    const said = refusal(JSON.stringify(file));
    expect(said).toMatch(says);
    expect(said).not.toMatch(/\n/);
  });

  it.each([
    ["a file that was cut off", textOf(FILES[0]).slice(0, 100_000), /cut off; copy it again/],
    ["an empty file", " \n", /the file is empty/],
    ["another text", "Linux 5.14.2\n", /no trace file/],
    ["a list", "[]", /no trace file/],
    ["nothing", "null", /no trace file/],
    ["another recording", textOf("evidence/race-results.json"), /no trace file/],
  ])("%s", (_what, text, says) => expect(refusal(text)).toMatch(says));
});

it("a piece that is left out as unstable need not be there", () => {
  const file = small();
  delete step(file).ret;
  delete parent(file).pages.flags;
  delete parent(file).vmas[0].perms;
  expect(refusal(JSON.stringify(file))).toMatch(/ret: it is missing/);
  const pieces = ["vmas/0-512/perms", "pages/flags"].map((piece) => `state/parent/${piece}`);
  step(file).unstable = ["ret", ...pieces];
  expect(refusal(JSON.stringify(file))).toBe("");
});

it("an operation that nobody knows is named with its place", () => {
  const file = small();
  step(file).op.name = "madv_dontned";
  expect(unknownOperation(readTraces(JSON.stringify(file)))).toEqual({
    ...{sequence: "first-write-thp", step: 0, op: "madv_dontned"},
  });
  expect(OPERATION_NAMES.length).toBe(new Set(OPERATION_NAMES).size);
});

/** Every place in a value, as the keys that lead there. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]));
  return [path, ...below];
}

it("whatever is put anywhere into a file, it is read or refused with a sentence", () => {
  const all = places(small()).filter((path) => path.length > 0);
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.option(fc.jsonValue()), (path, value) => {
      const file = small();
      const owner = path.slice(0, -1).reduce((part, key) => part[key], file);
      if (value === null) delete owner[path.at(-1)!];
      else owner[path.at(-1)!] = value;
      expect(refusal(JSON.stringify(file))).toMatch(/^$|^[^\n]{20,}$/);
    }),
    {numRuns: 2000},
  );
});

it("wherever a file is cut off, that is said", () => {
  const text = textOf(FILES[0]).trimEnd();
  fc.assert(
    fc.property(fc.nat(text.length - 1), (end) => {
      expect(refusal(text.slice(0, end))).toMatch(/copy it again/);
    }),
    {numRuns: 50},
  );
});
