// A search in parts, as one types it: --shard and merge, --workers, and whatever can be typed wrongly.

import {spawnSync} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import type {Report} from "../../src/explore/index.ts";
import {FIX} from "../support.ts";
import {fileWith, tailpage, type Ran} from "./command.ts";

const race = ["smaps_vs_split", "--set", "pages=2"];

const folder = dirname(fileWith("", "empty"));
const pathOf = (name: string): string => join(folder, name);

/** Explores part `i` of `n` into a file, and answers its path. */
function part(i: number, n: number, name: string, ...args: string[]): string {
  const path = pathOf(`${name}-${i}-of-${n}.json`);
  const {status, stderr} = tailpage("explore", ...args, "--shard", `${i}/${n}`, "--out", path);
  expect(stderr).toBe("");
  expect([0, 1]).toContain(status);
  return path;
}

const partsOf = (n: number, name: string, ...args: string[]): string[] =>
  Array.from({length: n}, (_, i) => part(i + 1, n, name, ...args));

function json(...args: string[]): {status: number | null; report: Report} {
  const {status, stdout, stderr} = tailpage(...args, "--json");
  expect(stderr).toBe("");
  return {status, report: JSON.parse(stdout) as Report};
}

/** What is said, without how much was looked at for it. */
function said({race: name, parameters, livepatches, verdict, complete, ...rest}: Report) {
  const findings = rest.findings.map(({id, steps, shortest, fewestPreemptions}) => [
    ...[id, steps, shortest, fewestPreemptions.preemptions],
  ]);
  const dataRaces = rest.dataRaces.map(({id}) => id);
  const {outcomes} = rest;
  return {name, parameters, livepatches, verdict, complete, findings, outcomes, dataRaces};
}

describe("--shard and merge", () => {
  const whole = json("explore", ...race);
  const files = partsOf(3, "violated", ...race);
  const merged = json("merge", ...files);

  it("say the same as one run, with the same shape and the same exit code", () => {
    expect(merged.status).toBe(1);
    expect(said(merged.report)).toEqual(said(whole.report));
    expect(Object.keys(merged.report).sort()).toEqual(Object.keys(whole.report).sort());
  });

  it("in any order of the files", () => {
    const {elapsedMs, ...first} = merged.report;
    const {elapsedMs: other, ...again} = json("merge", ...[...files].reverse()).report;
    expect(said(again as Report)).toEqual(said(first as Report));
    expect(again.counts).toEqual(first.counts);
    expect(other).toBe(elapsedMs);
  });

  it("say that counts are sums", () => {
    const {status, stdout} = tailpage("merge", ...files);
    expect(status).toBe(1);
    expect(stdout).toMatch(/states in 3 parts \(a sum: parts overlap\)/);
    const sum = files
      .map((file) => JSON.parse(readFileSync(file, "utf8")) as Report)
      .reduce((states, {counts}) => states + (counts.states ?? 0), 0);
    expect(merged.report.counts.states).toBe(sum);
  });

  it("give schedules that replay", () => {
    for (const {schedule, fewestPreemptions, message} of merged.report.findings) {
      for (const text of [schedule, fewestPreemptions.schedule]) {
        const {status, stdout} = tailpage("replay", text);
        expect(status).toBe(1);
        expect(stdout).toContain(message);
      }
    }
  });

  it("hold what one run holds, and a part alone exits with 0 but gives no verdict", () => {
    const fixed = [...race, "--livepatch", FIX];
    const held = partsOf(2, "held", ...fixed);
    const {status, stdout} = tailpage("merge", ...held);
    expect(status).toBe(0);
    expect(stdout).toContain(`with ${FIX}: holds`);

    const again = pathOf("again.json");
    const alone = tailpage("explore", ...fixed, "--shard", "1/2", "--out", again);
    expect(alone.status).toBe(0);
    expect(alone.stdout).toContain("part 1 of 2: nothing found");
    expect(alone.stdout).toContain("tailpage merge joins the parts");
    expect(JSON.parse(readFileSync(again, "utf8"))).toMatchObject({verdict: "unknown"});
  });

  it("know no verdict if a part's budget was spent", () => {
    const fixed = [...race, "--livepatch", FIX];
    const out = pathOf("spent.json");
    const args = ["--shard", "2/2", "--max-states", "100", "--out", out];
    expect(tailpage("explore", ...fixed, ...args).status).toBe(3);
    const {status, stdout} = tailpage("merge", part(1, 2, "spent", ...fixed), out);
    expect({status, says: stdout.includes("no verdict")}).toEqual({status: 3, says: true});
  });

  it("write a file called after race and part, and with --json print it as well", () => {
    const command = resolve("dist/tailpage.js");
    const args = [command, "explore", "lost_update", "--shard", "1/2", "--json"];
    const {status, stdout} = spawnSync(process.execPath, args, {cwd: folder, encoding: "utf8"});
    expect(status).toBe(1);
    expect(readFileSync(pathOf("lost_update-1-of-2.json"), "utf8")).toBe(stdout);
    expect(JSON.parse(stdout)).toMatchObject({shard: {index: 1, of: 2}});
  });

  it("take a race of one's own", () => {
    const own = fileWith(OWN, "one_counter.ts");
    const {status, stdout} = tailpage("merge", ...partsOf(2, "own", own));
    expect(status).toBe(1);
    expect(stdout).toMatch(/tailpage replay one_counter~\S+ --race FILE\.ts/);
  });
});

