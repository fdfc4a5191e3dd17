// `tailpage grade FILE or FOLDER...`: submissions to verdicts.

import {mkdirSync, renameSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {parseArgs} from "node:util";
import {assignmentOf, unreadable, type Course, type Results} from "../src/grade/index.ts";
import {courseOf, isAssignment, type CourseOptions} from "./courses.ts";
import {CliError} from "./errors.ts";
import {filesIn, type Found} from "./grade-files.ts";
import {gradeAll, type Job} from "./grade-pool.ts";

export const GRADE_HELP = `tailpage grade FILE or FOLDER... [options]

Judges submissions: notebooks that students have saved. Their code runs shut away, and every verdict is reached outside of it. What is
no notebook gets a sentence, and the rest is graded.

  --assignment NAME    what is graded, where the files do not say it themselves
  --hidden DIR         checks that students do not see: DIR/NN-name.ts
  --salt TEXT          what students' own variants are drawn from, beside their ids
  --out DIR            writes NAME.results.json there for each submission
  --workers N          submissions judged at once (as many as there are processors)
  --seconds N          of the clock, that one property may take (60)
  --json               one JSON object on standard output: {"results": [...]}

Exit code: 0 everything was graded, whatever the scores; 1 something could not be read; 2 the command was wrong.`;

export async function runGrade(args: string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      assignment: {type: "string"},
      hidden: {type: "string"},
      salt: {type: "string"},
      out: {type: "string"},
      workers: {type: "string"},
      seconds: {type: "string", default: "60"},
      json: {type: "boolean", default: false},
      help: {type: "boolean", default: false},
    },
  });
  if (values.help) return print(GRADE_HELP);
  if (positionals.length === 0)
    throw new CliError("name a file or a folder: tailpage grade submissions/");
  const found = filesIn(positionals);
  if (found.length === 0) throw new CliError(`there is nothing in ${positionals.join(", ")}`);
  const {hidden, salt} = values;
  const plan = planOf(found, values.assignment, {hidden, salt});
  const line = progressLine(plan.jobs.length);
  const graded = await gradeAll(plan.jobs, {
    seconds: whole("--seconds", values.seconds),
    ...(values.workers !== undefined && {workers: whole("--workers", values.workers)}),
    onDone: line.show,
  });
  line.clear();
  const results = inOrder(found, [...graded, ...plan.unread]);
  if (values.out !== undefined) for (const each of results) write(values.out, each);
  print(values.json ? JSON.stringify({results}, null, 2) : summaryOf(results));
  return plan.unread.length > 0 ? 1 : 0;
}

type Plan = {readonly jobs: readonly Job[]; readonly unread: readonly Results[]};

/** What cannot be read is of the one assignment that all others are of, if there is one. */
function planOf(
  found: readonly Found[],
  named: string | undefined,
  options: CourseOptions,
): Plan {
  const courses = new Map<string, Course>();
  const course = (name: string): Course => {
    if (!courses.has(name)) courses.set(name, courseOf(name, options));
    return courses.get(name)!;
  };
  if (named !== undefined) course(named);
  const jobs: Job[] = [];
  const rest: {file: string; message: string}[] = [];
  for (const each of found) {
    const {file} = each;
    if ("unread" in each) {
      rest.push({file, message: each.unread});
      continue;
    }
    const assignment = named ?? assignmentOf(each.text);
    if (!isAssignment(assignment)) {
      rest.push({file, message: whyUnknown(assignment)});
      continue;
    }
    const order = {handedIn: {file, text: each.text}, assignment, course: options};
    jobs.push({order, course: course(assignment)});
  }
  const [only, ...others] = courses.values();
  const unread = rest.map(({file, message}) =>
    only && others.length === 0 ? unreadable(file, message, only) : ofNothing(file, message),
  );
  return {jobs, unread};
}

function whyUnknown(assignment: string | null): string {
  return assignment === null
    ? "this is no notebook of an assignment: hand in the file that Save gives"
    : `this is of the assignment "${assignment}", which this edition does not have`;
}

function ofNothing(file: string, message: string): Results {
  return {
    version: 1,
    assignment: "",
    edition: "",
    file,
    student: "",
    receipt: "",
    score: 0,
    maxScore: 0,
    properties: [],
    notes: [message],
  };
}

function inOrder(found: readonly Found[], results: readonly Results[]): Results[] {
  return found.map(({file}) => results.find((each) => each.file === file)!);
}

/** Whoever reads the folder meanwhile finds a whole file or none. */
function write(folder: string, results: Results): void {
  const path = join(folder, `${results.file.replace(/\.html?$/, "")}.results.json`);
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(`${path}.part`, `${JSON.stringify(results, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}

function summaryOf(results: readonly Results[]): string {
  return results
    .map(({file, student, score, maxScore, properties, notes}) => {
      const lost = properties.filter(({earned, points}) => earned < points);
      const why = lost.map(({id, status}) => `${id} (${status})`).join(", ");
      const who = student === "" ? "" : ` ${student}`;
      return `${file}:${who} ${score}/${maxScore}${why && `  lost: ${why}`}${notes.map((n) => `\n  ${n}`).join("")}`;
    })
    .join("\n");
}

function progressLine(all: number) {
  const isShown = process.stderr.isTTY;
  return {
    show: (done: number) =>
      void (isShown && process.stderr.write(`\r${done} of ${all} graded \u001b[K`)),
    clear: () => void (isShown && process.stderr.write("\r\u001b[K")),
  };
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError(`${option} ${text}: it must be a whole number above 0`);
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
