// Assignments as text: the notebooks that are handed out and the editions they are of, for whoever has no folders, as the module `virtual:notebooks`;
// and as pages of the book.

import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import type {Plugin} from "vite";
import type {ChapterSource} from "../src/book/chapter.ts";
import {pageOf} from "../src/grade/assignment.ts";
import {editionFrom} from "../src/grade/judge.ts";
import {
  firstFunctionIn,
  parseNotebook,
  type Notebook,
  type NotebookCell,
} from "../src/grade/notebook.ts";
import {hash} from "../src/livepatch/hash.ts";
import type {SourceFile} from "../src/livepatch/index.ts";
import {readKernelSource} from "./kernel-source.ts";

export type HandedOut = {readonly starter: Notebook; readonly edition: string};

export function readNotebook(
  root: string,
  sources: readonly SourceFile[],
  name: string,
): HandedOut {
  return handedOut(join(root, "notebooks", name), name, sharedBy(root, sources));
}

/** `shared` are hashes of the code that judges all assignments. */
function handedOut(folder: string, name: string, shared: readonly string[]): HandedOut {
  const text = readFileSync(join(folder, "notebook.html"), "utf8");
  const starter = {...parseNotebook(text)!, assignment: name};
  const edition = editionFrom([...shared, ...codeIn(folder).map(hashOf)].join(" "), starter);
  return {starter: {...starter, edition}, edition};
}

function sharedBy(root: string, sources: readonly SourceFile[]): string[] {
  return [...sources.map(({code}) => hash(code)), ...sharedCode(root).map(hashOf)];
}

function hashOf(file: string): string {
  return hash(readFileSync(file, "utf8"));
}

/** What an edition is made of beside the kernel and the notebook: files. */
export function codeOf(root: string, name: string): string[] {
  return [...sharedCode(root), ...codeIn(join(root, "notebooks", name))];
}

/** What there is of all assignments, and of their races: nobody is judged by a list. */
const LISTS = ["index.ts", "races.ts"];

function sharedCode(root: string): string[] {
  return codeIn(join(root, "notebooks")).filter((file) => !LISTS.includes(basename(file)));
}

/** In this folder, and not in those below it: a teacher's solutions judge nobody. */
function codeIn(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return files.sort().map((file) => join(folder, file));
}

/** By the assignment's name, in their order. */
function readNotebooks(root: string): Readonly<Record<string, HandedOut>> {
  const folder = join(root, "notebooks");
  const shared = sharedBy(root, readKernelSource(root));
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, "notebook.html")),
  );
  return Object.fromEntries(
    names.sort().map((name) => [name, handedOut(join(folder, name), name, shared)]),
  );
}

const ID = "virtual:notebooks";

export function notebooks(root: string): Plugin {
  return {
    name: "tailpage-notebooks",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      return `export const notebooks = ${JSON.stringify(readNotebooks(root))};`;
    },
  };
}

// Pages

export function assignmentPages(root: string): ChapterSource[] {
  return Object.entries(readNotebooks(root)).map(([name, {starter}]) => ({
    name: `${pageOf(name)}.md`,
    text: [`# ${starter.title}`, ...inPlace(starter.cells).map(markdownOf)].join("\n\n"),
  }));
}

/** A cell that shows nothing stands last: above the text it would move that while it runs. */
function inPlace(cells: readonly NotebookCell[]): NotebookCell[] {
  const isVariant = ({id}: NotebookCell) => id === VARIANT;
  return [...cells.filter((cell) => !isVariant(cell)), ...cells.filter(isVariant)];
}

/** Imports are for other tools: a page has all that there is. */
function markdownOf({id, type, value}: NotebookCell): string {
  if (type === "text/markdown") return withoutTitle(withLiveCode(toChapters(value)));
  if (type === "module") return "";
  const answer = firstFunctionIn(value);
  if (answer !== undefined && id >= FIRST_ANSWER && id < CHECK)
    return fence(`ts answer=${answer}`, value);
  const isHidden = id === CHECK || id === VARIANT;
  return fence(`ts${isHidden ? "" : " echo"} id=cell-${id}`, value.replace(ANSWERS, "$1)"));
}

function toChapters(text: string): string {
  return text.replaceAll("../../chapters/", "");
}

/** The page has its title already. */
function withoutTitle(text: string): string {
  return text.replace(/^# .*\n/, "");
}

/** Other tools put values into code as well; here they stand in text only, so the code is made of text. */
function withLiveCode(text: string): string {
  return text.replace(
    /`([^`\n]*\$\{[^`\n]*)`/g,
    (_, code: string) => `<code>${code.replaceAll("--", "&#45;&#45;")}</code>`,
  );
}

/** What other tools have to be told, and a page knows: the answers beside the assignment's name. */
const ANSWERS = /(\bcheck\("[\w-]+"),[^)]*\)/;

/** Numbers of cells, in all notebooks. */
const VARIANT = 3;
const FIRST_ANSWER = 20;
const CHECK = 90;

function fence(info: string, code: string): string {
  return `\`\`\`${info}\n${code}\n\`\`\``;
}
