// What the service worker needs to know: every file of the book, and whether it has changed.

import {createHash} from "node:crypto";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";

/** Written into the built book, for site/sw.ts. */
export async function listBook(out: string): Promise<void> {
  const files = (await readdir(out, {recursive: true, withFileTypes: true}))
    .filter((file) => file.isFile())
    .map(({parentPath, name}) => join(parentPath, name).slice(out.length + 1))
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !NOT_KEPT.has(file))
    .sort();
  const entries = await Promise.all(
    files.map(async (url) => ({url, revision: await revisionOf(out, url)})),
  );
  await writeFile(join(out, "book.js"), `self.book = ${JSON.stringify(entries)};\n`);
}

const NOT_KEPT = new Set(["sw.js", "book.js", "manifest.json"]);

/** Null for what has a hash in its name. */
async function revisionOf(out: string, file: string): Promise<string | null> {
  if (file.startsWith("assets/")) return null;
  const content = await readFile(join(out, file));
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
