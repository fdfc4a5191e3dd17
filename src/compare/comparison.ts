// What a comparison is, as plain data: in full, and put away in a file.

import type {Parameters} from "../races/index.ts";
import type {Answer, Verdict} from "./cells.ts";

/** The kernel as it was. */
export const NOTHING = "nothing";

/** A fix on a race in one size, and the code that this makes of it. */
export type Pairing = {
  readonly fix: string;
  readonly race: string;
  readonly parameters: Parameters;
  /** Hash of what the race's threads can reach: the same as with `nothing` where the fix changes none of it. */
  readonly code: string;
};

/** What every pairing comes to, in the order of the story. Pairings with equal code share a verdict. */
export type Comparison = readonly (Pairing & {readonly verdict: Verdict})[];

/** One answer about one fix on one race. */
export type Cell = Omit<Pairing, "code"> & Answer;

/** Equal for pairings of which one verdict is enough. */
export function keyOf({race, parameters, code}: Pairing): string {
  return JSON.stringify([race, parameters, code]);
}

/** `verdicts` are in the order in which pairings need them. */
export function comparisonOf(
  {pairings}: {readonly pairings: readonly Pairing[]},
  verdicts: readonly Verdict[],
): Comparison {
  const byKey = new Map<string, Verdict>();
  return pairings.map((pairing) => {
    const key = keyOf(pairing);
    const verdict = byKey.get(key) ?? verdicts[byKey.size];
    byKey.set(key, verdict);
    return {...pairing, verdict};
  });
}

/**
 * For a file that a page loads: a verdict stands where it is first needed and nowhere else, and each word once, in `words`. An answer is three
 * entries: the index of its question, that of what it is, and its schedule, or the index of what was looked at.
 */
export type Packed = {
  readonly words: readonly string[];
  readonly pairings: readonly (Pairing & {readonly verdict?: PackedVerdict})[];
};

type PackedVerdict = Omit<Verdict, "answers"> & {
  readonly answers: readonly (number | string)[];
};

export function pack(comparison: Comparison): Packed {
  const words = new Map<string, number>();
  const indexOf = (word: string): number => {
    if (!words.has(word)) words.set(word, words.size);
    return words.get(word)!;
  };
  const packed = (verdict: Verdict): PackedVerdict => ({
    ...verdict,
    answers: verdict.answers.flatMap((one) => [
      indexOf(one.question),
      indexOf(one.answer),
      "schedule" in one ? one.schedule : indexOf(one.bound),
    ]),
  });
  const known = new Set<Verdict>();
  const pairings = comparison.map(({verdict, ...pairing}) => {
    if (known.has(verdict)) return pairing;
    known.add(verdict);
    return {...pairing, verdict: packed(verdict)};
  });
  return {words: [...words.keys()], pairings};
}

export function unpack({words, pairings}: Packed): Comparison {
  const verdicts = pairings.flatMap(({verdict}) =>
    verdict ? [{...verdict, answers: answersIn(verdict, words)}] : [],
  );
  return comparisonOf({pairings: pairings.map(({verdict: _, ...p}) => p)}, verdicts);
}

function answersIn({answers}: PackedVerdict, words: readonly string[]): Answer[] {
  const unpacked: Answer[] = [];
  for (let i = 0; i < answers.length; i += 3) {
    const [question, answer] = [answers[i], answers[i + 1]].map((at) => words[at as number]!);
    const shown = answers[i + 2];
    unpacked.push(
      typeof shown === "string"
        ? {question: question!, answer: answer!, schedule: shown}
        : {question: question!, answer: answer!, bound: words[shown!]!},
    );
  }
  return unpacked;
}

/** All that can be asked of a comparison, an answer each: the JSON of `tailpage compare`. */
export function cellsOf(comparison: Comparison): {
  fixes: string[];
  races: string[];
  cells: Cell[];
} {
  return {
    fixes: [...new Set(comparison.map(({fix}) => fix))],
    races: [...new Set(comparison.map(({race}) => race))],
    cells: comparison.flatMap(({fix, race, parameters, verdict}) =>
      verdict.answers.map((answer) => ({fix, race, parameters, ...answer})),
    ),
  };
}
