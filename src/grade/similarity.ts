// Which submissions are alike. Programs are cut into overlapping runs of tokens, and of these some are kept as fingerprints: winnowing, by
// Schleimer, Wilkerson and Aiken (2003). What was handed out counts for nobody. A number is a reason to look, and proves nothing: short answers
// that are right are often alike.

import {hash} from "../livepatch/hash.ts";
import type {Assignment} from "./assignment.ts";
import {codeOf, tokensOf, wordsOf} from "./code.ts";
import {parseNotebook} from "./notebook.ts";
import {studentOf, WHO} from "./submission.ts";

/** What one student wrote: the texts of their answers. */
export type Written = {
  readonly file: string;
  /** Empty where it is not known. Two submissions of one student are not compared. */
  readonly student: string;
  readonly answers: readonly string[];
};

/** The functions in what was handed in, or nothing where it cannot be read. Schedules are found, not written, and are left out. */
export function writtenIn(file: string, text: string, {answers}: Assignment): Written {
  const cells = parseNotebook(text)?.cells ?? [];
  const valueOf = (id: number) => cells.find((cell) => cell.id === id)?.value ?? "";
  const functions = answers.filter(({kind}) => kind === "functions");
  return {
    file,
    student: studentOf(valueOf(WHO)),
    answers: functions.map(({cell}) => valueOf(cell)),
  };
}

/** Lines of an answer, from 1, as the student wrote them. */
export type Stretch = {
  readonly answer: number;
  readonly from: number;
  readonly to: number;
};

export type Alike = {
  readonly a: string;
  readonly b: string;
  /** From 0 to 1: the part of all fingerprints of both that both have. */
  readonly score: number;
  /** How many fingerprints both have. */
  readonly common: number;
  /** The longest stretch that both have, in tokens, in the words of `a`, and where it is. */
  readonly shared: {
    readonly tokens: number;
    readonly text: string;
    readonly inA: Stretch;
    readonly inB: Stretch;
  };
};

export type SimilarityOptions = {
  /** Pairs from this score on. */
  readonly threshold?: number;
  /** Fingerprints that more than so many submissions have are the assignment's, and not a student's. */
  readonly usual?: number;
};

/** Tokens in a run. */
const K = 8;
/** Of so many neighbouring runs one is kept: whatever K + WINDOW - 1 tokens two programs share is found. */
const WINDOW = 4;
/** Fewer common fingerprints than this say nothing. */
const LEAST_COMMON = 3;
/** Far more than anybody writes. */
const MOST_TOKENS = 20_000;
const MOST_PLACES = 20;

/** Pairs that are alike, most alike first. `template` is what was handed out. */
export function similarity(
  all: readonly Written[],
  template: readonly string[],
  {threshold = 0.6, usual = Infinity}: SimilarityOptions = {},
): Alike[] {
  const given = new Set(template.flatMap((text) => runsOf(text).map(({run}) => run)));
  const prints = all.map((written) => printOf(written, given));
  const holders = holdersOf(prints);
  for (const [run, who] of holders) if (who.length > usual) forget(run, prints, holders);

  const alike: Alike[] = [];
  for (const [pair, common] of commonOf(holders, all.length)) {
    const [i, j] = [Math.floor(pair / all.length), pair % all.length];
    const isSame = all[i].student !== "" && all[i].student === all[j].student;
    const score = (2 * common) / (prints[i].marks.size + prints[j].marks.size);
    if (isSame || common < LEAST_COMMON || score < threshold) continue;
    const shared = longestShared(prints[i], prints[j]);
    alike.push({a: all[i].file, b: all[j].file, score: rounded(score), common, shared});
  }
  return alike.sort((x, y) => y.score - x.score || y.common - x.common || inOrder(x, y));
}

function rounded(score: number): number {
  return Math.round(score * 1000) / 1000;
}

function inOrder(x: Alike, y: Alike): number {
  return x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1;
}

// ---------------------------------------------------------------------------------------------------- fingerprints

/** A run of K tokens: its hash, the number of its first token, and the place in the code. */
type Run = {
  readonly run: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
};

type Print = {
  /** The code that runs stand in, by answer. */
  readonly codes: readonly string[];
  /** Those that were not handed out. */
  readonly runs: readonly (Run & {readonly answer: number})[];
  /** The fingerprints. */
  readonly marks: Set<number>;
};

