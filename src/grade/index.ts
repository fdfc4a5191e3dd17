// Submissions to verdicts, and what comes out of them.

export {anonymise, keyCsv, type Anonymous, type Key} from "./anonymise.ts";
export {
  toAssignment,
  withHidden,
  type Answer,
  type Assignment,
  type Property,
  type Variant,
} from "./assignment.ts";
export {costs, holds, prints, runs, schedules, values} from "./checks.ts";
export {feedbackMarkdown, feedbackText, replayOf} from "./feedback.ts";
export {autolab, type AutolabOptions} from "./formats/autolab.ts";
export {
  coderunner,
  coderunnerTest,
  type CodeRunner,
  type CodeRunnerTest,
} from "./formats/coderunner.ts";
export {csv, gradebook, type CsvOptions, type GradebookOptions} from "./formats/csv.ts";
export {githubClassroom, type Classroom} from "./formats/github_classroom.ts";
export {gradescope, type Gradescope, type GradescopeOptions} from "./formats/gradescope.ts";
export {
  gradescopeLateness,
  readGradescopeMetadata,
  type GradescopeMetadata,
} from "./formats/gradescope_metadata.ts";
export {junit} from "./formats/junit.ts";
export {prairielearn, type PrairieLearn} from "./formats/prairielearn.ts";
export {
  joinRoster,
  latenessByFile,
  type Entry,
  type Joined,
  type JoinOptions,
  type Rule,
} from "./join.ts";
export {editionFrom, judge, resultOf, unreadable, type Course, type HandedIn} from "./judge.ts";
export {latenessOf, readTime, type Lateness} from "./lateness.ts";
export {linkOf, linksOf, type Links, type Pack} from "./links.ts";
export {mergeResults, type Part} from "./merge.ts";
export {parseNotebook, withValues, writeNotebook, type Notebook} from "./notebook.ts";
export {overview, type OverviewOptions} from "./overview.ts";
export {
  describeRegrade,
  readOverrides,
  regrade,
  regradeCsv,
  type Regrade,
  type Regraded,
  type RegradeOptions,
} from "./regrade.ts";
export type {Counterexample, PropertyResult, Results, Status} from "./results.ts";
export {readRoster, type Person} from "./roster.ts";
export {
  similarity,
  writtenIn,
  type Alike,
  type SimilarityOptions,
  type Written,
} from "./similarity.ts";
export type {Engine, Judgement, Scenario, Student} from "./student.ts";
export {assignmentOf, MOST_BYTES, studentOf, WHO} from "./submission.ts";
export {variantOf} from "./variant.ts";
