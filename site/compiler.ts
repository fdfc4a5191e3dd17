// What makes a cell of text. Loaded when a listing is opened, after the editor: the first run needs it, and typing does not.

import {compileCell} from "../src/book/cell.ts";

export {checkSyntax, compileCell} from "../src/book/cell.ts";

/** A compiler is slow the first time; that need not be the time when its reader waits. */
export function rehearse(text: string): void {
  try {
    compileCell("rehearsal", text);
  } catch {
    // Whoever runs the text will be told.
  }
}
