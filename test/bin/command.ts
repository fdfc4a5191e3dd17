// The command as a reader runs it: the built file, in a process of its own.

import {spawnSync} from "node:child_process";
import {mkdtempSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

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

/** A file with this text, and its path. */
export function fileWith(text: string, name = "my.ts"): string {
  const path = join(mkdtempSync(join(tmpdir(), "tailpage-")), name);
  writeFileSync(path, text);
  return path;
}
