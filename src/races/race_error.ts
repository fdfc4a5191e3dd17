// A race that somebody wrote cannot run: what is wrong, and one thing to try. Never a finding, and never a mistake of ours.

import {closest} from "fastest-levenshtein";

export class RaceError extends Error {
  /** `at` is an error that was made where this one arose. */
  constructor(message: string, at?: unknown) {
    super(message);
    if (at instanceof Error && at.stack !== undefined) this.stack = at.stack;
  }
}

/** Says where in the author's text an error arose, `lost-update.ts, line 7`; null where nobody knows. */
export type PlaceOf = (error: unknown) => string | null;

/** `said`, and where it arose. It keeps the stack of its cause, for whoever knows another way to find the place. */
export function raceError(said: string, cause: unknown, placeOf: PlaceOf): RaceError {
  if (cause instanceof Placed) return cause;
  return new Placed(placed(said, cause, placeOf), cause);
}

/** One whose message says where already. */
class Placed extends RaceError {}

export function placed(said: string, error: unknown, placeOf: PlaceOf): string {
  const place = placeOf(error);
  return place === null ? said : `${said} (${place})`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Runs the author's code. What it throws is said to be the author's, with its place. */
export function blaming<T>(doing: string, placeOf: PlaceOf, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw raceError(`${doing}${messageOf(error)}`, error, placeOf);
  }
}

/** A field that nobody reads is a misspelt one, and a misspelt list of invariants would let everything pass. */
export function checkFields(what: string, object: object, known: readonly string[]): void {
  for (const field of Object.keys(object)) {
    if (known.includes(field)) continue;
    throw new RaceError(`${what} has no "${field}": did you mean ${closest(field, known)}?`);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function kindOf(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "string"
    ? `the text "${value}"`
    : `the ${typeof value} ${String(value)}`;
}
