// What a book is built from, read from its folder: the chapters, the pages behind them, and what they refer to.

import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {readApparatus, type Apparatus} from "../src/book/apparatus.ts";
import type {BookSources} from "../src/book/build.ts";
import type {ChapterSource} from "../src/book/chapter.ts";
import {inOrder, readContents, type Contents} from "../src/book/contents.ts";
import {GLOSSARY} from "../src/book/glossary.ts";
import {assignmentPages} from "./assignment-text.ts";
import {readKernelSource} from "./kernel-source.ts";
import {listingsOf} from "./listing.ts";

/** Where a wrong model is reported: whoever publishes the book says so. */
const ISSUES = "TAILPAGE_ISSUES";

export async function readBook(root: string): Promise<BookSources> {
  const folder = join(root, "chapters");
  return {
    chapters: inOrder(await markdownIn(folder), await contentsOf(root)),
    back: [...(await markdownIn(join(folder, "back"))), ...assignmentPages(root)],
    apparatus: await apparatusOf(root),
    citation: await readFile(join(root, "CITATION.cff"), "utf8"),
    issues: process.env[ISSUES] ?? null,
    files: await filesBeside(folder),
    cut: listingsOf(root),
  };
}

/** The reading order. */
export async function contentsOf(root: string): Promise<Contents> {
  return readContents(await readFile(join(root, "chapters/contents.json"), "utf8"));
}

/** What the chapters may refer to. */
export async function apparatusOf(root: string): Promise<Apparatus> {
  const text = (name: string) => readFile(join(root, "chapters", name), "utf8");
  const modelled = readKernelSource(root)
    .filter(({file}) => file.startsWith("src/mm/"))
    .map(async ({file, declarations}) => ({
      text: await readFile(join(root, file), "utf8"),
      names: declarations.map(({name}) => name),
    }));
  return readApparatus({
    glossary: await text(GLOSSARY),
    sources: await text("sources.json"),
    names: await text("kernel-names.json"),
    modelled: await Promise.all(modelled),
  });
}

async function markdownIn(folder: string): Promise<ChapterSource[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".md"));
  return await Promise.all(
    names.map(async (name) => ({name, text: await readFile(join(folder, name), "utf8")})),
  );
}

/** Images and the like: every file below the folder that is no chapter and no data of the book. */
async function filesBeside(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const paths = entries
    .filter((entry) => entry.isFile() && !/\.(md|json)$/.test(entry.name))
    .map(({parentPath, name}) => join(parentPath, name));
  return new Map(
    paths.map((path) => [path.slice(folder.length + 1).replaceAll("\\", "/"), path]),
  );
}
