// `tailpage grade` on a folder as teachers have it: whatever lies in it gets a status and a sentence, and the rest is graded.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {parseNotebook, writeNotebook, type Results} from "../../src/grade/index.ts";
import {solutionsOf, submissionOf} from "../notebooks/solutions.ts";
import {gradeFolder, runGrade} from "./command.ts";

const NAME = "03-migration-entries";
const folder = mkdtempSync(join(tmpdir(), "tailpage-grade-"));
const out = mkdtempSync(join(tmpdir(), "tailpage-out-"));
afterAll(() => [folder, out].forEach((each) => rmSync(each, {recursive: true})));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

describe("a folder of submissions", () => {
  let all: readonly Results[];
  let code: number;
  const of = (file: string) => all.find((each) => each.file === file)!;
  const [reference, wrong] = [
    solutionsOf(NAME)[0],
    solutionsOf(NAME).find((s) => s.loses.length > 0)!,
  ];

  beforeAll(async () => {
    put("ada.html", submissionOf(NAME, {...reference, student: "ada"}));
    put("bob.html", submissionOf(NAME, {...wrong, student: "bob"}));
    const notebook = parseNotebook(submissionOf(NAME, {...reference, student: "eve"}))!;
    put("edition.html", writeNotebook({...notebook, edition: "0000000"}));
    const cells = notebook.cells.filter(({id}) => id !== 20);
    put("cell-missing.html", writeNotebook({...notebook, cells}));
    put("essay.html", "<p>My dog ate it.</p>");
    put("notes.txt", "not a notebook");
    put("broken.html", "\u0000\uffff<notebook");
    writeFileSync(join(folder, "work.zip"), Buffer.from("504b030414000000", "hex"));
    put("huge.html", "<notebook>");
    truncateSync(join(folder, "huge.html"), 50_000_000);
    symlinkSync("/etc/passwd", join(folder, "link.html"));
    mkdirSync(join(folder, "more"));
    put("more/carl.html", submissionOf(NAME, {...reference, student: "carl"}));
    put(".hidden", "nobody's");
    ({results: all, code} = await gradeFolder(folder));
  }, 300_000);

  it("is graded, and says by its exit code that some of it could not be read", () => {
    expect(code).toBe(1);
    expect(all.map(({file}) => file)).toEqual([
      ...[
        "ada.html",
        "bob.html",
        "broken.html",
        "cell-missing.html",
        "edition.html",
        "essay.html",
      ],
      ...["huge.html", "link.html", "more/carl.html", "notes.txt", "work.zip"],
    ]);
    for (const file of ["ada.html", "more/carl.html"]) {
      const {score, maxScore, notes} = of(file);
      expect([score, notes]).toEqual([maxScore, []]);
    }
    expect(of("bob.html").score).toBeLessThan(of("bob.html").maxScore);
  });

  it.each([
    ["essay.html", /no notebook/],
    ["notes.txt", /no notebook/],
    ["broken.html", /no notebook/],
    ["work.zip", /archive/],
    ["huge.html", /MB/],
    ["link.html", /symbolic link/],
  ])("%s gets a status and a sentence", (file, sentence) => {
    const {score, properties, notes} = of(file);
    expect(score).toBe(0);
    expect(notes.join()).toMatch(sentence);
    expect(new Set(properties.map(({status}) => status))).toEqual(new Set(["error"]));
    expect(JSON.stringify(of(file))).not.toContain("root:");
  });

  it("of another edition: it is judged by this one, and that is said", () => {
    const {score, maxScore, notes} = of("edition.html");
    expect(score).toBe(maxScore);
    expect(notes.join()).toMatch(/edition 0000000/);
  });

  it("a cell that is missing loses what is about it, and the rest keeps its points", () => {
    const {properties, score} = of("cell-missing.html");
    const lost = properties.filter(({status}) => status === "error");
    expect(lost.map(({message}) => message).join()).toMatch(/cell 20 is missing/);
    expect(lost.length).toBeLessThan(properties.length);
    expect(score).toBeGreaterThan(0);
  });

  it("the same again, byte for byte", async () => {
    const {results} = await gradeFolder(folder);
    expect(JSON.stringify(results)).toBe(JSON.stringify(all));
  }, 300_000);

  it("writes results, a page for all and grades in other forms; and finds what differs from earlier ones", async () => {
    const roster = join(out, "roster.csv");
    const header = "id,name,email,submitted";
    writeFileSync(
      roster,
      [header, "ada,Ada,a@x,2026-01-02T00:00:00Z", "zoe,Zoë,z@x,"].join("\n"),
    );
    const {stdout} = await runGrade([
      ...[folder, "--out", out, "--overview", join(out, "all.html"), "--format", "csv"],
      ...["--roster", roster, "--due", "2026-01-01T00:00:00Z", "--similarity"],
    ]);
    expect(stdout).toMatch(/ada\.html: ada .*late by 1440 minutes/);
    expect(stdout).toMatch(/absent: zoe/);
    expect(stdout).toMatch(/not on the roster: bob/);
    expect(stdout).toMatch(/100 % {2}(ada|edition|more\/carl)\.html/);
    expect(readFileSync(join(out, "grades.csv"), "utf8")).toContain("ada");
    expect(readFileSync(join(out, "all.html"), "utf8")).toContain("Ada");
    expect(existsSync(join(out, "more/carl.results.json"))).toBe(true);

    const again = await runGrade([folder, "--regrade", out]);
    expect(again.stdout).toMatch(/0 risen, 0 fallen/);
  }, 300_000);

  it("in two shards, and joined: the same", async () => {
    const files = await Promise.all(
      ["1/2", "2/2"].map(async (shard, i) => {
        const {stdout} = await runGrade([folder, "--json", "--shard", shard]);
        const file = join(out, `shard-${i}.json`);
        writeFileSync(file, stdout);
        return file;
      }),
    );
    const {execFileSync} = await import("node:child_process");
    const merged = execFileSync(process.execPath, ["dist/tailpage.js", "merge", ...files]);
    const {results} = JSON.parse(String(merged)) as {results: Results[]};
    expect(new Map(results.map((each) => [each.file, each.score]))).toEqual(
      new Map(all.map((each) => [each.file, each.score])),
    );
  }, 300_000);
});

