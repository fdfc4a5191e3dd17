// The reader's code cannot run: where, what, and one thing to try. Never a mistake of ours.

export class UserError extends Error {
  override readonly name = "UserError";
  /** Line in the reader's own text, from 1; column from 0; undefined where the whole text is meant. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The function or livepatch that the text belongs to. */
  readonly where: string | undefined;

  constructor(message: string, place: {line?: number; column?: number; where?: string} = {}) {
    super(message);
    this.line = place.line;
    this.column = place.column;
    this.where = place.where;
  }
}
