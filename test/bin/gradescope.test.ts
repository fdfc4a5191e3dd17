// The autograder for Gradescope: made, unpacked and run, as it is run there.

import {spawnSync} from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {unzipSync} from "fflate";
import {notebooks} from "virtual:notebooks";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Gradescope} from "../../src/grade/index.ts";
import {solutionsOf, submissionOf} from "../notebooks/solutions.ts";
import {fileWith, tailpage} from "./command.ts";

const NAME = "06-try-get-compound-head";
const SECRET = "only the teacher has read this sentence";

const HIDDEN = `
import {holds, type Property} from "tailpage/grade";
import {where} from "./scenes.ts";

// ${SECRET}
export const hidden: readonly Property[] = [
  holds({id: "hidden-free", title: "What was freed is not written to.", points: 3, needs: ["try_get_compound_head"], in: where}),
];
`;
const SCENES = `export const where = {race: "gup_fast_vs_free", set: {pages: 2}};`;

let place: string;
let zip: Record<string, Uint8Array>;
let bytes: Buffer;

beforeAll(() => {
  const hidden = dirname(fileWith(HIDDEN, `${NAME}.ts`));
  writeFileSync(join(hidden, "scenes.ts"), SCENES);
  place = mkdtempSync(join(tmpdir(), "tailpage-gradescope-"));
  const [out, again] = ["a.zip", "b.zip"].map((name) => join(place, name));
  const made = tailpage("gradescope", "--assignment", NAME, "--hidden", hidden, "--out", out);
  expect(made).toMatchObject({status: 0, stderr: ""});
  expect(made.stdout).toContain("11 points in 6 checks, and 3 in 1 that students do not see");
  tailpage("gradescope", "--assignment", NAME, "--hidden", hidden, "--out", again);
  bytes = readFileSync(out);
  expect(bytes.equals(readFileSync(again))).toBe(true);
  zip = unzipSync(bytes);
  for (const [file, content] of Object.entries(zip)) {
    mkdirSync(dirname(join(place, "source", file)), {recursive: true});
    writeFileSync(join(place, "source", file), content);
  }
  chmodSync(join(place, "source/run_autograder"), 0o755);
  // What setup.sh installs.
  symlinkSync(resolve("node_modules"), join(place, "source/node_modules"));
});
afterAll(() => rmSync(place, {recursive: true, force: true}));

