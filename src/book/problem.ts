// What is wrong with a piece of code that a reader or an author wrote, and where: an error with a place in that
// code's own text. A problem is a result and is shown beside the line; it is never a crash of the book.

export type Place = {
  /** Both from 1, in the text as it was typed. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
};

export type Problem = Error & Place;

/** An error that knows its place. The text says what, the usual cause, and one thing to try. */
export function problem(message: string, place: Place = {}): Problem {
  const error = new Error(message);
  if (place.line === undefined) return error;
  return Object.assign(error, {line: place.line, column: place.column ?? 1});
}

/** The line that an error of any origin names, if it names one. */
export function placeOf(error: unknown): Place {
  if (typeof error !== "object" || error === null) return {};
  const {line, column} = error as {line?: unknown; column?: unknown};
  return {
    line: typeof line === "number" ? line : undefined,
    column: typeof column === "number" ? column : undefined,
  };
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return explained(error.message || error.name);
  if (typeof error === "object" && error !== null && "message" in error)
    return String((error as {message: unknown}).message);
  return String(error);
}

/** What engines say most often, said with its usual cause. */
function explained(message: string): string {
  const read = /^Cannot read properties of (null|undefined) \(reading '(.*)'\)$/.exec(message);
  if (read) return `${read[2]} was read from ${read[1]}: is what stands before it there yet?`;
  const call = /^(.*) is not a function$/.exec(message);
  if (call) return `${call[1]} is called, but it is not a function (is the name spelt right?)`;
  return message;
}
