// The memory as of a step: which words there are, how they belong together, and what each of them says.

import type {Change, Naming, Trace} from "../src/explore/trace.ts";
import {changesWord} from "./timeline-steps.ts";

/** A word as of some step. `before` is what it said until this step changed it, else null. */
export type WordState = {
  readonly text: string;
  readonly before: string | null;
  /** This step touched the word, whether it changed it or not. */
  readonly touched: boolean;
  /** What its value names, or null. */
  readonly names: Naming | null;
};

/** Every word of the trace once step `at` has been taken; -1 is before the first. */
export function stateAt(trace: Trace, at: number): WordState[] {
  const said: Pick<Change, "text" | "names">[] = [...trace.words];
  for (const {changes} of trace.steps.slice(0, Math.max(at, 0))) {
    for (const change of changes) said[change.word] = change;
  }

  const step = trace.steps[at];
  return said.map((before, word) => {
    const change = step?.changes.findLast((each) => each.word === word);
    const {text, names = null} = change ?? before;
    return {
      text,
      before: change ? before.text : null,
      touched: step?.word === word || change !== undefined,
      names,
    };
  });
}

/** Words under one heading: indices into the trace's words, with the label each has there. */
export type Group = {
  readonly name: string;
  readonly words: readonly {readonly word: number; readonly label: string}[];
};

export type Groups = {
  /** The struct pages, a card each. */
  readonly pages: readonly Group[];
  /** Page tables, locks and whatever else some step touches. */
  readonly others: readonly Group[];
  /** What no step of the trace touches. */
  readonly quiet: readonly Group[];
};

const structPage = /^page\[\d+\]$/;

function gather(trace: Trace, words: readonly number[]): Group[] {
  const groups = new Map<string, {word: number; label: string}[]>();
  for (const word of words) {
    const {group, name, field} = trace.words[word];
    groups.set(group, [...(groups.get(group) ?? []), {word, label: field || name}]);
  }
  return [...groups].map(([name, words]) => ({name, words}));
}

/** Headings with a single word cost more room than they are worth: such words share the last one. */
function joinSingles(trace: Trace, groups: readonly Group[]): Group[] {
  const alone = groups.filter(({words}) => words.length === 1);
  if (alone.length < 2) return [...groups];
  const words = alone.map(({words: [only]}) => ({
    word: only.word,
    label: trace.words[only.word].name,
  }));
  return [...groups.filter(({words}) => words.length > 1), {name: "single words", words}];
}

/** Of the words for which `isMeant`. */
export function groupWords(
  trace: Trace,
  isMeant: (word: number) => boolean = () => true,
): Groups {
  const all = [...trace.words.keys()].filter(isMeant);
  const touched = new Set(
    all.filter((word) =>
      trace.steps.some((step) => step.word === word || changesWord(step, word)),
    ),
  );
  const active = gather(
    trace,
    all.filter((word) => touched.has(word)),
  );
  const quiet = gather(
    trace,
    all.filter((word) => !touched.has(word)),
  );
  const pageNumber = ({name}: Group): number => Number(/\d+/.exec(name)?.[0]);
  const pages = active.filter(({name}) => structPage.test(name));
  const others = active.filter(({name}) => !structPage.test(name));
  return {
    pages: pages.sort((a, b) => pageNumber(a) - pageNumber(b)),
    others: joinSingles(trace, others),
    quiet,
  };
}
