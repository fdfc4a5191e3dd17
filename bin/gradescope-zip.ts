// The zip for Gradescope: two scripts at its root, the command as it is built, and of the course what grading one assignment needs.

import {existsSync, readFileSync} from "node:fs";
import {join, relative} from "node:path";
import {zipSync, type Zippable} from "fflate";
import {codeOf} from "./assignment-text.ts";
import {hiddenFile, type CourseOptions} from "./courses.ts";
import {bundleHidden} from "./gradescope-hidden.ts";
import {HIDDEN, SETTINGS, type Settings} from "./gradescope-run.ts";
import {RUN_AUTOGRADER, SETUP} from "./gradescope-scripts.ts";
import {ROOT} from "./root.ts";

/** A zip has the time of each file, in the zone of whoever makes it: here it is the first that there can be. */
const TIME = new Date(1980, 0, 1);
/** So that permissions are read as they are meant. */
const UNIX = 3;

export async function zipOf(
  assignment: string,
  {hidden, salt}: CourseOptions,
): Promise<Uint8Array> {
  const settings: Settings = {assignment, ...(salt !== undefined && {salt})};
  const secret = hidden === undefined ? null : hiddenFile(assignment, hidden);
  const files: [string, string | Uint8Array][] = [
    ["setup.sh", SETUP],
    ["run_autograder", RUN_AUTOGRADER],
    [SETTINGS, `${JSON.stringify(settings)}\n`],
    ...["package.json", "package-lock.json", ...commandFiles(), ...filesOf(assignment)].map(
      (file): [string, Uint8Array] => [file, readFileSync(join(ROOT, file))],
    ),
    ...(secret === null
      ? []
      : [[`${HIDDEN}/${assignment}.ts`, await bundleHidden(secret)] as [string, string]]),
  ];
  return zipSync(
    Object.fromEntries(files.map(([name, content]) => [name, entry(name, content)])),
  );
}

/** The notebook, and whatever its edition is made of: so it is the one that the page says. */
function filesOf(assignment: string): string[] {
  const files = [
    join(ROOT, "notebooks", assignment, "notebook.html"),
    ...codeOf(ROOT, assignment),
  ];
  return files.map((file) => relative(ROOT, file).replaceAll("\\", "/"));
}

function entry(name: string, content: string | Uint8Array): Zippable[string] {
  const isScript = name === "setup.sh" || name === "run_autograder" || name === COMMAND;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const mode = 0o100000 | (isScript ? 0o755 : 0o644);
  return [bytes, {attrs: mode * 2 ** 16, os: UNIX, mtime: TIME}];
}

const COMMAND = "dist/tailpage.js";

/** The command and all parts of it that it may load: what earlier builds have left in the folder is none of them. */
function commandFiles(): string[] {
  const found = new Set([COMMAND]);
  for (const file of found) {
    const text = readFileSync(join(ROOT, file), "utf8");
    const folder = file.slice(0, file.lastIndexOf("/"));
    for (const [, name] of text.matchAll(/["'`](\.\.?\/[\w./-]+\.js)["'`]/g)) {
      const path = join(folder, name).replaceAll("\\", "/");
      if (path.startsWith("dist/") && existsSync(join(ROOT, path))) found.add(path);
    }
  }
  return [...found].sort();
}
