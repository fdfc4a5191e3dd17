// Where in the cells an error of any origin happened, as its stack says it.

import type {Cell} from "./cell.ts";
import {GUARD, type Stopped} from "./guard.ts";
import {placeOf, type Place} from "./problem.ts";

/** One call on a stack that stands in a cell. Line and column are those of the code that runs. */
export type Frame = {readonly cell: string; readonly line: number; readonly column: number};

/** What a cell is called in a stack trace. */
export function sourceName(id: string): string {
  return `cells/${id}.ts`;
}

/** The calls that stand in cells, the innermost first. */
export function framesOf(stack: string): readonly Frame[] {
  return [...stack.matchAll(/cells\/([^\s():]+)\.ts:(\d+)(?::(\d+))?/g)].map(
    ([, cell, line, column]) => ({
      cell: cell!,
      line: Number(line) - linesBefore(),
      column: Number(column ?? 1),
    }),
  );
}

/** The cell in which an error arose, whoever has called it, and the line; null if it arose in none. */
export function originOf(error: unknown): Pick<Frame, "cell" | "line"> | null {
  const {cell, line} = (error ?? {}) as Partial<Stopped>;
  if (typeof cell === "string" && typeof line === "number") return {cell, line};
  return framesOf(stackOf(error))[0] ?? null;
}

/** Where in this cell's text an error happened: the error's own word for it, or its first call on the stack. */
export function placeIn(cell: Pick<Cell, "id"> & Partial<Cell>, error: unknown): Place {
  const own = placeOf(error);
  const {cell: stoppedIn = cell.id} = (error ?? {}) as Partial<Stopped>;
  if (own.line !== undefined && stoppedIn === cell.id) return own;
  const frame = framesOf(stackOf(error)).find((each) => each.cell === cell.id);
  return frame ? inSource(frame, cell) : {};
}

/** A column of the code that runs as one of the text: types were taken out of it, and guards put in. */
function inSource({line, column}: Frame, {body, source}: Partial<Cell>): Place {
  const runs = body?.split("\n")[line - 1];
  const typed = source?.split("\n")[line - 1];
  if (runs === undefined || typed === undefined) return {line, column};
  const rest = runs.slice(column - 1).replaceAll(GUARDS, "");
  return {line, column: typed.endsWith(rest) ? typed.length - rest.length + 1 : 1};
}

const GUARDS = new RegExp(`;?${GUARD}\\(\\d+(, true)?\\)[;,]`, "g");

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "") : "";
}

let probed: number | null = null;

/** Lines that the engine puts before the body of a function made from text. Engines differ, so this one is asked. */
function linesBefore(): number {
  if (probed !== null) return probed;
  probed = 0;
  try {
    (new Function("a", "throw new Error()\n//# sourceURL=cells/probe.ts") as () => void)();
  } catch (error) {
    const match = /cells\/probe\.ts:(\d+)/.exec((error as Error).stack ?? "");
    if (match) probed = Number(match[1]) - 1;
  }
  return probed;
}
