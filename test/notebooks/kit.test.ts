// Observable's own tool opens what is handed out.

import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";

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
