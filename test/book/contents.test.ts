import {readdirSync, readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {apparatusOf, contentsOf, readBook} from "../../bin/book-sources.ts";
import {parseChapter} from "../../src/book/chapter.ts";
import {inOrder, readContents} from "../../src/book/contents.ts";
import {lacks, measure} from "../../src/book/measures.ts";

const contents = await contentsOf(".");
const {chapters, cut} = await readBook(".");

/** Exported functions of the model, by name. */
const functions = readdirSync("src/mm").flatMap((file) =>
  [...readFileSync(`src/mm/${file}`, "utf8").matchAll(/^export function\*? (\w+)/gm)].map(
    ([, name]) => name!,
  ),
);

it("every exported function of the model is presented in a chapter or in appendix B", () => {
  const presented = new Set(contents.flatMap(({presents}) => presents));
  expect(functions.filter((name) => !presented.has(name))).toEqual([]);
  expect(functions.length).toBeGreaterThan(250);
});

describe.each(contents)("$chapter", ({chapter, presents}) => {
  const source = chapters.find(({name}) => name === `${chapter}.md`)!;

  it("presents functions that there are, each once, and says something of them", () => {
    expect(presents.filter((name) => !functions.includes(name))).toEqual([]);
    expect(new Set(presents).size).toBe(presents.length);
    const silent = presents.filter(
      (name) => !new RegExp(`(?<!\\w)${name}(?!\\w)`).test(source.text),
    );
    expect(silent).toEqual([]);
  });

  it.runIf(/^\d/.test(chapter))("has what every chapter has", () => {
    const parsed = parseChapter(source, {cut, highlight: (code) => code});
    expect(lacks(measure(parsed, source.text))).toEqual([]);
  });
});

describe("a lie in the contents is an error:", () => {
  const sources = [{name: "01-a.md"}, {name: "02-b.md"}];
  const entry = (chapter: string) => ({chapter, presents: []});

  it("they are an order", () => {
    const ordered = inOrder(sources, [entry("02-b"), entry("01-a")]);
    expect(ordered.map(({name}) => name)).toEqual(["02-b.md", "01-a.md"]);
  });
  it("a chapter without a file", () =>
    expect(() => inOrder(sources, [entry("01-a"), entry("02-b"), entry("03-c")])).toThrow(
      "there is no file chapters/03-c.md",
    ));
  it("a file that nobody is told to read", () =>
    expect(() => inOrder(sources, [entry("01-a")])).toThrow("02-b.md is not in contents.json"));
  it("a chapter that is there twice", () =>
    expect(() => readContents(JSON.stringify([entry("01-a"), entry("01-a")]))).toThrow(
      "has 01-a twice",
    ));
});

describe("the glossary", async () => {
  const apparatus = await apparatusOf(".");
  const terms = [...new Set(apparatus.glossary.values())];
  const parsed = chapters.map((source) => ({
    text: source.text.replace(/\s+/g, " ").toLowerCase(),
    ...parseChapter(source, {cut, highlight: (code) => code, apparatus}),
  }));

  it.each(terms)("$name is marked in a chapter, and the one that earns it says it", (term) => {
    const marks = parsed.filter(({cards}) => cards.some((card) => card.term === term));
    expect(marks.map(({slug}) => slug)).not.toEqual([]);
    const earns = parsed.find(({number}) => number === term.chapter);
    const words = [term.name, ...term.also].map((word) => word.toLowerCase());
    expect(words.some((word) => earns?.text.includes(word))).toBe(true);
  });
});
