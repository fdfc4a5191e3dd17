// Looking into a trace: a moment by what happens in it, and what memory says then. For tables that the model prints.

import type {Trace} from "./trace.ts";

/** The steps made in `name`, or in what it calls: indices into the trace's steps, in order. */
export function stepsOf(trace: Trace, name: string): number[] {
  return [...trace.steps.keys()].filter((i) =>
    trace.steps[i].places.some((place) => place.function === name),
  );
}

/** The `n`-th of them, from 0; a negative `n` counts from the last. -1 where there is none. */
export function stepOf(trace: Trace, name: string, n = 0): number {
  return stepsOf(trace, name).at(n) ?? -1;
}

/** Every word that the trace knows, by its name (`page[1]._mapcount`), once step `at` was taken; -1 is before the first. */
export function memoryAt(
  trace: Trace,
  at: number = trace.steps.length - 1,
): Record<string, number> {
  const now = trace.words.map(({name, value}) => [name, value] as [string, number]);
  for (const {changes} of trace.steps.slice(0, at + 1))
    for (const {word, value} of changes) now[word][1] = value;
  return Object.fromEntries(now);
}
