// The kernel's own checks. A BUG ends the run: in the kernel the task dies where it stands, with whatever locks it
// holds. A WARN is noted and the thread goes on. Both carry the words of the object they are about, to be dumped.

import type {Cell} from "./cell.ts";
import {announce, type Op} from "./operation.ts";

export type Dumped = {readonly about: string; readonly dump: readonly Cell[]};

const NOTHING_DUMPED: Dumped = {about: "", dump: []};

/** `text` is the condition as the source has it. The kernel prints a line number here; we print what it stands for. */
export function* BUG_ON(condition: boolean, text: string): Op<void> {
  if (condition) yield* bug(`BUG_ON(${text})`, NOTHING_DUMPED);
}

export function* bug(message: string, dumped: Dumped): Op<void> {
  yield announce({kind: "BUG", act: "bug", message, ...dumped});
}

/** Answers the condition, as the kernel's does, so that it can stand in an `if`. */
export function* WARN_ON_ONCE(condition: boolean, text: string): Op<boolean> {
  if (condition) {
    yield announce({
      kind: "WARN",
      act: "warn",
      message: `WARN_ON_ONCE(${text})`,
      ...NOTHING_DUMPED,
    });
  }
  return condition;
}
