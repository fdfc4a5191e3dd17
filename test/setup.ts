// Before all tests: the command as it is shipped, built from the sources as they are now.

import {existsSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {build} from "vite";

const COMMAND = "dist/tailpage.js";

export async function setup(): Promise<void> {
  if (existsSync(COMMAND) && changed(COMMAND) > Math.max(...["src", "bin"].map(newestBelow)))
    return;
  await build({configFile: "bin/vite.config.ts", logLevel: "warn"});
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
