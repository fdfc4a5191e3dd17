// A race of one's own, from a file: explored and replayed as the book's are, and told in one line what is wrong with it.

import {spawnSync} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {describe, expect, it} from "vitest";
import type {Report, Trace} from "../../src/explore/index.ts";
import {fileWith, tailpage, type Ran} from "./command.ts";

/** The block that follows the title of a section of CONTRIBUTING.md. */
function blockOf(title: string): string {
  const section = readFileSync("CONTRIBUTING.md", "utf8").split(`\n## ${title}\n`)[1];
  return /```ts\n([\s\S]*?)```/.exec(section)![1];
}

const SMALLEST = blockOf("The smallest race");
const smallest = fileWith(SMALLEST, "lost-update.ts");

/** As somebody runs it who stands in another folder. */
function tailpageIn(folder: string, ...args: string[]): Ran {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [resolve("dist/tailpage.js"), ...args],
    {encoding: "utf8", cwd: folder},
  );
  return {status, stdout, stderr};
}

function report(...args: string[]): Report {
  const {stdout, stderr} = tailpage("explore", ...args, "--json");
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Report;
}

function trace(...args: string[]): Trace {
  return JSON.parse(tailpage("replay", ...args, "--json").stdout) as Trace;
}

describe("the smallest race of CONTRIBUTING.md", () => {
  const {race, verdict, complete, findings} = report(smallest);
  const [{schedule}] = findings;

  it("goes wrong in one way, and every schedule was looked at", () => {
    expect({verdict, complete}).toEqual({verdict: "violated", complete: true});
    expect(findings.map(({id, invariant, steps}) => ({id, invariant, steps}))).toEqual([
      {id: "the counter is 1", invariant: "no update is lost", steps: 4},
    ]);
  });

  it("is never taken for the book's race of that name", () => {
    expect(race).toBe("own_lost_update");
    expect(schedule).toMatch(/^own_lost_update~[0-9a-z]{8}~[ab0-9]+$/);
  });

  it("is explored in any folder, and what is printed for copying replays it there", () => {
    const folder = dirname(smallest);
    const explored = tailpageIn(folder, "explore", basename(smallest));
    expect({status: explored.status, stderr: explored.stderr}).toEqual({status: 1, stderr: ""});
    const [, command] = /^ {2}tailpage (replay .*)$/m.exec(explored.stdout)!;
    const replayed = tailpageIn(folder, ...command.split(" "));
    expect({status: replayed.status, stderr: replayed.stderr}).toEqual({status: 1, stderr: ""});
    expect(replayed.stdout).toContain("the counter is 1");
    expect(replayed.stdout).toContain("add_one()");
  });

  it("has the lines of the file in its trace", () => {
    const lines = SMALLEST.split("\n");
    const {steps} = trace(schedule, "--race", smallest);
    const said = steps.map(({kind, places: [place]}) => ({kind, ...place}));
    for (const {kind, function: where, file, line} of said) {
      expect({where, file: basename(file)}).toEqual({
        where: "add_one",
        file: basename(smallest),
      });
      expect(lines[line - 1]).toContain(`yield* kernel.${kind}(counter`);
    }
    expect(said.map(({kind}) => kind).sort()).toEqual(["load", "load", "store", "store"]);
  });

  it("needs its file to be replayed, and says so", () => {
    const {status, stdout, stderr} = tailpage("replay", schedule);
    expect({status, stdout}).toEqual({status: 2, stdout: ""});
    expect(stderr).toMatch(/no race "own_lost_update".*add --race FILE\.ts/);
  });

  it("is not replayed from the file of another race", () => {
    const other = fileWith(SMALLEST, "other.ts");
    const {status, stderr} = tailpage("replay", schedule, "--race", other);
    expect(status).toBe(2);
    expect(stderr).toMatch(/is one of own_lost_update, and .*other\.ts has the race other/);
  });

  it("--strategy dpor finds the same", () => {
    const {findings: again} = report(smallest, "--strategy", "dpor");
    expect(again.map(({id}) => id)).toEqual(["the counter is 1"]);
  });
});

