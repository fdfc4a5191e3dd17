// What goes wrong after a cell's run: in a timer, in a listener, in a promise that nobody awaits. The stack says of which cell it is.

import {LateDisplay} from "../src/book/dataflow.ts";
import {framesOf} from "../src/book/frames.ts";

/** `tell` answers whether it is shown; what is not remains the console's. */
export function startLateFailures(tell: (cell: string, error: unknown) => boolean): void {
  const handle = (event: Event, error: unknown, where: string): void => {
    if (error instanceof LateDisplay) return event.preventDefault();
    const stack = error instanceof Error && error.stack ? error.stack : where;
    // The outermost call is the cell's that has set the timer; it may have called others.
    const cell = framesOf(stack).at(-1)?.cell;
    if (cell !== undefined && tell(cell, asError(error, where))) event.preventDefault();
  };

  addEventListener("error", (event) => {
    const {error, filename, lineno, colno} = event;
    handle(event, error, `${filename}:${lineno}:${colno}`);
  });
  addEventListener("unhandledrejection", (event) => handle(event, event.reason, ""));
}

/** Whatever can be thrown; what is no Error has its place from the event. */
function asError(error: unknown, where: string): unknown {
  if (error instanceof Error) return error;
  const made = new Error(`${String(error)} was thrown, which is no Error`);
  made.stack = where;
  return made;
}
