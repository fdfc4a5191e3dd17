// Finding one's way among the steps of a trace: where a CPU takes over, where something was found, and
// which other CPU cares about the word that a step touched. Counts from 0, as the trace does.

import {isBuffered} from "../src/explore/buffered_steps.ts";
import type {Step, Trace} from "../src/explore/trace.ts";

/** Steps of one thread, one after the other: `from` to `to`, both included. */
export type Run = {readonly thread: number; readonly from: number; readonly to: number};

export function runs(trace: Trace): Run[] {
  const found: Run[] = [];
  for (const [i, {thread}] of trace.steps.entries()) {
    const last = found.at(-1);
    if (last?.thread === thread) found[found.length - 1] = {...last, to: i};
    else found.push({thread, from: i, to: i});
  }
  return found;
}

/** The first step of the next CPU; the last step of all where nobody takes over any more. */
export function nextSwitch(trace: Trace, at: number): number {
  const next = runs(trace).find(({from}) => from > at);
  return next?.from ?? trace.steps.length - 1;
}

/** Back to where this CPU took over, or, from there, to where the one before it did. */
export function previousSwitch(trace: Trace, at: number): number {
  const before = runs(trace).findLast(({from}) => from < at);
  return before?.from ?? 0;
}

/** The next finding after `at`, then the first one again; -1 where nothing was found. */
export function nextFinding(trace: Trace, at: number): number {
  const last = trace.steps.length - 1;
  const places = trace.findings.map(({step}) => Math.min(step, last)).sort((a, b) => a - b);
  return places.find((step) => step > at) ?? places[0] ?? -1;
}

export function changesWord(step: Step, word: number): boolean {
  return step.changes.some((change) => change.word === word);
}

/** Stored to the word, were it the value that stood there already: a store answers nothing. One that waits in a buffer has not yet. */
export function writesWord(step: Step, word: number): boolean {
  if (isBuffered(step)) return false;
  const stored = step.shared && step.observed === null && step.word === word;
  return stored || changesWord(step, word);
}

/** The word that a step is about: the one it touched, or else the first that it changed. */
export function wordOf(step: Step): number {
  return step.word >= 0 ? step.word : (step.changes[0]?.word ?? -1);
}

/**
 * The nearest steps of other threads, before and after, that access the same word while one of the two
 * writes it: their order with this step may matter. -1 where there is none.
 */
export function neighbours(trace: Trace, at: number): {before: number; after: number} {
  const step = trace.steps[at];
  const word = step ? wordOf(step) : -1;
  if (!step || word < 0) return {before: -1, after: -1};

  const written = writesWord(step, word);
  const conflicts = (other: Step): boolean =>
    other.thread !== step.thread &&
    (writesWord(other, word) || (written && other.word === word && !isBuffered(other)));
  const before = trace.steps.slice(0, at).findLastIndex(conflicts);
  const after = trace.steps.findIndex((other, i) => i > at && conflicts(other));
  return {before, after};
}

/** A thread read `word` at step `read`; another has changed it since, at step `changed`. */
export type Overtaken = {
  readonly word: number;
  readonly read: number;
  readonly changed: number;
};

/**
 * What `thread` has learnt up to step `at` and is no longer so: of each word its last answer that another
 * thread has overtaken. The latest change comes first. Taking a lock is not counted as reading it.
 */
export function overtaken(trace: Trace, thread: number, at: number): Overtaken[] {
  const reads = new Map<number, number>();
  const found = new Map<number, Overtaken>();
  for (const [i, step] of trace.steps.slice(0, at + 1).entries()) {
    if (step.thread === thread) {
      if (step.observed !== null && step.changes.length === 0) reads.set(step.word, i);
      continue;
    }
    for (const {word} of step.changes) {
      const read = reads.get(word);
      if (read === undefined) continue;
      found.set(word, {word, read, changed: i});
      reads.delete(word);
    }
  }
  return [...found.values()].sort((a, b) => b.changed - a.changed);
}
