// The teachers' solutions, right and wrong, as submissions.

import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {
  parseNotebook,
  withValues,
  writeNotebook,
  WHO,
  type Notebook,
} from "../../src/grade/index.ts";

const NOTEBOOKS = "notebooks";

export function starterOf(assignment: string): Notebook {
  return parseNotebook(readFileSync(join(NOTEBOOKS, assignment, "notebook.html"), "utf8"))!;
}

export type Solution = {
  readonly name: string;
  /** Ids of the properties that it loses; empty for the right one. */
  readonly loses: readonly string[];
  readonly because: string;
  /** Whose variant it answers. */
  readonly student: string;
  readonly cells: ReadonlyMap<number, string>;
};

/**
 * `reference.ts` first, then the other right ones, those in `right/`, and those in `wrong/`. Each of the others says only in which cells it differs from
 * the first.
 */
export function solutionsOf(assignment: string): Solution[] {
  const folder = join(NOTEBOOKS, assignment, "teacher");
  const read = (file: string) => readSolution(file, readFileSync(join(folder, file), "utf8"));
  const reference = read("reference.ts");
  const others = ["right", "wrong"].flatMap((kind) => filesIn(folder, kind)).map(read);
  return [
    reference,
    ...others.map((other) => ({
      ...other,
      cells: new Map([...reference.cells, ...other.cells]),
    })),
  ];
}

function filesIn(folder: string, kind: string): string[] {
  const files = existsSync(join(folder, kind)) ? readdirSync(join(folder, kind)).sort() : [];
  return files.map((file) => join(kind, file));
}

/** Imports are for the type checker: a cell has everything that the kernel has. */
export function readSolution(file: string, text: string): Solution {
  const [head, ...parts] = text.split(/^\/\/ cell (\d+)\n/m);
  const cells = new Map<number, string>();
  for (let i = 0; i < parts.length; i += 2)
    cells.set(
      Number(parts[i]),
      parts[i + 1].trim().replaceAll(/^export (?=function|const)/gm, ""),
    );
  const note = (name: string) => new RegExp(`^// ${name}: (.*)$`, "m").exec(head)?.[1] ?? "";
  return {
    name: file.replace(/\.ts$/, ""),
    loses: note("loses").split(/,\s*/).filter(Boolean),
    because: note("because"),
    student: note("student") || "s1",
    cells,
  };
}

/** What a student would hand in who has written that. */
export function submissionOf(
  assignment: string,
  {cells, student = "s1"}: Pick<Solution, "cells"> & Partial<Pick<Solution, "student">>,
): string {
  const values = new Map([...cells, [WHO, `const student = "${student}";`]]);
  return writeNotebook(withValues(starterOf(assignment), values));
}
