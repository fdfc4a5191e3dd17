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
 * For a file that a page loads: a verdict stands where it is first needed and nowhere else, and each word once, in `words`. The answers of a
 * verdict are one text, which is taken apart when somebody looks at them: a page shows a few of thousands.
 */
export type Packed = {
  readonly words: readonly string[];
  readonly pairings: readonly (Pairing & {readonly verdict?: PackedVerdict})[];
};

/** Three entries for each answer, with spaces between: the index of its question, that of what it is, and its schedule, or the index of the bound. */
type PackedVerdict = Omit<Verdict, "answers"> & {readonly answers: string};

export function pack(comparison: Comparison): Packed {
  const words = new Map<string, number>();
  const indexOf = (word: string): number => {
    if (!words.has(word)) words.set(word, words.size);
    return words.get(word)!;
  };
  const entries = (one: Answer): (string | number)[] => [
    indexOf(one.question),
    indexOf(one.answer),
    "schedule" in one ? one.schedule : indexOf(one.bound),
  ];
  const known = new Set<Verdict>();
  const pairings = comparison.map(({verdict, ...pairing}) => {
    if (known.has(verdict)) return pairing;
    known.add(verdict);
    return {
      ...pairing,
      verdict: {...verdict, answers: verdict.answers.flatMap(entries).join(" ")},
    };
  });
  return {words: [...words.keys()], pairings};
}

export function unpack({words, pairings}: Packed): Comparison {
  const verdicts = pairings.flatMap(({verdict}) =>
    verdict ? [unpackVerdict(verdict, words)] : [],
  );
  return comparisonOf({pairings: pairings.map(({verdict: _, ...p}) => p)}, verdicts);
}

function unpackVerdict(
  {answers, ...verdict}: PackedVerdict,
  words: readonly string[],
): Verdict {
  let unpacked: readonly Answer[] | undefined;
  return {
    get answers() {
      return (unpacked ??= answersIn(answers.split(" "), words));
    },
    ...verdict,
  };
}

function answersIn(entries: readonly string[], words: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  const wordAt = (i: number): string => words[Number(entries[i])]!;
  for (let i = 0; i < entries.length; i += 3) {
    const [question, answer, shown] = [wordAt(i), wordAt(i + 1), entries[i + 2]!];
    const isSchedule = shown.includes("~");
    answers.push(
      isSchedule
        ? {question, answer, schedule: shown}
        : {question, answer, bound: wordAt(i + 2)},
    );
  }
  return answers;
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
