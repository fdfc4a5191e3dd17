// Joining the results that several machines have reached, each for a part of the submissions, as if one had judged them all.

import {UserError} from "../livepatch/index.ts";
import type {Results} from "./results.ts";

export type Part = {
  /** What to call it where something is wrong: its file. */
  readonly name: string;
  readonly results: readonly Results[];
};

/** By file, whatever the order of the parts. Throws a UserError where they are not parts of one grading. */
export function mergeResults(parts: readonly Part[]): Results[] {
  const all = parts.flatMap(({name, results}) => results.map((one) => ({name, one})));
  // What cannot be read is of no assignment.
  const read = all.filter(({one}) => one.assignment !== "");
  for (const each of read) checkSame(read[0], each);
  const seen = new Map<string, string>();
  for (const {name, one} of all) {
    const before = seen.get(one.file);
    if (before !== undefined)
      throw new UserError(
        `${one.file} is there twice: in ${before} and in ${name} (was it judged by two machines?)`,
      );
    seen.set(one.file, name);
  }
  return all.map(({one}) => one).sort((a, b) => (a.file < b.file ? -1 : 1));
}

type Named = {readonly name: string; readonly one: Results};

function checkSame(first: Named, other: Named): void {
  const theirs = new Map(Object.entries(aspects(other.one)));
  for (const [what, expected] of Object.entries(aspects(first.one))) {
    const said = theirs.get(what);
    if (said !== expected)
      throw new UserError(
        `${other.name}, ${other.one.file}: ${what} is ${said}, and ${expected} in ${first.name}`,
      );
  }
}

/** What must be the same for all, in words and in the order in which it is looked at. */
function aspects({version, assignment, edition, properties}: Results) {
  const said = properties.map(
    ({id, points, hidden}) => `${id} ${points}${hidden ? " hidden" : ""}`,
  );
  return {
    "the version of its format": String(version),
    "the assignment": assignment,
    "the edition": edition,
    "what is asked for": said.join(", "),
  };
}
