// Observable's own tool opens what is handed out.

import {transpile} from "@observablehq/notebook-kit";
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";
import {parseNotebook, type NotebookCell} from "../../src/grade/notebook.ts";

const out = mkdtempSync(join(tmpdir(), "tailpage-kit-"));
afterAll(() => rmSync(out, {recursive: true}));

describe("notebooks build", () => {
  const files = assignments.map(({name}) => `notebooks/${name}/notebook.html`);

  it("accepts every notebook", () => {
    const tool = "node_modules/.bin/notebooks";
    execFileSync(tool, ["build", "--root", ".", "--out", out, ...files], {stdio: "pipe"});
    expect(files.filter((file) => !existsSync(join(out, file)))).toEqual([]);
  }, 120_000);
});

const MODES = {
  module: "js",
  "text/x-typescript": "ts",
  "text/markdown": "md",
} as const;

/** What Notebook Kit has for every cell, as far as ours use it. */
const LIBRARY = ["display", "md"];

/** Of the code of a cell, as Notebook Kit reads it: the names that it needs, and those that it gives. */
function namesOf({id, type, value}: NotebookCell) {
  const mode = MODES[type as keyof typeof MODES];
  const {inputs = [], output, outputs = []} = transpile({id, mode, value} as never);
  return {inputs, outputs: output === undefined ? outputs : [output]};
}

/** The paragraphs that say which functions of the kernel are a help. */
function offered({type, value}: NotebookCell): string[] {
  if (type !== "text/markdown") return [];
  return value
    .split("\n\n")
    .filter((paragraph) => paragraph.includes("These may be of use:"))
    .flatMap(
      (paragraph) =>
        paragraph.slice(paragraph.indexOf("These may be of use:")).match(/`\w+`/g) ?? [],
    )
    .map((name) => name.slice(1, -1));
}

describe.each(assignments)("in a notebook tool, $name", ({name}) => {
  const {cells} = parseNotebook(readFileSync(`notebooks/${name}/notebook.html`, "utf8"))!;
  const names = cells.map(namesOf);
  const there = new Set([...LIBRARY, ...names.flatMap(({outputs}) => outputs)]);

  it("has every name that its cells use", () => {
    const needed = names.flatMap(({inputs}) => inputs);
    expect(needed.length).toBeGreaterThan(0);
    expect(needed.filter((one) => !there.has(one) && !(one in globalThis))).toEqual([]);
  });

  it("has every function that it says is of use", () => {
    expect(cells.flatMap(offered).filter((one) => !there.has(one))).toEqual([]);
  });
});