describe("the hash of a schedule", () => {
  const codeOf = (text: string, ...options: string[]): string =>
    report(fileWith(text, "lost-update.ts"), ...options).findings[0].schedule.split("~")[1];
  const code = codeOf(SMALLEST);

  it("is that of the code: comments, types and white space do not count", () => {
    const said = SMALLEST.replace("const value =", "const value: number /* so far */  =");
    expect(said).not.toBe(SMALLEST);
    expect(codeOf(said)).toBe(code);
  });

  it("covers what the file does", () => {
    expect(codeOf(SMALLEST.replace("value + 1", "value + 2 - 1"))).not.toBe(code);
  });

  it("covers the functions of the kernel that the file calls, and no others", () => {
    const load = fileWith(
      "export function* load(cell) {\n  return yield* READ_ONCE(cell);\n}\nexport function* READ_ONCE(cell) {\n  return yield* xchg(cell, 0);\n}\n",
    );
    const put_page = fileWith("export function* put_page(page) {\n}\n");
    expect(codeOf(SMALLEST, "--livepatch", put_page)).toBe(code);
    expect(codeOf(SMALLEST, "--livepatch", load)).not.toBe(code);
  });

  it("covers the files that it imports", () => {
    const main = fileWith(
      SMALLEST.replace("export", 'import {step} from "./step.ts";\nexport').replace(
        "value + 1",
        "value + step",
      ),
      "lost-update.ts",
    );
    const step = join(dirname(main), "step.ts");
    const hashWith = (text: string): string => {
      writeFileSync(step, text);
      return report(main).findings[0].schedule.split("~")[1];
    };
    expect(hashWith("export const step: number = 1;\n")).not.toBe(
      hashWith("export const step: number = 2 - 1;\n"),
    );
  });

  it("that the file does not have any more: exits with 3, and asks whether it has changed", () => {
    const file = fileWith(SMALLEST, "lost-update.ts");
    const [{schedule}] = report(file).findings;
    writeFileSync(file, SMALLEST.replace("value + 1", "1 + value"));
    const {status, stderr} = tailpage("replay", schedule, "--race", file);
    expect(status).toBe(3);
    expect(stderr).toMatch(/recorded on other code .*has .*lost-update\.ts changed\?/);
  });
});

it("a race of one's own has parameters, an outcome and a machine, if it wants them", () => {
  const file = fileWith(
    `export const race = {
  name: "count up",
  about: "CPUs add one.",
  parameters: [{name: "cpus", default: 2, values: [2, 3]}],
  machine: {pages: 8},
  stage(kernel, machine, {cpus}) {
    const counter = kernel.cell("shared", "counter", machine.memory.allocate(4), 4);
    const run = () => kernel.atomic_inc(counter);
    return {
      threads: Array.from({length: cpus}, (_, i) => ({name: \`CPU \${i}\`, run})),
      outcome: ({memory}) => \`\${memory.read(counter)} of \${machine.pages}\`,
    };
  },
};
`,
    "count.ts",
  );
  expect(report(file, "--set", "cpus=3")).toMatchObject({
    race: "count_up",
    parameters: {cpus: 3},
    verdict: "holds",
    outcomes: ["3 of 8"],
  });
  expect(tailpage("explore", file, "--set", "cpus=4").stderr).toMatch(/cannot be "4"/);
});

it("a race of one's own runs the kernel: the book's race, staged by hand", () => {
  const file = fileWith(
    `export const race = {
  about: "smaps is read while the page is split.",
  stage(kernel) {
    const page = kernel.run_alone(kernel.start_kernel());
    const mm = kernel.mm_alloc("mm", kernel.anon_vma_alloc());
    kernel.run_alone(kernel.map_huge_page(page, [mm]));
    return {
      threads: [
        {name: "cat smaps", run: () => kernel.show_smap(mm)},
        {name: "madvise", run: () => kernel.madvise_free(mm)},
      ],
    };
  },
};
`,
    "by-hand.ts",
  );
  const {verdict, findings} = report(file);
  expect(verdict).toBe("violated");
  expect(findings[0]).toMatchObject({
    message: "VM_BUG_ON_PAGE(!PageHead(page))",
    function: "PageDoubleMap",
    file: "src/mm/page-flags.ts",
  });
  const fixed = ["--livepatch", "count_migration_entries_once"];
  expect(report(file, ...fixed).verdict).toBe("holds");
});

it("an error that a thread throws is a finding, with its line", () => {
  const file = staged(
    "function* a() {\n const v = yield* kernel.load(c);\n if (v === 0) throw new Error('it is zero');\n}",
  );
  const {findings} = report(file);
  expect(findings.map(({id}) => id)).toEqual([
    expect.stringMatching(/^it is zero \(.*, line 4\)$/),
  ]);
});

/** A race whose stage() begins with a cell `c` on its first line, then has this text; \`a\` is its thread. */
function staged(text: string, returned = '{threads: [{name: "A", run: a}]}'): string {
  return fileWith(
    `export const race = {about: "x.", stage(kernel, machine) { const c = kernel.cell("s", "c", machine.memory.allocate(4), 4);
${text}
return ${returned}; }};
`,
  );
}

const A = "function* a() {}";

