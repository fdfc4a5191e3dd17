// Submissions to verdicts.

export {
  toAssignment,
  withHidden,
  type Answer,
  type Assignment,
  type Property,
  type Variant,
} from "./assignment.ts";
export {costs, holds, prints, runs, schedules, values} from "./checks.ts";
export {editionFrom, judge, resultOf, unreadable, type Course, type HandedIn} from "./judge.ts";
export {parseNotebook, withValues, writeNotebook, type Notebook} from "./notebook.ts";
export type {Counterexample, PropertyResult, Results, Status} from "./results.ts";
export type {Engine, Judgement, Scenario, Student} from "./student.ts";
export {assignmentOf, MOST_BYTES, studentOf, WHO} from "./submission.ts";
export {variantOf} from "./variant.ts";
