// The kernel where one computation runs at a time and is never interrupted: the same text without its stars. An operation is performed
// where it is announced, so that a function answers at once, and not by and by. It is many times faster: recordings are run on it.

import type {Op} from "../sim/index.ts";
import type {SourceFile} from "./source_file.ts";

/**
 * What takes the place of functions of sim. Every operation passes announce(), whose answer is what `yield` would answer; nobody is told of
 * calls; and who waits where nobody else runs waits for ever.
 */
const REPLACED = {
  announce: "(operation) { machine.turns = 0; return perform(operation); }",
  marked: "(name, body) { return body; }",
  spin_until_cond: `(turn) {
  const answer = turn();
  if (!answer) throw new Error("cpu_relax would wait for ever");
  return answer;
}`,
};

/** To be linked behind all other files. */
export const ALONE: SourceFile = {
  file: "src/livepatch/alone.ts",
  code: Object.entries(REPLACED)
    .map(([name, rest]) => `function ${name}${rest}`)
    .join("\n"),
  declarations: Object.keys(REPLACED).map((name) => ({
    ...{name, kind: "function", file: "src/livepatch/alone.ts", mentions: [], hash: ""},
    ...{line: 0, endLine: 0, start: 0, end: 0},
  })),
};

export function withoutStars(code: string): string {
  return code.replace(/\bfunction\*/g, "function").replace(/\byield\b\*?/g, "");
}

/** What a function without its star has answered, by the types of the one that has it. */
export function answered<T>(computation: Op<T>): T {
  return computation as unknown as T;
}
