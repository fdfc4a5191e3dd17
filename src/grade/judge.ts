// From a submission to results: each property judged for itself, so that one bad part loses only its points.

import {UserError} from "../livepatch/index.ts";
import {hash} from "../livepatch/hash.ts";
import type {Trace} from "../explore/index.ts";
import type {Answer, Assignment, Property, Variant} from "./assignment.ts";
import {writeNotebook, type Notebook} from "./notebook.ts";
import {sum} from "./points.ts";
import {VERSION, type Counterexample, type PropertyResult, type Results} from "./results.ts";
import {
  Halt,
  nothingKnown,
  Student,
  type Engine,
  type Judgement,
  type Known,
} from "./student.ts";
import {readSubmission, type Answered, type Submission} from "./submission.ts";
import {variantOf} from "./variant.ts";

/** An assignment as a grader has it. */
export type Course = {
  readonly assignment: Assignment;
  /** The notebook as it is handed out. */
  readonly starter: Notebook;
  /** Names the book and its model. */
  readonly edition: string;
  /** Ids of the properties that students do not see. */
  readonly hidden?: readonly string[];
  /** What variants are drawn from beside the student's id; the same for a whole course. */
  readonly salt?: string;
};

/** `file` is what it is called, and `text` what is in it. */
export type HandedIn = {readonly file: string; readonly text: string};

export type Judging = {
  /** What is known already, of a judging that was broken off. */
  readonly decided?: readonly PropertyResult[];
  onDecided?(result: PropertyResult): void;
};

export function judge(
  {file, text}: HandedIn,
  course: Course,
  engine: Engine,
  judging: Judging = {},
): Results {
  try {
    const submission = readSubmission(text, course.assignment, course.starter);
    return judged(file, submission, course, engine, judging);
  } catch (error) {
    if (error instanceof UserError) return unreadable(file, error.message, course);
    throw error;
  }
}

/** A submission that there is nothing to be judged of: all its points are lost, and the rest of the folder is not. */
export function unreadable(file: string, message: string, course: Course): Results {
  const properties = course.assignment.properties.map((property) =>
    resultOf(property, course, {status: "error", message}),
  );
  return resultsOf(file, {student: "", receipt: ""}, course, properties, [message]);
}

function judged(
  file: string,
  submission: Submission,
  course: Course,
  engine: Engine,
  {decided = [], onDecided}: Judging,
): Results {
  const {assignment, edition} = course;
  const variant = variantOf(assignment, submission.student, course.salt);
  const handed = {submission, variant, known: nothingKnown()};
  const properties = assignment.properties.map((property) => {
    const known = decided.find(({id}) => id === property.id);
    if (known) return known;
    const result = judgeProperty(property, handed, course, engine);
    onDecided?.(result);
    return result;
  });
  const notes =
    submission.edition === null || submission.edition === edition
      ? []
      : [`handed in from edition ${submission.edition}, judged by ${edition}`];
  return resultsOf(file, submission, course, properties, notes);
}

function resultsOf(
  file: string,
  {student, receipt}: Pick<Submission, "student" | "receipt">,
  {assignment, edition}: Course,
  properties: readonly PropertyResult[],
  notes: readonly string[],
): Results {
  return {
    version: VERSION,
    assignment: assignment.name,
    edition,
    file,
    student,
    receipt,
    score: sum(properties.map(({earned}) => earned)),
    maxScore: sum(properties.map(({points}) => points)),
    properties,
    notes,
  };
}

type Handed = {
  readonly submission: Submission;
  readonly variant: Variant;
  readonly known: Known;
};
export type Outcome = Pick<PropertyResult, "status" | "message"> & {
  readonly counterexample?: Counterexample | null;
};

function judgeProperty(
  property: Property,
  handed: Handed,
  course: Course,
  engine: Engine,
): PropertyResult {
  const answered = answersOf(property, course.assignment, handed.submission);
  const isHidden = course.hidden?.includes(property.id) ?? false;
  const missing = answered.find(isMissing);
  if (missing) return resultOf(property, course, missing);
  return resultOf(
    property,
    course,
    outcomeOf(property, answered, {...handed, isHidden}, engine),
  );
}

/** The answers that define what the property is about. */
function answersOf(
  {needs}: Property,
  {answers}: Assignment,
  submission: Submission,
): readonly Answered[] {
  const isNeeded = ({defines}: Answer) => defines.some((name) => needs.includes(name));
  return answers.filter(isNeeded).map((answer) => submission.answers.get(answer)!);
}

type Missing = Extract<Answered, {readonly message: string}>;

function isMissing(answered: Answered): answered is Missing {
  return answered.status === "not_attempted" || answered.status === "error";
}

function outcomeOf(
  property: Property,
  answered: readonly Answered[],
  {variant, known, isHidden}: Handed & {readonly isHidden: boolean},
  engine: Engine,
): Outcome {
  const livepatches = answered.flatMap((a) => (a.status === "functions" ? [a.livepatch] : []));
  const written = answered.flatMap((a) => (a.status === "schedules" ? [...a.schedules] : []));
  let student: Student | null = null;
  try {
    student = new Student(
      {variant, livepatches, schedules: new Map(written), known, isHidden},
      engine,
    );
    const judgement = property.judge(student);
    return told(judgement, livepatches, student);
  } catch (error) {
    if (error instanceof Halt) return {status: error.status, message: error.message};
    throw error;
  } finally {
    student?.dispose();
  }
}

function told(
  judgement: Judgement,
  livepatches: Counterexample["livepatches"],
  student: Student,
): Outcome {
  if (judgement.status === "pass") return {status: "pass", message: ""};
  const {message, schedule, scenario} = judgement;
  if (schedule === undefined || !scenario) return {status: "fail", message};
  const trace =
    livepatches.length > 0
      ? student.replay(scenario, schedule)
      : student.plain(scenario, schedule);
  return {
    status: "fail",
    message,
    counterexample: {schedule, steps: stepsOf(trace), livepatches},
  };
}

function stepsOf({steps, threads}: Trace): string[] {
  return steps.map(({thread, text}) => `${threads[thread].name}: ${text}`);
}

/** A property that could not be judged, or was. */
export function resultOf(
  {id, title, points}: Property,
  {hidden = []}: Course,
  {status, message, counterexample = null}: Outcome,
): PropertyResult {
  return {
    id,
    title,
    points,
    earned: status === "pass" ? points : 0,
    status,
    message,
    counterexample,
    hidden: hidden.includes(id),
  };
}

/** Names everything that a verdict depends on: the kernel's text, and the notebook that was handed out. */
export function editionFrom(code: string, starter: Notebook): string {
  return hash(`${code} ${writeNotebook({...starter, edition: null})}`).slice(0, 8);
}
