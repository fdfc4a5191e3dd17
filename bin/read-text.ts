// Reading a file that somebody has named. What goes wrong is said in one line.

import {readFileSync, statSync} from "node:fs";
import {CliError} from "./errors.ts";

/** How a kind of file is spoken of. */
export type KindOfFile = {
  /** `a recording` */
  readonly is: string;
  readonly mostBytes: number;
  /** What to try where there is no such file, and where it is a folder. */
  readonly absent: string;
  readonly folder: string;
};

/** Throws a CliError. */
export function readText(path: string, {is, mostBytes, absent, folder}: KindOfFile): string {
  const found = statSync(path, {throwIfNoEntry: false});
  if (!found) throw new CliError(`there is no file ${path}: ${absent}`);
  if (!found.isFile()) throw new CliError(`${path} is no file: ${folder}`);
  if (found.size > mostBytes)
    throw new CliError(`${path} is too large for ${is}: ${found.size} bytes`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