const OWN = `export const race = {
  about: "Two CPUs add one to the same counter.",
  stage(kernel, machine) {
    const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
    function* add_one() {
      const value = yield* kernel.load(counter);
      yield* kernel.store(counter, value + 1);
    }
    const check = (memory) => (memory.read(counter) === 2 ? null : "an update is lost");
    return {
      threads: [{name: "A", run: add_one}, {name: "B", run: add_one}],
      invariants: [{name: "no update is lost", check}],
    };
  },
};
`;

describe("--workers", () => {
  it("says the same as one run", () => {
    const {status, report} = json("explore", ...race, "--workers", "2");
    expect(status).toBe(1);
    expect(said(report)).toEqual(said(json("explore", ...race).report));
    expect(report.shard).toBeUndefined();
  });

  it("1 is one run", () => {
    const [one, none] = [["--workers", "1"], []].map(
      (args) => json("explore", "lost_update", ...args).report,
    );
    expect(one.counts).toEqual(none.counts);
  });

  it("share the runs of a sampler", () => {
    const args = ["--strategy", "pos", "--runs", "100", "--workers", "3"];
    const {status, report} = json("explore", "lost_update", ...args);
    expect(status).toBe(1);
    expect(report.counts.executions).toBe(100);
  });

  it("share a budget of states", () => {
    const {status, report} = json(
      ...["explore", "smaps_vs_split", "--livepatch", FIX],
      ...["--workers", "2", "--max-states", "3000"],
    );
    expect({status, verdict: report.verdict}).toEqual({status: 3, verdict: "unknown"});
  });

  it("take a race of one's own", () => {
    const own = fileWith(OWN, "one_counter.ts");
    const {status, stdout} = tailpage("explore", own, "--workers", "2");
    expect(status).toBe(1);
    expect(stdout).toContain("an update is lost");
  });

  it("say what is wrong with a race that goes wrong only while it is explored", () => {
    const wild = OWN.replace("value + 1", "kernel.no_such(value)");
    const {status, stderr} = tailpage(
      ...["explore", fileWith(wild, "wild.ts"), "--workers", "2"],
    );
    const alone = tailpage("explore", fileWith(wild, "wild.ts"));
    expect(status).toBe(alone.status);
    expect(stderr.split("\n").length).toBe(alone.stderr.split("\n").length);
  });
});

describe("budgets and checks", () => {
  it("--check races: data races decide", () => {
    const fixed = [...race, "--livepatch", FIX];
    expect(json("explore", ...fixed).report.verdict).toBe("holds");
    const {status, report} = json("explore", ...fixed, "--check", "races");
    expect({status, verdict: report.verdict}).toEqual({status: 1, verdict: "violated"});
    expect(report.findings.map(({id}) => id).sort()).toEqual(
      report.dataRaces.map(({id}) => id).sort(),
    );
  });

  it("--max-memory gives up when states take too much", () => {
    const args = ["--max-memory", "0.001"];
    const {status, report} = json("explore", "smaps_vs_split", "--livepatch", FIX, ...args);
    expect({status, complete: report.complete}).toEqual({status: 3, complete: false});
  });

  it("--depth is for pct", () => {
    const args = ["--strategy", "pct", "--runs", "200", "--depth"];
    const hit = (depth: string) =>
      json("explore", "checker_scenario", "--set", "shape=SR", ...args, depth).report.findings;
    // The bug needs two changes of thread: one with a depth of 1 never comes.
    expect(hit("1")).toEqual([]);
    expect(hit("4")).toHaveLength(1);
  });
});

