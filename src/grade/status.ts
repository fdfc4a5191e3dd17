// Words and signs for what became of a property: the same wherever somebody reads them.

import type {Status} from "./results.ts";

export const WORDS: Readonly<Record<Status, string>> = {
  pass: "passed",
  fail: "failed",
  hang: "did not end",
  memory: "out of memory",
  error: "could not run",
  nondeterministic: "not the same twice",
  not_attempted: "not attempted",
};

/** Beside the word, never instead of it. */
export const SIGNS: Readonly<Record<Status, string>> = {
  pass: "✓",
  fail: "✗",
  hang: "∞",
  memory: "▦",
  error: "!",
  nondeterministic: "≠",
  not_attempted: "–",
};

/** It could not be judged, which is not the same as being wrong. */
export function isError(status: Status): boolean {
  return status !== "pass" && status !== "fail" && status !== "not_attempted";
}
