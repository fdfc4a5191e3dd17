// The command: what it answers, with which exit code, to people and to programs.

import {describe, expect, it} from "vitest";
import {packShared} from "../../src/book/shared_link.ts";
import {races} from "../../src/races/index.ts";
import type {Report, Trace} from "../../src/explore/index.ts";
import {FIX} from "../support.ts";
import {fileWith, tailpage} from "./command.ts";

const race = ["smaps_vs_split", "--set", "pages=2"];

function json<T>(...args: string[]): {status: number | null; value: T} {
  const {status, stdout, stderr} = tailpage(...args, "--json");
  expect(stderr).toBe("");
  return {status, value: JSON.parse(stdout) as T};
}

const violated = json<Report>("explore", ...race);

describe("exit codes", () => {
  it.each([
    [
      0,
      "it holds",
      ["explore", "lost_update", "--set", "increment=atomic"],
      "lost_update (cpus=2, increment=atomic): holds",
    ],
    [
      0,
      "it holds with the fix",
      ["explore", ...race, "--livepatch", FIX],
      `with ${FIX}: holds`,
    ],
    [1, "a finding", ["explore", "lost_update"], "shared.counter is 1 after 2 increments"],
    [
      3,
      "no verdict within the budget",
      ["explore", "smaps_vs_split", "--livepatch", FIX, "--max-states", "1000"],
      "no verdict",
    ],
    [0, "the races", ["races"], "smaps_vs_split"],
    [0, "what the command can do", [], "tailpage COMMAND"],
  ])("%i: %s", (code, _what, args, says) => {
    const {status, stdout, stderr} = tailpage(...args);
    expect({status, stderr}).toEqual({status: code, stderr: ""});
    expect(stdout).toContain(says);
  });

  it.each(["races", "explore", "replay", "build", "serve"])("0: %s --help", (name) => {
    const {status, stdout, stderr} = tailpage(name, "--help");
    expect({status, stderr}).toEqual({status: 0, stderr: ""});
    expect(stdout).toMatch(new RegExp(`^tailpage ${name}`));
  });
});

describe("explore --json", () => {
  it("prints one object, with everything that it promises", () => {
    expect(violated.status).toBe(1);
    expect(Object.keys(violated.value).sort()).toEqual(
      [
        ...[
          "race",
          "parameters",
          "livepatches",
          "strategy",
          "memoryModel",
          "verdict",
          "complete",
          "counts",
        ],
        ...["findings", "outcomes", "dataRaces", "elapsedMs"],
      ].sort(),
    );
    expect(violated.value).toMatchObject({
      race: "smaps_vs_split",
      parameters: {pages: 2, mms: 1, readers: 1, pgflags: "on"},
      livepatches: [],
      strategy: "stateful",
      memoryModel: "sc",
      verdict: "violated",
      complete: true,
    });
  });

  it("names the BUG, its function and a schedule", () => {
    const {findings} = violated.value;
    const bugs = findings.filter(({message}) => message === "VM_BUG_ON_PAGE(!PageHead(page))");
    expect(bugs.map((bug) => bug.function)).toEqual(["PageDoubleMap", "PageDoubleMap"]);
    for (const {schedule} of findings) {
      expect(schedule).toMatch(/^smaps_vs_split~pages-2~[0-9a-z]{8}~[ab0-9]+$/);
    }
  });

  it("prints nothing but the object where people would be told a note", () => {
    const {status, value} = json<Report>(
      "explore",
      "smaps_vs_split",
      "--set",
      "mms=2",
      "--set",
      "pages=2",
    );
    expect({status, verdict: value.verdict}).toEqual({status: 1, verdict: "violated"});
    expect(tailpage("explore", ...race).stdout).toMatch(/^note: /);
  });

  it("with the fix holds, and says what it was linked with", () => {
    const {status, value} = json<Report>("explore", ...race, "--livepatch", FIX);
    expect(status).toBe(0);
    expect(value).toMatchObject({
      verdict: "holds",
      complete: true,
      livepatches: [FIX],
      findings: [],
    });
  });

  it("without a verdict exits with 3", () => {
    const {status, value} = json<Report>(
      "explore",
      "smaps_vs_split",
      "--livepatch",
      FIX,
      "--max-states",
      "1000",
    );
    expect(status).toBe(3);
    expect(value).toMatchObject({verdict: "unknown", complete: false});
  });
});

