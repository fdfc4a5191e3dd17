// What Gradescope says of a submission: /autograder/submission_metadata.json. When it was handed in stands there, so that a run long after says
// the same.

import {UserError} from "../../livepatch/index.ts";
import {latenessOf, readTime, type Lateness} from "../lateness.ts";

export type GradescopeMetadata = {
  /** `created_at` */
  readonly submitted: string;
  /** `assignment.due_date`; null where there is none. */
  readonly due: string | null;
  /** Several, where a group hands in together. */
  readonly users: readonly {
    readonly id: number;
    readonly name: string;
    readonly email: string;
  }[];
};

/** Throws a UserError where the text is not that. */
export function readGradescopeMetadata(json: string): GradescopeMetadata {
  const value = objectOf(parsed(json), "it is no JSON object");
  const {created_at, users = []} = value;
  if (typeof created_at !== "string") throw wrong("created_at is missing");
  const {due_date = null} = objectOf(value.assignment, "assignment is missing");
  if (due_date !== null && typeof due_date !== "string") throw wrong("due_date is no time");
  if (!Array.isArray(users)) throw wrong("users is no list");
  readTime(created_at);
  if (due_date !== null) readTime(due_date);
  return {submitted: created_at, due: due_date, users: users.map(userOf)};
}

/** `due` takes the place of what Gradescope says; null where there is no time by which it was due. */
export function gradescopeLateness(
  {submitted, due: theirs}: GradescopeMetadata,
  due: string | null = theirs,
): Lateness | null {
  return due === null ? null : latenessOf(submitted, due);
}

function userOf(value: unknown): GradescopeMetadata["users"][number] {
  const {id, name, email} = objectOf(value, "users is no list of objects");
  return {id: Number(id), name: String(name ?? ""), email: String(email ?? "")};
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function objectOf(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(otherwise);
  return value as Record<string, unknown>;
}

function wrong(why: string): UserError {
  return new UserError(`this is no submission_metadata.json of Gradescope: ${why}`);
}
