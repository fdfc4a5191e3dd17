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
  const [now, later] = [false, true].map((isLate) =>
    entries.filter(({url}) => LATER.test(url) === isLate),
  );
  const text = `self.book = ${JSON.stringify(now)};\nself.later = ${JSON.stringify(later)};\n`;
  await writeFile(join(out, "book.js"), text);
}

/** TypeScript and what it knows: as large as all the rest. It is kept when the book is. */
const LATER = /^assets\/types-(worker|service|library)[.-]/;

const NOT_KEPT = new Set(["sw.js", "book.js", "manifest.json"]);

/** Null for what has a hash in its name. */
async function revisionOf(out: string, file: string): Promise<string | null> {
  if (file.startsWith("assets/")) return null;
  const content = await readFile(join(out, file));
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
