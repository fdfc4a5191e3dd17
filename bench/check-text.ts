// `npm run check:text`: how each chapter reads, as a table, and what it lacks. Exit code 1 where one lacks something.

import {join} from "node:path";
import {readBook} from "../bin/book-sources.ts";
import {ROOT} from "../bin/root.ts";
import {parseChapter} from "../src/book/chapter.ts";
import {isLong, lacks, measure, type Measures} from "../src/book/measures.ts";

const COLUMNS: readonly [string, (measures: Measures) => number | string][] = [
  ["words", ({words}) => words],
  ["sentence", ({sentence}) => sentence],
  ["to change", ({editable}) => editable],
  ["predict", ({predictions}) => predictions],
  ["drawn", ({drawings}) => drawings],
  ["exercises", ({exercises}) => exercises.length],
  ["longest", (measures) => `${measures.longest}${isLong(measures) ? "!" : ""}`],
];

const {chapters, cut, apparatus} = await readBook(ROOT);
const rows = chapters.map((source) => {
  const chapter = parseChapter(source, {cut, highlight: (code) => code, apparatus});
  const measures = measure(chapter, source.text);
  return {chapter, measures, lacks: chapter.number === null ? [] : lacks(measures)};
});

const width = Math.max(...rows.map(({chapter}) => chapter.slug.length));
say("chapter".padEnd(width), ...COLUMNS.map(([name]) => name.padStart(10)));
for (const {chapter, measures} of rows)
  say(
    chapter.slug.padEnd(width),
    ...COLUMNS.map(([, value]) => String(value(measures)).padStart(10)),
  );
for (const {chapter, lacks} of rows)
  for (const one of lacks) say(`${join("chapters", chapter.slug)}.md: ${one}`);
process.exitCode = rows.some(({lacks}) => lacks.length > 0) ? 1 : 0;

function say(...words: readonly string[]): void {
  process.stdout.write(`${words.join(" ")}\n`);
}
