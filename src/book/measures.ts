// What can be counted of a chapter: how long it is and how it reads, and whether it has what every chapter has.

import createMarkdown, {type Token} from "markdown-it";
import {textOf, type Chapter} from "./chapter.ts";

export type Measures = {
  readonly words: number;
  /** Words in the sentence in the middle. */
  readonly sentence: number;
  /** Cells and functions of the kernel that a reader sees and can change. */
  readonly editable: number;
  readonly predictions: number;
  readonly drawings: number;
  readonly exercises: readonly Exercise[];
  /** Lines of the summary. */
  readonly summary: number;
  /** Its headings of the second level. */
  readonly sections: readonly string[];
  /** Lines of the longest listing. */
  readonly longest: number;
};

type Exercise = {
  readonly title: string;
  readonly hints: number;
  readonly solutions: number;
};

/** The sections with which a chapter ends, in this order. */
export const LAST_SECTIONS = ["In five lines", "Exercises", "In the kernel", "Further reading"];

const MOST_LINES = 25;

export function measure(chapter: Chapter, text: string): Measures {
  const tokens = createMarkdown({html: true}).parse(plain(text), {});
  const prose = tokens.filter(isProse).map(textOf);
  const lengths = prose.flatMap(sentencesIn).map(wordsIn);
  const shown = chapter.cells.filter(({inline}) => !inline);
  const printed = [
    ...shown.filter(({echo}) => echo).map(({source}) => source),
    ...chapter.listings.map(({code}) => code),
  ];
  return {
    words: prose.reduce((sum, each) => sum + wordsIn(each), 0),
    sentence: median(lengths),
    editable: printed.length,
    predictions: shown.filter(({source}) => /\bpredict\b/.test(source)).length,
    drawings: shown.filter(({inputs}) => inputs.some((name) => DRAWINGS.has(name))).length,
    exercises: exercisesIn(text),
    summary: itemsBelow(text, "In five lines"),
    sections: chapter.sections.map(({title}) => title),
    longest: Math.max(0, ...printed.map(linesOf)),
  };
}

/** What a chapter lacks, as sentences. Appendices are as their subject asks. */
export function lacks(measures: Measures): readonly string[] {
  const {words, sentence, editable, predictions, drawings, exercises, summary} = measures;
  const faults: [boolean, string][] = [
    [words < 1_500 || words > 5_000, `it has ${words} words (1,500 to 5,000)`],
    [sentence >= 20, `its median sentence has ${sentence} words (under 20)`],
    [editable < 4, `a reader can change ${editable} cells (at least 4)`],
    [predictions < 1, "nobody is asked for a prediction"],
    [drawings < 1, "the model draws nothing"],
    [
      exercises.length < 2 || exercises.length > 4,
      `it has ${exercises.length} exercises (2 to 4)`,
    ],
    [summary !== 5, `its summary has ${summary} lines (5)`],
  ];
  const order = measures.sections.filter((title) => LAST_SECTIONS.includes(title));
  if (order.join() !== LAST_SECTIONS.join())
    faults.push([
      true,
      `it ends with “${order.join(", ")}”, not with “${LAST_SECTIONS.join(", ")}”`,
    ]);
  for (const {title, hints, solutions} of exercises) {
    faults.push([
      !/^★{1,3} /.test(title),
      `the exercise “${title}” does not say how hard it is (★)`,
    ]);
    faults.push([hints === 0, `the exercise “${title}” has no hint`]);
    faults.push([solutions === 0, `the exercise “${title}” has no solution that is tried out`]);
  }
  return faults.flatMap(([isOne, sentenceOf]) => (isOne ? [sentenceOf] : []));
}

const DRAWINGS = new Set(["timeline", "memory", "compareTimelines"]);

/** Without what is no prose, and with a word for what runs in a sentence. */
function plain(text: string): string {
  return text
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "N")
    .replace(/^:::.*$/gm, "")
    .replace(/^\[\^[\w-]+\]:\s*/gm, "")
    .replace(/\[\^[\w-]+\]/g, "")
    .replace(/\[@[^\]]+\]/g, "source")
    .replace(/\{([\w./-]+)#(\w+)[^}]*\}/g, "$1 $2")
    .replace(/\[\[([^\]|]+)(?:\|[^\]]+)?\]\]/g, "$1");
}

function isProse({type}: Token): boolean {
  return type === "inline";
}

function sentencesIn(text: string): string[] {
  return text
    .split(/(?<=[.?!]["”’)*]*)\s+(?=[“"(*]*[A-Z`/\d])/)
    .filter((one) => wordsIn(one) > 0);
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\w]/.test(word)).length;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function linesOf(code: string): number {
  return code.split("\n").length;
}

/** The lines below a heading of the second level. */
function below(text: string, title: string): string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(`## ${title}`);
  if (start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && line.startsWith("## "));
  return lines.slice(start + 1, end < 0 ? lines.length : end);
}

function itemsBelow(text: string, title: string): number {
  return below(text, title).filter((line) => /^(\d+\.|[-*]) /.test(line)).length;
}

function exercisesIn(text: string): Exercise[] {
  const parts = below(text, "Exercises").join("\n").split(/^### /m).slice(1);
  return parts.map((part) => ({
    title: part.split("\n", 1)[0]!,
    hints: part.match(/^::: hint/gm)?.length ?? 0,
    solutions: part.match(/^```ts solution=/gm)?.length ?? 0,
  }));
}

/** Said, and not refused: a picture beside it or a reason may excuse a long listing. */
export function isLong({longest}: Measures): boolean {
  return longest > MOST_LINES;
}