it("races --json lists every race with its parameters, values and defaults", () => {
  const {status, value} = json<{
    races: {name: string; parameters: {name: string; default: unknown; values: unknown[]}[]}[];
  }>("races");
  expect(status).toBe(0);
  expect(value.races.map(({name}) => name)).toEqual(races.map(({name}) => name));
  const [, {parameters}] = value.races;
  expect(Object.fromEntries(parameters.map((p) => [p.name, p.default]))).toEqual({
    pages: 4,
    mms: 1,
    readers: 1,
    pgflags: "on",
    splitter: "page",
  });
});

it("a livepatch from a file counts as one by name", () => {
  const same = fileWith(
    "// As it is.\nexport function* page_mapcount(page: Page): Op<number> {\n  const compound = yield* PageCompound(page);\n" +
      "  if (compound) return yield* __page_mapcount(page);\n  const mapcount = yield* atomic_read(page._mapcount);\n  return mapcount + 1;\n}\n",
  );
  const {value} = json<Report>("explore", ...race, "--livepatch", same);
  expect(value.livepatches).toEqual([same]);
  expect(value.findings.map(({schedule}) => schedule)).toEqual(
    violated.value.findings.map(({schedule}) => schedule),
  );
  expect(
    json<Report>("explore", ...race, "--livepatch", same, "--livepatch", FIX).value.verdict,
  ).toBe("holds");
});

describe.each(violated.value.findings)("replay of the schedule to $id", (finding) => {
  const {message, function: where, file, line, schedule, fewestPreemptions} = finding;

  it("exits with 1 and prints the same finding", () => {
    for (const text of new Set([schedule, fewestPreemptions.schedule])) {
      const {status, stdout, stderr} = tailpage("replay", text);
      expect({status, stderr}).toEqual({status: 1, stderr: ""});
      expect(stdout).toContain(`${message} in ${where}(), ${file}:${line}`);
    }
  });

  it("--json: the trace, as one object", () => {
    const {status, value} = json<Trace>("replay", schedule);
    expect(status).toBe(1);
    expect(value).toMatchObject({race: "smaps_vs_split", schedule, warning: null});
    expect([...violated.value.outcomes, null]).toContain(value.outcome);
  });

  it("with the fix: exits with 3 and says that the code is another", () => {
    const {status, stdout, stderr} = tailpage("replay", schedule, "--livepatch", FIX);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^this schedule was recorded on other code \([0-9a-z]{8}, and this is [0-9a-z]{8}\)/,
    );
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).not.toContain(message);
  });
});

describe("replay of the schedule to a BUG", () => {
  const {schedule} = violated.value.findings.find(({invariant}) => invariant === "no BUG")!;
  const plain = tailpage("replay", schedule);

  it("prints the dump of the page", () => {
    expect(plain.stdout).toMatch(/page\[[01]\]\._refcount: [01]\n/);
  });

  it("from a link, or from a file, is the same", () => {
    expect(
      tailpage("replay", `https://example.org/book/11-the-thread.html#${schedule}`),
    ).toEqual(plain);
    expect(tailpage("replay", fileWith(`${schedule}\n`, "schedule.txt"))).toEqual(plain);
  });
});

describe("replay of a link that carries a kernel", () => {
  const name = "smaps_pte_entry";
  const text = `export function* ${name}(pte: Pte, mss: MemSizeStats): Op<void> {
  if (pte_present(pte)) return;
  const page = yield* migration_entry_to_page(pte);
  yield* smaps_account(mss, page, false, false, false);
}`;
  const link = async (schedule: string | undefined) =>
    `https://example.org/book/11-the-thread.html#${await packShared({
      ...{chapter: "11-the-thread", edition: "x", cells: [], kernel: [{name, text}]},
      ...(schedule === undefined ? {} : {schedule}),
    })}`;

  it("runs it shut away, to the trace that the same text has as a livepatch", async () => {
    const file = fileWith(text, "theirs.ts");
    const {value} = json<Report>("explore", ...race, "--livepatch", file);
    const [{schedule}] = value.findings;
    const {value: here} = json<Trace>("replay", schedule, "--livepatch", file);
    const {status, value: there} = json<Trace>("replay", await link(schedule));
    expect(status).toBe(1);
    // There it is called by the function, here by its file.
    expect(there).toEqual(JSON.parse(JSON.stringify(here).replaceAll(file, name)));
  });

  it("without a schedule is refused in a line", async () => {
    const {status, stderr} = tailpage("replay", await link(undefined));
    expect(status).toBe(2);
    expect(stderr).toContain("carries no schedule");
  });
});

it("replay of a schedule that finds nothing exits with 0", () => {
  const {value} = json<Report>("explore", "lost_update");
  const code = value.findings[0].schedule.split("~")[1];
  const {status, stdout} = tailpage("replay", `lost_update~${code}~a2b2`);
  expect(status).toBe(0);
  expect(stdout).toContain("counter 2");
});
