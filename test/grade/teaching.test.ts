// The smallest assignment, taken out of docs/teaching.md: put into a copy of the project, built, and graded by.

import {execFileSync, spawnSync} from "node:child_process";
import {
  cpSync,
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
import ts from "typescript";
import {afterAll, beforeAll, expect, it} from "vitest";
import {
  parseNotebook,
  withValues,
  writeNotebook,
  WHO,
  type Results,
} from "../../src/grade/index.ts";

const NAME = "10-try-get-page";

/** What stands in the document under a file's name. */
function written(): Map<string, string> {
  const text = readFileSync("docs/teaching.md", "utf8");
  const fences = text.matchAll(/^```\w+ file=(\S+)\n([^]*?)^```$/gm);
  return new Map([...fences].map(([, file, content]) => [file, content]));
}

/** Lines with a plus go behind the line that stands before them. */
function patched(text: string, difference: string): string {
  const lines = text.split("\n");
  let before = "";
  for (const line of difference.split("\n")) {
    if (line.startsWith("+")) lines.splice(lines.indexOf(before) + 1, 0, line.slice(1));
    before = line.slice(1);
  }
  return lines.join("\n");
}

const files = written();
const text = (file: string) => files.get(file)!;
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "tailpage-teaching-"));
  for (const part of ["src", "bin", "site", "notebooks", "package.json", "tsconfig.json"])
    cpSync(part, join(project, part), {recursive: true});
  symlinkSync(resolve("node_modules"), join(project, "node_modules"));
  for (const [file, content] of files) {
    const path = join(project, file);
    mkdirSync(dirname(path), {recursive: true});
    // A file that the project has is shown by what is new in it.
    const isThere = existsSync(path);
    writeFileSync(path, isThere ? patched(readFileSync(path, "utf8"), content) : content);
  }
  execFileSync("node_modules/.bin/vite", ["build", "--config", "bin/vite.config.ts"], {
    cwd: project,
    stdio: ["ignore", "ignore", "inherit"],
  });
});
afterAll(() => rmSync(project, {recursive: true, force: true}));

function grade(answer: string | null, ...options: string[]): Results {
  const starter = parseNotebook(text(`notebooks/${NAME}/notebook.html`))!;
  const values = new Map([[WHO, 'const student = "s1";']]);
  if (answer !== null) values.set(20, answer);
  const file = join(project, "handed-in.html");
  writeFileSync(file, writeNotebook(withValues(starter, values)));
  const args = ["dist/tailpage.js", "grade", "--json", ...options, file];
  const {stdout, stderr} = spawnSync(process.execPath, args, {cwd: project, encoding: "utf8"});
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as {results: Results[]}).results[0];
}

function earned({properties}: Results): [string, number, boolean][] {
  return properties.map(({id, earned, hidden}) => [id, earned, hidden]);
}

it("its files have the types that they should have", () => {
  const {config} = ts.readConfigFile("tsconfig.json", (file) => readFileSync(file, "utf8")) as {
    config: object;
  };
  const {options} = ts.parseJsonConfigFileContent({...config, include: []}, ts.sys, project);
  const roots = [...files.keys()].filter(
    (file) => /\.ts$/.test(file) && !/solutions|index/.test(file),
  );
  const program = ts.createProgram(
    roots.map((file) => join(project, file)),
    options,
  );
  const said = ts.getPreEmitDiagnostics(program);
  expect(
    said.map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  ).toEqual([]);
});

it("what is handed out scores nothing, and the solution everything", () => {
  expect(earned(grade(null)).map(([, points]) => points)).toEqual([0, 0]);
  expect(earned(grade(text(`secret/solutions/${NAME}.ts`), "--hidden", "secret"))).toEqual([
    ["counts", 1, false],
    ["frozen", 2, false],
    ["hidden-four-parts", 1, true],
  ]);
});

it("v5.13's two steps lose what two steps must lose", () => {
  const starter = parseNotebook(text(`notebooks/${NAME}/notebook.html`))!;
  const cell = starter.cells.find(({id}) => id === 20)!.value;
  const results = grade(`${cell}\n// mine`);
  expect(earned(results).map(([, points]) => points)).toEqual([1, 0]);
  expect(results.properties[1].counterexample?.schedule).toMatch(/^freeze_vs_try_get_page~/);
});
