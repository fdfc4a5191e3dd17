// The command as a reader runs it: the built file, in a process of its own.

import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll} from "vitest";

export type Ran = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export function tailpage(...args: string[]): Ran {
  const {status, stdout, stderr} = spawnSync(process.execPath, ["dist/tailpage.js", ...args], {
    encoding: "utf8",
  });
  return {status, stdout, stderr};
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, {recursive: true, force: true})));

/** A file with this text, and its path: it is there as long as the tests are. */
export function fileWith(text: string, name = "my.ts"): string {
  const folder = mkdtempSync(join(tmpdir(), "tailpage-"));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
