// A roster: who is in the class. A CSV file with columns `id`, `name`, `email` and, if there are any, `section` and `submitted`, in any order.

import {UserError} from "../livepatch/index.ts";
import {readTime} from "./lateness.ts";
import {readTable, type Row, type Table} from "./table.ts";

export type Person = {
  /** What students type into their notebook. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Empty where the roster has none. */
  readonly section: string;
  /** When they handed in, as an ISO time; null where the roster does not say. */
  readonly submitted: string | null;
};

const NEEDED = ["id", "name", "email"];

/** Throws a UserError with the line where something is wrong. Other columns are passed over. */
export function readRoster(text: string): Person[] {
  const table = readTable(text, "the roster");
  checkHeader(table);
  const people = table.rows.map(personIn);
  const seen = new Map<string, number>();
  for (const [i, {id}] of people.entries()) {
    const {line} = table.rows[i];
    const before = seen.get(id);
    if (before !== undefined)
      throw new UserError(`the roster, line ${line}: ${id} is also in line ${before}`, {line});
    seen.set(id, line);
  }
  return people;
}

function checkHeader({header}: Table): void {
  const missing = NEEDED.find((name) => !header.includes(name));
  if (missing !== undefined)
    throw new UserError(
      `the roster has no column "${missing}": its first line names id, name, email and, if there are any, section and submitted`,
    );
}

function personIn({line, cells}: Row): Person {
  const cell = (name: string) => cells.get(name) ?? "";
  const submitted = cell("submitted");
  if (cell("id") === "") throw new UserError(`the roster, line ${line}: no id`, {line});
  if (submitted !== "") checkTime(submitted, line);
  return {
    id: cell("id"),
    name: cell("name"),
    email: cell("email"),
    section: cell("section"),
    submitted: submitted || null,
  };
}

function checkTime(text: string, line: number): void {
  try {
    readTime(text);
  } catch (error) {
    throw new UserError(`the roster, line ${line}: ${(error as Error).message}`, {line});
  }
}
