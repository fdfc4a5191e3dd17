// Which files are judged as what. What cannot be read gets a sentence.

import {assignmentOf, unreadable, type Course, type Results} from "../src/grade/index.ts";
import {courseOf, isAssignment, type CourseOptions} from "./courses.ts";
import type {Found} from "./grade-files.ts";
import type {Job} from "./grade-pool.ts";

export type Plan = {readonly jobs: readonly Job[]; readonly unread: readonly Results[]};

/** What cannot be read is of the one assignment that all others are of, if there is one. */
export function planOf(
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
