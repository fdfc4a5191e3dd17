// `tailpage recorded`: what it prints, and its exit codes.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {fileWith, tailpage} from "./command.ts";

const FILE = "evidence/traces-5.14.2-public.json";
const text = readFileSync(FILE, "utf8");

type Said = {
  sequences: number;
  agreed: number;
  steps: number;
  stepsAgreed: number;
  unsupported: {file?: string; sequence: string; step: number; op: string}[];
  disagreements: {path: string}[];
};

function json(...args: string[]): {status: number | null; stderr: string; value: Said} {
  const {status, stderr, stdout} = tailpage("recorded", ...args, "--json");
  return {status, stderr, value: JSON.parse(stdout)};
}

describe("recorded --json", () => {
  const {status, stderr, value} = json(FILE);

  it("says of how many sequences and steps how many agree; the exit code is 0 if all do", () => {
    const {sequences, agreed, steps, stepsAgreed} = value;
    expect({sequences, steps}).toEqual({sequences: 52, steps: 392});
    expect(status).toBe(agreed === 52 ? 0 : 1);
    expect(stepsAgreed).toBeGreaterThanOrEqual(agreed);
    expect(stderr).toBe("");
  });

  it("counts no sequence as agreed in which something is not supported or differs", () => {
    const {agreed, unsupported, disagreements} = value;
    expect(unsupported.length + disagreements.length === 0).toBe(agreed === 52);
    expect(agreed + unsupported.length).toBeLessThanOrEqual(52);
  });

  it("of several files, is the sum, and says which file is meant", () => {
    const both = json(FILE, "evidence/traces-6.18-public.json").value;
    expect({sequences: both.sequences, steps: both.steps}).toEqual({
      sequences: 104,
      steps: 784,
    });
    expect(both.unsupported.every(({file}) => file?.startsWith("evidence/"))).toBe(true);
  });

  it("of one sequence, is about that one", () => {
    const {value} = json(FILE, "--sequence", "mlock-thp");
    expect(value.sequences).toBe(1);
    const others = value.unsupported.filter(({sequence}) => sequence !== "mlock-thp");
    expect(others).toEqual([]);
  });
});

it("recorded ends in how much agrees", () => {
  const {stdout} = tailpage("recorded", FILE);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
    /^\d+ of 52 sequences agree, \d+ of 392 steps, [\d,]+ of [\d,]+ fields$/,
  );
});

it("recorded --help says what the exit codes are", () => {
  const {status, stdout} = tailpage("recorded", "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/Exit code: 0 all agree, 1 some do not, 2/);
});

const edited = (from: string, to: string): string => fileWith(text.replace(from, to), "t.json");

const BAD: [what: string, args: string[], says: RegExp][] = [
  ["no file", [], /name the files/],
  ["a file that is not there", ["/no/such/file"], /no file \/no\/such\/file/],
  ["a folder", ["evidence"], /evidence is no file/],
  ["a file that was cut off", [fileWith(text.slice(0, 5000), "t.json")], /cut off/],
  ["another recording", ["evidence/race-results.json"], /no trace file/],
  ["a file that is no JSON", ["README.md"], /no trace file/],
  [
    "an unknown process",
    [edited('"proc":"parent"', '"proc":"mother"')],
    /steps\[0\], op\/proc/,
  ],
  [
    "an unknown operation",
    [edited('"name":"madv_hugepage"', '"name":"madv_hugpage"')],
    /first-write-thp, step 1: there is no operation "madv_hugpage": did you mean madv_hugepage\?/,
  ],
  [
    "a text with control characters",
    [fileWith('{"sequences":[{"\\n\\u001b[2J":1}]}')],
    /kernel/,
  ],
  [
    "an unknown sequence",
    [FILE, "--sequence", "mlock-htp"],
    /--sequence mlock-htp: .*did you mean mlock-thp\?/,
  ],
  ["an unknown livepatch", [FILE, "--livepatch", "nowhere"], /no livepatch "nowhere"/],
];

describe.each(BAD)("%s", (_what, args, says) => {
  it("exits with 2 and one line", () => {
    const {status, stdout, stderr} = tailpage("recorded", ...args, "--json");
    expect({status, stdout}).toEqual({status: 2, stdout: ""});
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
