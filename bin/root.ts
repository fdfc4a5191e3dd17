// Where the project is: the folder above this file, wherever building has put it, that holds its package.json.

import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}

export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