function printOf({answers}: Written, given: ReadonlySet<number>): Print {
  const byAnswer = answers.map((text) => runsOf(text).filter(({run}) => !given.has(run)));
  return {
    codes: answers.map((text) => codeOf(text) ?? text),
    runs: byAnswer.flatMap((runs, answer) => runs.map((run) => ({...run, answer}))),
    marks: new Set(byAnswer.flatMap(winnowed)),
  };
}

function runsOf(text: string): Run[] {
  const code = codeOf(text);
  const all = code === null ? wordsOf(text) : tokensOf(code);
  const tokens = all.slice(0, MOST_TOKENS);
  const hashes = tokens.map((token) => parseInt(hash(token.text).slice(0, 7), 36));
  const runs: Run[] = [];
  for (let at = 0; at + K <= tokens.length; at++) {
    const {start} = tokens[at];
    runs.push({run: combined(hashes, at), at, start, end: tokens[at + K - 1].end});
  }
  return runs;
}

/** 53 bits, so that no two runs of a class meet by chance. */
function combined(hashes: readonly number[], from: number): number {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let i = from; i < from + K; i++) {
    a = Math.imul(a ^ hashes[i], 0x01000193);
    b = Math.imul(b ^ hashes[i], 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff);
}

/** The least of each window. */
function winnowed(runs: readonly Run[]): number[] {
  if (runs.length === 0) return [];
  const windows = Array.from({length: Math.max(1, runs.length - WINDOW + 1)}, (_, i) =>
    runs.slice(i, i + WINDOW),
  );
  return windows.map((window) => Math.min(...window.map(({run}) => run)));
}

/** By fingerprint: who has it, in their order. */
function holdersOf(prints: readonly Print[]): Map<number, number[]> {
  const holders = new Map<number, number[]>();
  for (const [i, {marks}] of prints.entries())
    for (const mark of marks) {
      const who = holders.get(mark);
      if (who) who.push(i);
      else holders.set(mark, [i]);
    }
  return holders;
}

function forget(run: number, prints: readonly Print[], holders: Map<number, number[]>): void {
  holders.delete(run);
  for (const {marks} of prints) marks.delete(run);
}

/** How many fingerprints each pair has in common. A pair is `first * of + second`. */
function commonOf(
  holders: ReadonlyMap<number, readonly number[]>,
  of: number,
): Map<number, number> {
  const common = new Map<number, number>();
  for (const who of holders.values())
    for (let i = 0; i < who.length; i++)
      for (let j = i + 1; j < who.length; j++) {
        const pair = who[i] * of + who[j];
        common.set(pair, (common.get(pair) ?? 0) + 1);
      }
  return common;
}

// --------------------------------------------------------------------------------------------- the longest stretch

/** The longest sequence of neighbouring runs that both have. */
function longestShared(a: Print, b: Print): Alike["shared"] {
  const places = new Map<number, number[]>();
  for (const [j, {run}] of b.runs.entries()) {
    const known = places.get(run);
    if (!known) places.set(run, [j]);
    else if (known.length < MOST_PLACES) known.push(j);
  }

  // By the place in `b` where it ends: how long the sequence is that ends at the run before.
  let before = new Map<number, number>();
  let best = {length: 0, i: 0, j: 0};
  for (const [i, {run}] of a.runs.entries()) {
    const here = new Map<number, number>();
    for (const j of places.get(run) ?? []) {
      const goesOn = isNext(a.runs, i) && isNext(b.runs, j);
      const length = (goesOn ? (before.get(j - 1) ?? 0) : 0) + 1;
      here.set(j, length);
      if (length > best.length) best = {length, i, j};
    }
    before = here;
  }

  const {length, i, j} = best;
  const [first, last] = [a.runs[i - length + 1], a.runs[i]];
  return {
    tokens: length + K - 1,
    text: a.codes[first.answer].slice(first.start, last.end),
    inA: stretchOf(a, i - length + 1, i),
    inB: stretchOf(b, j - length + 1, j),
  };
}

/** Whether this run begins a token after the one before. */
function isNext(runs: Print["runs"], i: number): boolean {
  const before = runs[i - 1];
  return i > 0 && runs[i].answer === before.answer && runs[i].at === before.at + 1;
}

function stretchOf({codes, runs}: Print, first: number, last: number): Stretch {
  const {answer, start} = runs[first];
  const lineAt = (offset: number) => codes[answer].slice(0, offset).split("\n").length;
  return {answer, from: lineAt(start), to: lineAt(runs[last].end)};
}
