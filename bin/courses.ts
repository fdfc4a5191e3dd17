// Assignments as a grader has them: with the notebook that is handed out, and the checks that students do not see.

import {existsSync} from "node:fs";
import {join} from "node:path";
import {sources} from "virtual:kernel-source";
import {assignmentNamed, assignments} from "../notebooks/index.ts";
import * as measures from "../notebooks/measures.ts";
import * as grade from "../src/grade/index.ts";
import * as sim from "../src/sim/index.ts";
import {readNotebook} from "./assignment-text.ts";
import {CliError} from "./errors.ts";
import {OwnModules} from "./own-modules.ts";
import {ROOT} from "./root.ts";

export type CourseOptions = {
  /** The folder with the hidden checks: `NN-name.ts`, or `NN-name/teacher/hidden.ts` as in the repository. */
  readonly hidden?: string | undefined;
  readonly salt?: string | undefined;
};

export function courseOf(name: string, {hidden, salt}: CourseOptions): grade.Course {
  const assignment = assignmentNamed(name);
  if (!assignment)
    throw new CliError(
      `there is no assignment "${name}": it is one of ${assignments.map((each) => each.name).join(", ")}`,
    );
  const {starter, edition} = readNotebook(ROOT, sources, name);
  const more = hidden === undefined ? [] : hiddenOf(name, hidden);
  return {
    assignment: grade.withHidden(assignment, more),
    starter,
    edition,
    hidden: more.map(({id}) => id),
    ...(salt !== undefined && {salt}),
  };
}

export function isAssignment(name: string | null): name is string {
  return name !== null && assignmentNamed(name) !== undefined;
}

/** Null where the folder has none for this assignment. */
export function hiddenFile(name: string, folder: string): string | null {
  const places = [join(folder, `${name}.ts`), join(folder, name, "teacher", "hidden.ts")];
  return places.find((each) => existsSync(each)) ?? null;
}

/** Runs the teacher's file, which can do whatever its user can. */
function hiddenOf(name: string, folder: string): readonly grade.Property[] {
  const path = hiddenFile(name, folder);
  if (path === null) return [];
  const {hidden} = new OwnModules(GIVEN).load(path) as {hidden?: readonly grade.Property[]};
  if (!Array.isArray(hidden))
    throw new CliError(`${path} exports no hidden checks: write export const hidden = [...]`);
  return hidden;
}

/** What hidden checks may import without there being a copy of it. */
const GIVEN = new Map<string, object>([
  ["tailpage/grade", grade],
  ["tailpage/sim", sim],
  [join(ROOT, "src/grade/index.ts"), grade],
  [join(ROOT, "src/sim/index.ts"), sim],
  [join(ROOT, "notebooks/measures.ts"), measures],
]);
