// Builds the pages of the book into a folder: every chapter in the reading order, the pages behind them, and the index of
// the search.

import {copyFile, mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import type {Apparatus} from "./apparatus.ts";
import {fillBackMatter} from "./back-matter.ts";
import {parseChapter, type Chapter, type ChapterSource, type Cut} from "./chapter.ts";
import {editionOf} from "./edition.ts";
import {GLOSSARY, glossaryAsChapter} from "./glossary.ts";
import {createHighlight} from "./highlight.ts";
import {checkLinks, imagesOf} from "./links.ts";
import {NOT_FOUND} from "./not-found.ts";
import {placeInOrder} from "./order.ts";
import {renderPage, type Assets} from "./page.ts";
import {searchIndex} from "./search-index.ts";

export type BookSources = {
  /** In the reading order. */
  readonly chapters: readonly ChapterSource[];
  /** The pages behind the book. */
  readonly back: readonly ChapterSource[];
  readonly apparatus: Apparatus;
  /** The text of CITATION.cff. */
  readonly citation: string;
  /** Where a wrong model is reported, or null. */
  readonly issues: string | null;
  /** What lies beside the chapters: where it is, by its path from them. */
  readonly files: ReadonlyMap<string, string>;
  readonly cut: Cut;
};

export type Book = {
  readonly chapters: readonly Chapter[];
  /** Keys of sources that no chapter cites. */
  readonly uncited: readonly string[];
};

export async function buildBook(
  sources: BookSources,
  {out, assets}: {out: string; assets: Assets},
): Promise<Book> {
  const {apparatus, citation, issues, files, cut} = sources;
  const highlight = await createHighlight();
  const parse = (source: ChapterSource) => ({
    source,
    chapter: parseChapter(source, {cut, highlight, apparatus}),
  });

  const parsed = withGlossary(sources.chapters).map(parse);
  const chapters = parsed.map(({chapter}) => chapter);
  const edition = editionOf(chapters, {citation});
  const facts = {edition, citation, issues, chapters, sources: apparatus.sources};
  const back = sources.back.map((source) => parse(fillBackMatter(source, facts)));
  checkLinks([...parsed, ...back], new Set(files.keys()));

  await mkdir(out, {recursive: true});
  const pages = [...chapters, ...back.map(({chapter}) => chapter)];
  const render = (chapter: Chapter) => renderPage(chapter, {chapters, assets, edition});
  const written = pages.map((page) => write(`${page.slug}.html`, render(page)));
  // The book opens at its first chapter.
  if (chapters[0]) written.push(write("index.html", render(chapters[0])));
  written.push(write("search.json", searchIndex(pages)), write("404.html", NOT_FOUND));
  written.push(...pages.flatMap(imagesOf).map(copy));
  await Promise.all(written);

  const cited = new Set(chapters.flatMap((chapter) => chapter.cited));
  return {chapters, uncited: [...apparatus.sources.keys()].filter((key) => !cited.has(key))};

  function write(name: string, text: string): Promise<void> {
    return writeFile(join(out, name), text);
  }

  async function copy(file: string): Promise<void> {
    await mkdir(dirname(join(out, file)), {recursive: true});
    await copyFile(files.get(file)!, join(out, file));
  }
}

/** The glossary as a chapter that knows the others. */
function withGlossary(sources: readonly ChapterSource[]): readonly ChapterSource[] {
  const chapterNamed = (number: number): string | null =>
    sources.find(({name}) => placeInOrder(name).number === number)?.name ?? null;
  return sources.map(({name, text}) => ({
    name,
    text: name === GLOSSARY ? glossaryAsChapter(text, chapterNamed) : text,
  }));
}
