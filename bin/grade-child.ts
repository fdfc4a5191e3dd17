// A process that judges submissions, one after the other. Students' code runs in QuickJS in here, anew for each property; that this is a process apart
// is for the day on which that should not be enough to stop it.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {
  judge,
  type Course,
  type HandedIn,
  type PropertyResult,
  type Results,
} from "../src/grade/index.ts";
import {loadQuickJS} from "../src/oracle/index.ts";
import {courseOf, type CourseOptions} from "./courses.ts";

export type Order = {
  readonly handedIn: HandedIn;
  readonly assignment: string;
  readonly course: CourseOptions;
  readonly decided: readonly PropertyResult[];
};

export type Said =
  | {readonly decided: PropertyResult}
  /** It is worn where it has taken more memory than it should begin the next one with. */
  | {readonly results: Results; readonly isWorn: boolean};

const WORN = 300 * 2 ** 20;

export function runGradeChild(): void {
  process.on("message", (order) => void obey(order as Order));
}

/** The same for all submissions that this process judges: hidden checks are loaded once. */
const courses = new Map<string, Course>();

function known(assignment: string, options: CourseOptions): Course {
  const key = JSON.stringify([assignment, options]);
  const course = courses.get(key) ?? courseOf(assignment, options);
  courses.set(key, course);
  return course;
}

async function obey({handedIn, assignment, course, decided}: Order): Promise<void> {
  const quickjs = await loadQuickJS(variant);
  const results = judge(
    handedIn,
    known(assignment, course),
    {sources, guest, quickjs},
    {
      decided,
      onDecided: (result) => say({decided: result}),
    },
  );
  say({results, isWorn: process.memoryUsage.rss() > WORN});
}

function say(said: Said): void {
  process.send!(said);
}
