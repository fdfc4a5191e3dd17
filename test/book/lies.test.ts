// A small book that is true, and one lie of each kind: the build takes the first, and none of the others.

import {expect, it} from "vitest";
import {parseChapter} from "../../src/book/chapter.ts";
import {readGlossary} from "../../src/book/glossary.ts";
import {kernelNames} from "../../src/book/kernel-names.ts";
import {checkLinks} from "../../src/book/links.ts";
import {checkChapter, type BuiltinsFor} from "../../src/book/run-chapter.ts";
import {readSources} from "../../src/book/sources.ts";
import {builtinsOf} from "../../bin/book-builtins.ts";
import {listingsOf} from "../../bin/listing.ts";

const CHAPTER = `# A true one

Two add, with a [[lost update]] ([@report]); see {mm/util.c#page_mapped} and [below](#below).
Of \${report.outcomes.length} endings one is bad.

\`\`\`ts echo
const report = await kernel.explore("lost_update");
display(report.outcomes.join(", "));
// → "counter 1, counter 2"
\`\`\`

\`\`\`ts
const ways = view(predict("How many states?", ["6", "8", "11"], () => report.counts.states));
// → 8
\`\`\`

## Below

\`\`\`ts echo id=cpus
const increment = "plain";
\`\`\`

\`\`\`ts echo id=check
display(verdict(await kernel.explore("lost_update", {set: {increment}})));
\`\`\`

::: solution
\`\`\`ts solution=cpus check=check
const increment = "atomic";
// → Holds. …
\`\`\`
:::
`;
const GLOSSARY = "# Glossary\n\n## lost update\nchapter: 4\n\nIt was run over.\n";
const SOURCES = JSON.stringify({
  report: {mail: "a@b.example", author: "A", date: "2021", about: "It."},
});

const builtins: BuiltinsFor = builtinsOf(".");
const cut = listingsOf(".");

async function check({text = CHAPTER, sources = SOURCES}): Promise<readonly string[]> {
  const modelled = [{text: "// Models mm/util.c, v5.13.\n", names: ["page_mapped"]}];
  const apparatus = {
    glossary: readGlossary(GLOSSARY),
    sources: readSources(sources),
    names: kernelNames(modelled, {}),
  };
  const book = [
    {name: "04-true.md", text},
    {name: "D-glossary.md", text: GLOSSARY},
    {name: "sources.md", text: '# Sources\n\n<p id="report">x</p>\n'},
  ].map((source) => ({
    source,
    chapter: parseChapter(source, {cut, highlight: (code) => code, apparatus}),
  }));
  checkLinks(book, new Set());
  return await checkChapter(book[0]!.chapter, builtins);
}

/** What is said of the chapter with `lie` in the place of `truth`. */
async function said(truth: string, lie: string): Promise<string> {
  expect(CHAPTER).toContain(truth);
  try {
    return (await check({text: CHAPTER.replace(truth, lie)})).join("\n");
  } catch (error) {
    return (error as Error).message;
  }
}

it("the true one is taken", async () => expect(await check({})).toEqual([]));

it.each([
  ["what a cell shows", '"counter 1, counter 2"', '"counter 2"', "says it shows"],
  [
    "a number in a sentence",
    "report.outcomes.length",
    "report.outcomes.size",
    "says undefined",
  ],
  ["a prediction's answer", "// → 8", "// → 11", "but it shows 8"],
  ["a prediction's choices", '"8", ', '"9", ', "comes to 8, which is none of its choices"],
  ["a prediction without an answer", "// → 8", "", "says what is true"],
  [
    "a solution that is none",
    'increment = "atomic"',
    'increment = "plain" + ""',
    "solution=cpus",
  ],
  ["a solution to what is solved", "// → Holds", "// → Found", "before anybody has touched"],
  ["a solution of nothing", "solution=cpus", "solution=cpu", "neither a cell nor a function"],
  ["a solution that nobody checks", "check=check", "check=chek", "no cell is called so"],
  ["a cross reference", "(#below)", "(#bellow)", "no anchor #bellow"],
  [
    "a chapter that is not there",
    "(#below)",
    "(05-false.md)",
    "there is no chapter 05-false.md",
  ],
  ["a term", "[[lost update]]", "[[lost date]]", "no term “lost date”"],
  ["a source", "[@report]", "[@rapport]", "there is no source [@rapport]"],
  ["a function of the kernel", "#page_mapped", "#page_maped", "page_maped() is not known"],
  ["a cell that cannot run", "display(report.outcomes", "display(rapport.outcomes", "rapport"],
])("a lie is not: %s", async (_, truth, lie, complaint) => {
  expect(await said(truth, lie)).toContain(complaint);
});

it.each([
  ["a Message-ID", SOURCES.replace("a@b.example", "<a@b.example>"), "looks like name@host"],
  ["a hash", SOURCES.replace('"mail":"a@b.example"', '"commit":"12xy"'), "12 to 40 digits"],
])("nor is one in the form of %s", async (_, sources, complaint) => {
  await expect(check({sources})).rejects.toThrow(complaint);
});
