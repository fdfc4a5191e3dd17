import {mkdtemp, readFile, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import MiniSearch from "minisearch";
import {afterAll, beforeAll, expect, it} from "vitest";
import {readBook} from "../../bin/book-sources.ts";
import {buildBook, type Book, type BookSources} from "../../src/book/build.ts";
import {OPTIONS} from "../../src/book/search-terms.ts";

const assets = {
  module: "assets/main.js",
  imports: [],
  around: "assets/around.js",
  early: "assets/early.js",
  data: {},
  styles: [],
  fonts: [],
};
let sources: BookSources;
let out: string;
let book: Book;
beforeAll(async () => {
  sources = await readBook(".");
  out = await mkdtemp(join(tmpdir(), "tailpage-book-"));
  book = await buildBook(sources, {out, assets});
});
afterAll(() => rm(out, {recursive: true}));

const page = (name: string): Promise<string> => readFile(join(out, name), "utf8");

it("the book as it is builds: every term, source, function, link and anchor in it is there", () => {
  expect(book.chapters.map(({slug}) => slug)).toContain("D-glossary");
});

it("every source is cited", () => expect(book.uncited).toEqual([]));

it("terms are marked once in a chapter, where they are first needed", () => {
  for (const {slug, html, cards} of book.chapters)
    expect(html.match(/popovertarget="/g)?.length ?? 0, slug).toBe(cards.length);
});

it("chapters 0, 11 and 12 explain at least 25 terms between them", () => {
  const explained = book.chapters
    .filter(({number}) => [0, 11, 12].includes(number ?? -1))
    .flatMap(({cards}) => cards.map(({term}) => term.name));
  expect(new Set(explained).size).toBeGreaterThanOrEqual(25);
});

it("pages behind the book are in the small print of each page, and not in the reading order", async () => {
  const first = await page("index.html");
  const [before, after] = first.split("<footer");
  for (const name of ["sources", "cite", "browsers", "model-is-wrong"]) {
    expect(after).toContain(`href="${name}.html"`);
    expect(before).not.toContain(`href="${name}.html">`);
    expect(await page(`${name}.html`)).not.toContain('class="neighbours"');
  }
});

it("addresses that a page uses by itself are relative: the book works under any path", async () => {
  const names = (await readdir(out)).filter((name) => name.endsWith(".html"));
  for (const name of names)
    for (const [, , address] of (await page(name)).matchAll(
      /<(?!a\b)(\w+)[^>]*?\s(?:href|src)="([^"]*)"/g,
    ))
      expect(address, name).not.toMatch(/^(\/|https?:)/);
});

it("its index finds a function of the kernel in its chapter", async () => {
  const index = MiniSearch.loadJSON(await page("search.json"), OPTIONS);
  expect(index.search("smaps_pte_entry").map(({href}) => href as string)).toContain(
    "11-the-thread.html#kernel-smaps_pte_entry",
  );
});

it("a source that nobody cites is reported, and not an error", async () => {
  const source = {mail: "a@b", author: "A", date: "2021", about: "One."};
  const apparatus = {
    ...sources.apparatus,
    sources: new Map([...sources.apparatus.sources, ["nobody", source]]),
  };
  const {uncited} = await buildBook({...sources, apparatus}, {out, assets});
  expect(uncited).toEqual(["nobody"]);
});