const WRONG: [what: string, file: string, says: RegExp][] = [
  ["no such file", "nowhere.ts", /no file nowhere\.ts/],
  ["a folder", "./src/", /src\/ is no file/],
  ["no race in it", fileWith("export const rcae = {};\n"), /exports no race but rcae/],
  ["an empty file", fileWith(""), /exports no race/],
  [
    "a bracket too few",
    fileWith("export const race = {\n  about: 1\n  stage() {}\n"),
    /my\.ts, line 3: does not parse/,
  ],
  ["a name twice", fileWith("const a = 1;\nconst a = 2;\n"), /my\.ts, line 2: does not parse/],
  [
    "it throws",
    fileWith("const a = 1;\nnothere();\n"),
    /my\.ts, line 2: nothere is not defined/,
  ],
  [
    "an import of nothing",
    fileWith('import {a} from "./nowhere.ts";\na();\n'),
    /imports "\.\/nowhere\.ts", and there is no such file/,
  ],
  [
    "a race that is no object",
    fileWith("export const race = 3;\n"),
    /a race is an object.*the number 3/,
  ],
  [
    "a stage that is none",
    fileWith('export const race = {about: "x.", stage: 3};\n'),
    /stage of the race is the number 3/,
  ],
  [
    "a field misspelt",
    fileWith('export const race = {about: "x.", stag() {}};\n'),
    /no "stag": did you mean stage\?/,
  ],
  [
    "a parameter that no schedule can name",
    fileWith(
      'export const race = {about: "x.", parameters: [{name: "N", default: 1, values: [1]}], stage() {}};\n',
    ),
    /called "N"/,
  ],
  ["nothing staged", staged("", "undefined"), /stage\(\) answers undefined/],
  ["no threads", staged("", "{}"), /must return threads/],
  ["a thread without a name", staged(A, "{threads: [{run: a}]}"), /threads\[0\] has no name/],
  [
    "a thread without a star",
    staged("function a() {}"),
    /makes no generator: is its star missing/,
  ],
  [
    "a thread that runs already",
    staged(A, '{threads: [{name: "A", run: a()}]}'),
    /is a generator: give the function/,
  ],
  [
    "invariants misspelt",
    staged(A, '{threads: [{name: "A", run: a}], invariant: []}'),
    /no "invariant": did you mean invariants\?/,
  ],
  [
    "an invariant that throws",
    staged(
      A,
      '{threads: [{name: "A", run: a}], invariants: [{name: "i", check: (m) => m.reed(c)}]}',
    ),
    /"i" failed: .*my\.ts, line 3/,
  ],
  [
    "an invariant that answers true",
    staged(A, '{threads: [{name: "A", run: a}], invariants: [{name: "i", check: () => true}]}'),
    /"i" failed: .*true/,
  ],
  ["stage() throws", staged("undefined.x;"), /stage\(\) failed: .*my\.ts, line 2/],
  [
    "an unknown function, while it is staged",
    staged("kernel.spin_lok(c);"),
    /no spin_lok: did you mean spin_lock\? .*line 2/,
  ],
  [
    "an unknown function, in a thread",
    staged("function* a() {\n yield* kernel.lod(c);\n}"),
    /no lod: did you mean load\? .*line 3/,
  ],
  [
    "a wild write, while it is staged",
    staged('machine.memory.write(kernel.cell("s", "d", 64, 4), 1);'),
    /no memory at 0x40 for s\.d.*line 2/,
  ],
  [
    "a wild store, while it is staged",
    staged('kernel.run_alone(kernel.store(kernel.cell("s", "d", 64, 4), 1));'),
    /no memory at .*line 2/,
  ],
  [
    "a forgotten yield*",
    staged("function* a() {\n kernel.store(c, 1);\n}"),
    /kernel\.store\(\) was called and never run: is its yield\* missing.*line 3/,
  ],
  [
    "a forgotten run_alone",
    staged(`kernel.store(c, 1);\n${A}`),
    /stage\(\) failed: kernel\.store\(\) was called.*run_alone.*line 2/,
  ],
  ["a bare yield", staged("function* a() {\n yield 5;\n}"), /a bare yield/],
  [
    "a store of nothing",
    staged("function* a() {\n yield* kernel.store(c);\n}"),
    /store\(\) of s\.c with undefined.*line 3/,
  ],
  [
    "a load of no cell",
    staged("function* a() {\n yield* kernel.load(machine);\n}"),
    /load\(\) was given something that is no cell.*line 3/,
  ],
  [
    "a name that is nowhere, in a thread",
    staged("function* a() {\n yield* kernel.load(d);\n}"),
    /"A" cannot run: d is not defined.*line 3/,
  ],
];

describe.each(WRONG)("%s", (_what, file, says) => {
  const {status, stdout, stderr} = tailpage("explore", file, "--json");

  it("exits with 2, and says what in one line", () => {
    expect({status, stdout}).toEqual({status: 2, stdout: ""});
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

it("--help says that the file is run", () => {
  expect(tailpage("explore", "--help").stdout).toMatch(/only for files you trust/);
});