describe("a command that is wrong", () => {
  it.each([
    [[], /name a file or a folder/],
    [["/no/such/folder"], /there is no file or folder/],
    [[folder, "--format", "telepathy"], /no format "telepathy"/],
    [[folder, "--assignment", "99-nothing"], /no assignment "99-nothing"/],
    [[folder, "--shard", "3/2"], /--shard 3\/2/],
    [[folder, "--regrade", "/no/such"], /no results/],
    [[folder, "--anonymise"], /--salt/],
    [[folder, "--nonsense"], /nonsense/],
  ])("%j: one line, exit code 2", async (args, sentence) => {
    const {code, stderr} = await runGrade(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it.each(["--overview", "--roster"])(
    "%s for two assignments at once: refused before anything is judged",
    async (option) => {
      const mixed = mkdtempSync(join(tmpdir(), "tailpage-mixed-"));
      const file = join(mixed, "page-or-roster");
      writeFileSync(file, "id,name,email\nada,Ada,ada@example.org\n");
      for (const name of [NAME, "01-lost-update"])
        writeFileSync(join(mixed, `${name}.html`), submissionOf(name, solutionsOf(name)[0]));
      const {code, stderr} = await runGrade([mixed, option, file]);
      rmSync(mixed, {recursive: true});
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /is for one assignment, and here are 01-lost-update, 03-migration-entries: put/,
      );
      expect(stderr.trim().split("\n")).toHaveLength(1);
    },
  );
});