describe("what is typed wrongly: exit code 2, one line, no stack", () => {
  const files: Record<string, string> = {};
  const write = (name: string, value: unknown): void => {
    files[name] = pathOf(`${name}.json`);
    writeFileSync(files[name], typeof value === "string" ? value : JSON.stringify(value));
  };
  const changed = (path: string, changes: object): object => ({
    ...(JSON.parse(readFileSync(path, "utf8")) as object),
    ...changes,
  });

  beforeAll(() => {
    [files.one, files.two] = partsOf(2, "wrong", "lost_update");
    [files.other] = partsOf(2, "other", "lost_update", "--set", "cpus=3");
    write("whole", json("explore", "lost_update").report);
    write("cut", readFileSync(files.one, "utf8").slice(0, 200));
    write("list", []);
    write("nothing", "null");
    write("deep", "[".repeat(100_000));
    write("shapeless", changed(files.one, {findings: [{id: 1}]}));
    write("negative", changed(files.one, {counts: {states: -1}}));
    write("zeroth", changed(files.one, {shard: {index: 0, of: 2, code: "", plan: null}}));
    write("escape", changed(files.one, {outcomes: ["\u001b[2J"]}));
    write("shell", changed(files.one, {dataRaces: [{id: "", accesses: [], schedule: "$(x)"}]}));
    write(
      "poisoned",
      readFileSync(files.one, "utf8").replace("{", '{"__proto__": {"race": 1},'),
    );
    write("large", "");
    writeFileSync(files.large, Buffer.alloc(70 * 2 ** 20, " "));
  });

  const explore = (...args: string[]) => ["explore", "lost_update", ...args];
  const merging = (...names: string[]) => [
    "merge",
    ...names.map((name) => files[name] ?? name),
  ];

  const CASES: [what: string, args: () => string[], says: RegExp][] = [
    ["part 0", () => explore("--shard", "0/4"), /--shard 0\/4: parts are counted from 1/],
    ["a part too many", () => explore("--shard", "5/4"), /one of 1\/4 to 4\/4/],
    ["of none", () => explore("--shard", "1/0"), /--shard 1\/0/],
    ["too many parts", () => explore("--shard", "1/1001"), /1000 parts at most/],
    ["no numbers", () => explore("--shard", "x/y"), /--shard x\/y: write it as --shard 1\/4/],
    ["one number", () => explore("--shard", "2"), /--shard 2: write it as/],
    ["a negative part", () => explore("--shard=-1/4"), /--shard -1\/4: write it as/],
    ["half a part", () => explore("--shard", "1.5/4"), /--shard 1\.5\/4: write it as/],
    ["a part of dpor", () => explore("--shard", "1/2", "--strategy", "dpor"), /dpor cannot/],
    ["workers for dpor", () => explore("--workers", "2", "--strategy", "dpor"), /dpor cannot/],
    [
      "a part in workers",
      () => explore("--shard", "1/2", "--workers", "2"),
      /not divided again/,
    ],
    ["a file for the whole", () => explore("--out", "x.json"), /is --shard missing\?/],
    ["a folder for a file", () => explore("--shard", "1/2", "--out", folder), /it is a folder/],
    [
      "a file in no folder",
      () => explore("--shard", "1/2", "--out", "no/such/x.json"),
      /there is no folder no\/such/,
    ],
    ["no workers", () => explore("--workers", "0"), /--workers 0: .*from 1 to 64/],
    ["too many workers", () => explore("--workers", "65"), /--workers 65/],
    ["half a worker", () => explore("--workers", "1.5"), /--workers 1\.5/],
    ["an unknown check", () => explore("--check", "leaks"), /--check leaks: .*races/],
    ["no memory", () => explore("--max-memory", "0"), /--max-memory 0/],
    ["a depth of none", () => explore("--depth", "0"), /--depth 0/],
    ["a fraction of a depth", () => explore("--depth", "1.5"), /--depth 1\.5.*whole number/],
    ["a depth beyond all bugs", () => explore("--depth", "1e12"), /--depth 1e12.*1 to 1000/],
    ["nothing to merge", () => ["merge"], /name the files/],
    ["a part missing", () => merging("one"), /of 2 parts one is missing: 2/],
    ["a part twice", () => merging("one", "two", "two"), /part 2 of 2 is there twice/],
    ["parts of two searches", () => merging("other", "two"), /another search.*cpus=2/],
    ["a whole", () => merging("whole", "two"), /whole\.json is no part of a search/],
    ["no file", () => merging("nowhere.json"), /there is no file nowhere\.json/],
    ["a folder", () => merging(folder), /is no file/],
    [
      "a file that was cut off",
      () => merging("cut", "two"),
      /cut\.json is no JSON: was it cut/,
    ],
    ["an empty file", () => ["merge", pathOf("empty")], /is no JSON/],
    ["a list", () => merging("list", "two"), /list\.json is not what explore --shard writes/],
    ["nothing", () => merging("nothing", "two"), /is not what explore --shard writes/],
    ["a nest", () => merging("deep", "two"), /deep\.json is no JSON/],
    ["another shape", () => merging("shapeless", "two"), /is not what explore/],
    ["fewer than no states", () => merging("negative", "two"), /is not what explore/],
    ["a part before the first", () => merging("zeroth", "two"), /is not what explore/],
    ["a text for the terminal", () => merging("escape", "two"), /is not what explore/],
    ["a line for a shell", () => merging("shell", "two"), /"\$\(x\)" is no schedule/],
    ["a file beyond all sizes", () => merging("large", "two"), /is too large/],
  ];

  it.each(CASES)("%s", (_what, args, says) => {
    const {status, stdout, stderr}: Ran = tailpage(...args());
    expect({status, stdout}).toEqual({status: 2, stdout: ""});
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("names in a file change nothing but what they name", () => {
    const {status, stdout} = tailpage(...merging("poisoned", "two"));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^lost_update /);
  });

  it("a part is named by its file", () => {
    expect(basename(files.one)).toBe("wrong-1-of-2.json");
  });
});

it.each(["merge"])("%s --help", (name) => {
  const {status, stdout, stderr} = tailpage(name, "--help");
  expect({status, stderr}).toEqual({status: 0, stderr: ""});
  expect(stdout).toMatch(/^tailpage merge FILE/);
});
