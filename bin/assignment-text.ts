// Assignments as text: the notebooks that are handed out and the editions they are of, for whoever has no folders, as the module `virtual:notebooks`;
// and as pages of the book.

import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Plugin} from "vite";
import type {ChapterSource} from "../src/book/chapter.ts";
import {editionFrom} from "../src/grade/judge.ts";
import {parseNotebook, type Notebook, type NotebookCell} from "../src/grade/notebook.ts";
import {hash} from "../src/livepatch/hash.ts";
import type {SourceFile} from "../src/livepatch/index.ts";
import {readKernelSource} from "./kernel-source.ts";

export type HandedOut = {readonly starter: Notebook; readonly edition: string};

/** By the assignment's name, in their order. */
export function readNotebooks(
  root: string,
  sources: readonly SourceFile[],
): Readonly<Record<string, HandedOut>> {
  const folder = join(root, "notebooks");
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, "notebook.html")),
  );
  const kernel = sources.map(({code}) => hash(code));
  return Object.fromEntries(
    names.sort().map((name) => {
      const text = (file: string) => readFileSync(join(folder, name, file), "utf8");
      const starter = {...parseNotebook(text("notebook.html"))!, assignment: name};
      const edition = editionFrom([...kernel, hash(text("checks.ts"))].join(" "), starter);
      return [name, {starter: {...starter, edition}, edition}];
    }),
  );
}

const ID = "virtual:notebooks";

export function notebooks(root: string): Plugin {
  return {
    name: "tailpage-notebooks",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      return `export const notebooks = ${JSON.stringify(readNotebooks(root, readKernelSource(root)))};`;
    },
  };
}

// Pages

/** The page of an assignment; its name is no chapter's. */
export function pageNameOf(assignment: string): string {
  return `assignment-${assignment}`;
}

export function assignmentPages(root: string): ChapterSource[] {
  const all = readNotebooks(root, readKernelSource(root));
  return Object.entries(all).map(([name, {starter}]) => ({
    name: `${pageNameOf(name)}.md`,
    text: [`# ${starter.title}`, ...starter.cells.map(markdownOf)].join("\n\n"),
  }));
}

/** Imports are for other tools: a page has all that there is. */
function markdownOf({id, type, value}: NotebookCell): string {
  if (type === "text/markdown") return withoutTitle(withLiveCode(toChapters(value)));
  if (type === "module") return "";
  const [, star] = /^\s*(?:export\s+)?function\*?\s*([\w$]+)/m.exec(value) ?? [];
  if (star !== undefined && id >= FIRST_ANSWER && id < CHECK)
    return fence(`ts answer=${star}`, value);
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
