// The files that are to be graded. Whatever lies in a folder gets a word; nothing outside of it is read.

import {existsSync, lstatSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {MOST_BYTES} from "../src/grade/index.ts";
import {CliError} from "./errors.ts";

/** One file: what is in it, or why that is not looked at. */
export type Found = {readonly file: string} & (
  {readonly text: string} | {readonly unread: string}
);

/** Files below `paths`, sorted by name; what begins with a dot is nobody's submission. */
export function filesIn(paths: readonly string[]): Found[] {
  return paths.flatMap((path) => {
    if (!existsSync(path))
      throw new CliError(`there is no file or folder ${path}: is it in another folder?`);
    if (!lstatSync(path).isDirectory()) return [look(path, basename(path))];
    return below(path, "").map((file) => look(join(path, file), file));
  });
}

function below(folder: string, prefix: string): string[] {
  const entries = readdirSync(join(folder, prefix), {withFileTypes: true});
  return entries
    .filter(({name}) => !name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? below(folder, name) : [name];
    });
}

function look(path: string, file: string): Found {
  const {size, isLink, isFile} = statsOf(path);
  if (isLink)
    return {
      file,
      unread: "this is a symbolic link, and links are not followed: hand in the file itself",
    };
  if (!isFile) return {file, unread: "this is no file"};
  if (size > MOST_BYTES)
    return {
      file,
      unread: `this has ${Math.ceil(size / 1e6)} MB, and a notebook has less than one: is it the right file?`,
    };
  const bytes = readFileSync(path);
  if (isArchive(bytes))
    return {
      file,
      unread: "this is an archive: unpack it, and hand in the notebook that is in it",
    };
  return {file, text: bytes.toString("utf8")};
}

function statsOf(path: string) {
  const stats = lstatSync(path);
  return {size: stats.size, isLink: stats.isSymbolicLink(), isFile: stats.isFile()};
}

/** zip, gzip, 7z, xz. */
const ARCHIVES = ["504b0304", "1f8b", "377abcaf", "fd377a58"];

function isArchive(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).toString("hex");
  return ARCHIVES.some((mark) => start.startsWith(mark));
}
