// Scores as CSV: all that is known of each submission, or the columns of nbgrader's gradebook.

import type {Entry, Joined} from "../join.ts";
import type {Lateness} from "../lateness.ts";
import type {Results} from "../results.ts";
import {writeTable, type Cell} from "../table.ts";

export type CsvOptions = {
  /** By file. */
  readonly lateness?: ReadonlyMap<string, Lateness>;
  /** By file: a score that a teacher has set by hand. */
  readonly overrides?: ReadonlyMap<string, number>;
};

/** For teachers: hidden properties are in it. A row a submission; `override` is for a teacher to fill in. */
export function csv(
  all: readonly Results[],
  {lateness = new Map(), overrides = new Map()}: CsvOptions = {},
): string {
  const ids = [...new Set(all.flatMap(({properties}) => properties.map(({id}) => id)))];
  const header = [
    ...["file", "student", "score", "maxScore", "late", "minutesLate"],
    ...ids.map((id) => `points.${id}`),
    ...["override", "receipt"],
  ];
  const rows = all.map((results): Cell[] => {
    const {file, student, score, maxScore, properties, receipt} = results;
    const earned = new Map(properties.map((property) => [property.id, property.earned]));
    return [
      ...[file, student, score, maxScore, ...lateCells(lateness.get(file))],
      ...ids.map((id) => earned.get(id) ?? ""),
      ...[overrides.get(file) ?? "", receipt],
    ];
  });
  return writeTable(header, rows);
}

function lateCells(lateness: Lateness | undefined): [late: Cell, minutes: Cell] {
  if (!lateness) return ["", ""];
  return [lateness.late ? "yes" : "no", lateness.minutes];
}

const GRADEBOOK = [
  ...["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"],
  ...["raw_score", "late_submission_penalty", "score", "max_score"],
];

export type GradebookOptions = {
  readonly assignment: string;
  readonly maxScore: number;
  /** An ISO time. */
  readonly due?: string;
  /** By file: when it was handed in, where the roster does not say. */
  readonly times?: ReadonlyMap<string, string>;
  /** What is taken off for being late; nothing, if it is not said. */
  readonly penalty?: (minutes: number, score: number) => number;
  readonly overrides?: ReadonlyMap<string, number>;
};

/** As `nbgrader export` writes it: a row a person of the roster, and 0.0 for who has handed in nothing. */
export function gradebook({entries}: Joined, options: GradebookOptions): string {
  return writeTable(
    GRADEBOOK,
    entries.map((entry) => gradebookRow(entry, options)),
  );
}

function gradebookRow(
  {person, results, lateness}: Entry,
  {
    assignment,
    maxScore,
    due = "",
    times = new Map(),
    penalty = () => 0,
    overrides = new Map(),
  }: GradebookOptions,
): Cell[] {
  const {id, name, email, submitted} = person;
  const override = results ? overrides.get(results.file) : undefined;
  const raw = results?.score ?? 0;
  const off = lateness?.late ? Math.min(raw, penalty(lateness.minutes, raw)) : 0;
  const time = results ? (times.get(results.file) ?? submitted ?? "") : "";
  const scores = [raw, off, override ?? raw - off, maxScore].map(decimal);
  return [assignment, due, time, id, ...namesOf(name), email, ...scores];
}

/** A whole number as Python writes a float. */
function decimal(number: number): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

/** `Last, First`. Where there is no comma nobody can tell, and all of it is the last name. */
function namesOf(name: string): [last: string, first: string] {
  const comma = name.indexOf(",");
  if (comma < 0) return [name, ""];
  return [name.slice(0, comma).trim(), name.slice(comma + 1).trim()];
}
