// A trace told in words: what each step did, to whom that matters, what comes next. What the figure draws,
// it also says; the drawing of these sentences (timeline-caption.ts) only adds colour and links.

import {drainOfStore, isBuffered} from "../src/explore/buffered_steps.ts";
import type {Trace, TraceFinding} from "../src/explore/trace.ts";
import {type Held, heldAt} from "./timeline-held.ts";
import {neighbours, overtaken, wordOf, writesWord} from "./timeline-steps.ts";

/** A piece of a sentence: plain text, a CPU, a step (counted from 0), or a bit of code. */
export type Piece =
  string | {readonly cpu: number} | {readonly step: number} | {readonly code: string};
export type Sentence = readonly Piece[];

export function cpuName(thread: number): string {
  return thread < 0 ? "every CPU" : `CPU ${thread}`;
}

/** Readers count from 1. */
export function stepName(step: number): string {
  return `step ${step + 1}`;
}

export function plain(sentence: Sentence): string {
  const pieces = sentence.map((piece) => {
    if (typeof piece === "string") return piece;
    if ("cpu" in piece) return cpuName(piece.cpu);
    return "step" in piece ? stepName(piece.step) : piece.code;
  });
  return pieces.join("");
}

/** An end-of-run finding may lie past the last step; it is told there. */
export function findingsAt(trace: Trace, at: number): TraceFinding[] {
  const last = trace.steps.length - 1;
  return trace.findings.filter(({step}) => Math.min(step, last) === at);
}

/** `CPU 1 (madvise): page[3].compound_head = 0 in clear_compound_head, called by ...` */
export function whatHappens(trace: Trace, at: number): Sentence {
  const step = trace.steps[at];
  if (!step) return ["No step has been taken."];
  const name = trace.threads[step.thread]?.name;
  const [inner, outer] = step.places.map((place) => place.function);
  return [
    {cpu: step.thread},
    name ? ` (${name}): ` : ": ",
    {code: step.text},
    ...(inner ? [" in ", {code: inner}] : []),
    ...(outer ? [", called by ", {code: outer}] : []),
    ".",
  ];
}

/** Of a store that waits: when the others see it. Of one that reaches memory: when it was made. */
export function whenSeen(trace: Trace, at: number): Sentence[] {
  const step = trace.steps[at];
  if (!step) return [];
  const {thread, drains} = step;
  if (drains !== undefined) return [["Stored at ", {step: drains}, "."]];
  if (!isBuffered(step)) return [];
  const alone: Sentence = ["Only ", {cpu: thread}, " sees it"];
  const seen = drainOfStore(trace, at);
  if (seen < 0) return [[...alone, "."]];
  return [[...alone, " until ", {step: seen}, ", when it reaches memory."]];
}

/** To whom a step matters: the other CPUs' nearest accesses to its word. */
export function whoCares(trace: Trace, at: number): Sentence[] {
  const step = trace.steps[at];
  if (!step) return [];
  const word = wordOf(step);
  const code = trace.words[word]?.name ?? "";
  const {before, after} = neighbours(trace, at);
  const told: Sentence[] = [];

  const earlier = trace.steps[before];
  if (earlier) {
    const did = writesWord(earlier, word) ? " wrote " : " read ";
    told.push([{cpu: earlier.thread}, did, {code}, " before, at ", {step: before}, "."]);
  }
  const later = trace.steps[after];
  if (later) {
    const does = writesWord(later, word) ? " writes " : " reads ";
    told.push([{cpu: later.thread}, does, {code}, " after it, at ", {step: after}, "."]);
  }
  return told;
}

/** What the CPU with the finding had read and another has changed since: the latest three. */
export function whatWasOvertaken(trace: Trace, {thread, step}: TraceFinding): Sentence[] {
  return overtaken(trace, thread, step)
    .slice(0, 3)
    .map(({word, read, changed}) => {
      const code = trace.words[word]?.name ?? "";
      const by = trace.steps[changed]?.thread ?? -1;
      return [
        ...[{cpu: thread}, " read ", {code}, " at ", {step: read}, "; "],
        ...[{cpu: by}, " changed it at ", {step: changed}, "."],
      ];
    });
}

export function whatComesNext(trace: Trace, at: number): Sentence | null {
  const next = trace.steps[at + 1];
  if (!next) return null;
  const same = next.thread === trace.steps[at]?.thread;
  return ["Next, ", {cpu: next.thread}, same ? ": " : " takes over: ", {code: next.text}, "."];
}

/** `CPU 1 holds page[0] lock, interrupts off.` A sentence for each CPU that holds something. */
export function whoHolds(trace: Trace, all: readonly Held[], at: number): Sentence[] {
  const now = heldAt(all, at);
  return [...trace.threads.keys()].flatMap((cpu) => {
    const names = now.filter(({thread}) => thread === cpu).map(({name}) => name);
    return names.length ? [[{cpu}, ` holds ${names.join(" · ")}`]] : [];
  });
}

/** All of a step in one line, for the list of steps and for those who listen. */
export function stepInWords(trace: Trace, at: number): string {
  const seen = whenSeen(trace, at).map((sentence) => ` ${plain(sentence)}`);
  const found = findingsAt(trace, at).map(({message}) => ` Found: ${message}`);
  return [plain(whatHappens(trace, at)), ...seen, ...found].join("");
}
