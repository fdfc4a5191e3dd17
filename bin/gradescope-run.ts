// What runs on Gradescope: one submission to results.json. Something goes wrong: then that is said there, with a score of 0.

import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {
  assignmentOf,
  gradescope,
  unreadable,
  type Gradescope,
  type Results,
} from "../src/grade/index.ts";
import {courseOf} from "./courses.ts";
import {filesIn, type Found} from "./grade-files.ts";
import {gradeAll} from "./grade-pool.ts";
import {writeWhole} from "./whole-file.ts";

/** In what was unpacked: the settings, and the folder of hidden checks. */
export const SETTINGS = "gradescope.json";
export const HIDDEN = "hidden";

export type Settings = {readonly assignment: string; readonly salt?: string};

/** Gradescope ends a run after ten minutes, and an assignment has fewer than ten properties. */
const SECONDS = 50;

export async function runAutograder(): Promise<number> {
  const started = Date.now();
  const results = await graded().then(
    (said) => gradescope(said, {seconds: (Date.now() - started) / 1000}),
    failure,
  );
  writeWhole(join(folder("RESULTS"), "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  return 0;
}

function folder(name: "SOURCE" | "SUBMISSION" | "RESULTS"): string {
  return process.env[`TAILPAGE_${name}`] ?? `/autograder/${name.toLowerCase()}`;
}

async function graded(): Promise<Results> {
  const source = folder("SOURCE");
  const settings = JSON.parse(readFileSync(join(source, SETTINGS), "utf8")) as Settings;
  const {assignment, salt} = settings;
  const hidden = existsSync(join(source, HIDDEN)) ? join(source, HIDDEN) : undefined;
  const options = {hidden, salt};
  const course = courseOf(assignment, options);
  const chosen = choose(filesIn([folder("SUBMISSION")]), assignment);
  if ("why" in chosen) return unreadable(chosen.file, chosen.why, course);
  const order = {handedIn: chosen, assignment, course: options};
  const [results] = await gradeAll([{order, course}], {seconds: SECONDS, onDone: () => {}});
  return results;
}

type Chosen =
  | {readonly file: string; readonly text: string}
  | {readonly file: string; readonly why: string};

/** The notebook among what was handed in, or why there is nothing to be graded. */
function choose(found: readonly Found[], assignment: string): Chosen {
  const notebooks = found.flatMap((each) => {
    const of = "text" in each ? assignmentOf(each.text) : null;
    return "text" in each && of !== null ? [{...each, of}] : [];
  });
  const [first, second] = notebooks;
  if (second)
    return {
      file: first.file,
      why: `there are ${notebooks.length} notebooks in what was handed in: hand in one`,
    };
  if (!first) {
    const [only, ...others] = found;
    const why = "there is no notebook in what was handed in: hand in the file that Save gives";
    const isRefused = only && others.length === 0 && "unread" in only;
    return {file: only?.file ?? "", why: isRefused ? only.unread : why};
  }
  if (first.of !== assignment)
    return {
      file: first.file,
      why: `this is of the assignment "${first.of}", and ${assignment} is asked for`,
    };
  return first;
}

function failure(error: unknown): Partial<Gradescope> {
  const why = error instanceof Error ? error.message : String(error);
  console.error(error);
  return {
    score: 0,
    output: `This was not graded: ${why}. It is no fault of yours; tell your teacher.`,
    output_format: "text",
    tests: [],
  };
}
