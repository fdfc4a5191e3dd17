// Before all tests: the command as it is shipped, and the book as the command builds it, from the sources as they are now.

import {execFileSync} from "node:child_process";
import {existsSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {build} from "vite";
import {BOOK} from "./browser/book.ts";

const COMMAND = "dist/tailpage.js";
/** What notebooks import in other tools. */
const MODEL = "dist/model.js";

export async function setup(): Promise<void> {
  if (isOlder(COMMAND, ["src", "bin", "notebooks"]))
    await build({configFile: "bin/vite.config.ts", logLevel: "warn"});
  if (isOlder(MODEL, ["src", "bin", "notebooks"]))
    await build({configFile: "bin/model.vite.config.ts", logLevel: "warn"});
  // The last file that building writes.
  if (
    isOlder(join(BOOK, "book.js"), ["src", "bin", "site", "chapters", "evidence", "notebooks"])
  )
    execFileSync(process.execPath, [COMMAND, "build", "--no-run", "--out", BOOK], {
      stdio: ["ignore", "ignore", "inherit"],
    });
}

function isOlder(made: string, sources: readonly string[]): boolean {
  return !existsSync(made) || changed(made) <= Math.max(...sources.map(newestBelow));
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}

/** Folders count as well: a file may have gone. */
function newestBelow(folder: string): number {
  const paths = readdirSync(folder, {recursive: true, encoding: "utf8"}).map((path) =>
    join(folder, path),
  );
  return Math.max(changed(folder), ...paths.map(changed));
}