function run(files: Record<string, string>, source = join(place, "source")): Gradescope {
  const submission = mkdtempSync(join(place, "submission-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(submission, name), text);
  const results = join(submission, "..", "results");
  const {status} = spawnSync(join(place, "source/run_autograder"), {
    env: {
      PATH: process.env["PATH"],
      TAILPAGE_SOURCE: source,
      TAILPAGE_SUBMISSION: submission,
      TAILPAGE_RESULTS: results,
    },
    stdio: "ignore",
  });
  expect(status).toBe(0);
  expect(existsSync(join(results, "results.json.part"))).toBe(false);
  return JSON.parse(readFileSync(join(results, "results.json"), "utf8")) as Gradescope;
}

const solution = (name: string): string =>
  submissionOf(
    NAME,
    solutionsOf(NAME).find((each) => each.name === name)!,
  );

/** The mode of a file, as the directory at the end of a zip has it: 46 bytes for each file, then its name. */
function modeOf(file: string): number {
  for (let at = bytes.indexOf("PK\u0001\u0002"); at >= 0;) {
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + length);
    if (name === file) return bytes.readUInt32LE(at + 38) >>> 16;
    at = bytes.indexOf("PK\u0001\u0002", at + 46 + length);
  }
  throw new Error(`there is no ${file}`);
}

describe("what is in it", () => {
  it("has its two scripts at the root, executable, and they are sound shell", () => {
    for (const script of ["setup.sh", "run_autograder"]) {
      expect(modeOf(script)).toBe(0o100755);
      const {status, stderr} = spawnSync("bash", ["-n", join(place, "source", script)]);
      expect([status, String(stderr)]).toEqual([0, ""]);
    }
  });

  it("has the hidden checks as one file, without comments, and nothing else of any teacher", () => {
    const names = Object.keys(zip);
    expect(names.filter((name) => /^(notebooks|hidden)\//.test(name)).sort()).toEqual([
      `hidden/${NAME}.ts`,
      `notebooks/${NAME}/checks.ts`,
      `notebooks/${NAME}/notebook.html`,
      "notebooks/asking.ts",
      "notebooks/mapcounts.ts",
      "notebooks/measures.ts",
      "notebooks/only_if.ts",
      "notebooks/variants.ts",
    ]);
    const all = Object.values(zip).map((content) => new TextDecoder().decode(content));
    for (const secret of ["teacher-only", SECRET, place, process.cwd()])
      expect(all.filter((text) => text.includes(secret))).toEqual([]);
  });
});

describe("run_autograder", () => {
  it("gives a right answer all points, and says hidden checks to nobody", () => {
    const results = run({"notebook.html": solution("reference")});
    expect(results).toMatchObject({
      score: 14,
      visibility: "visible",
      stdout_visibility: "hidden",
      // What the page says, so that nobody is told of another one.
      extra_data: {assignment: NAME, student: "s1", edition: notebooks[NAME].edition},
    });
    expect(results.execution_time).toBeGreaterThan(0);
    expect(results.tests.map(({status}) => status)).toEqual(Array(7).fill("passed"));
    expect(results.tests.map(({visibility}) => visibility)).toEqual([
      ...Array<string>(6).fill("visible"),
      "hidden",
    ]);
    for (const test of results.tests)
      expect(test).toMatchObject({
        score: expect.any(Number),
        max_score: expect.any(Number),
        name: expect.any(String),
        number: expect.any(String),
        output: expect.any(String),
        output_format: "md",
      });
  });

  it("says of a wrong one what is wrong, with a schedule", () => {
    const wrong = solutionsOf(NAME).find(({name}) => name.startsWith("wrong/"))!;
    const {score, tests} = run({"any name.html": submissionOf(NAME, wrong)});
    expect(score).toBeLessThan(14);
    expect(tests.some(({output}) => output.includes("tailpage replay"))).toBe(true);
  });

  it.each<[string, Record<string, string>, string]>([
    ["nothing", {}, "there is no notebook in what was handed in"],
    ["something else", {"a.txt": "tomorrow"}, "there is no notebook in what was handed in"],
    ["an archive", {"a.zip": "PK\u0003\u0004"}, "this is an archive"],
    [
      "two",
      {"a.html": solution("reference"), "b.html": solution("reference")},
      "there are 2 notebooks",
    ],
    [
      "another assignment",
      {"a.html": submissionOf("01-lost-update", {cells: new Map()})},
      'this is of the assignment "01-lost-update"',
    ],
  ])("gives no point for %s, and says so", (_, files, sentence) => {
    const {score, output, tests} = run(files);
    expect(score).toBe(0);
    expect(output).toContain(sentence);
    expect(tests).toHaveLength(7);
  });

  it("leaves results when it could not grade, and when it could not even start", () => {
    const files = {"a.html": solution("reference")};
    const settings = join(place, "source/gradescope.json");
    const before = readFileSync(settings);
    writeFileSync(settings, "{");
    expect(run(files)).toMatchObject({
      score: 0,
      output: expect.stringContaining("not graded"),
    });
    writeFileSync(settings, before);
    expect(run(files, "/nowhere")).toMatchObject({
      score: 0,
      output: expect.stringContaining("did not start"),
    });
  });
});

it.each([
  [["--out", "x.zip"], "say which assignment"],
  [["--assignment", "nothing", "--out", "x.zip"], "there is no assignment"],
  [["--assignment", NAME, "--hidden", "src", "--out", "x.zip"], "has no hidden checks"],
])("%j is refused in one line", (args, sentence) => {
  const {status, stderr} = tailpage("gradescope", ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(existsSync("x.zip")).toBe(false);
});
