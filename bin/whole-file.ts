// A file is there as a whole, or not at all: whoever reads the folder meanwhile finds no half of one.

import {mkdirSync, renameSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {CliError} from "./errors.ts";

/** Makes the folders that are missing. Throws a CliError where nothing can be written. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(`${path}.part`, content);
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw new CliError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
