// What went wrong with a cell, as a sentence and a place: in its own text, in another cell's, or in a function of the kernel.

import {closest, distance} from "fastest-levenshtein";
import type {Cell} from "../src/book/cell.ts";
import {isOfOthers} from "../src/book/dataflow.ts";
import {originOf, placeIn} from "../src/book/frames.ts";
import {cellName} from "../src/book/graph.ts";
import {messageOf, type Place} from "../src/book/problem.ts";

export type Failure = Place & {
  readonly message: string;
  /** The same for the middle of a sentence. */
  readonly brief?: string;
  /** It is about a function of the kernel. */
  readonly function?: string | undefined;
  /** It is another cell's, and this one waits. */
  readonly isUpstream?: boolean;
};

/** `known` are the names that a reader may have meant. */
export function failureOf(
  cell: Cell,
  error: unknown,
  cells: readonly Cell[],
  known: readonly string[],
): Failure {
  if (isOfOthers(error)) return upstream(cell, error as Upstream, cells, known);
  const name = functionOf(error);
  if (name !== undefined) {
    const {line, column} = error as Place;
    return {message: messageOf(error), function: name, line, column};
  }
  const elsewhere = originElsewhere(cell, error, cells);
  return {message: `${messageOf(error)}${elsewhere}`, ...placeIn(cell, error)};
}

export function sentenceOf({function: name, line, message}: Failure): string {
  if (name === undefined) return message;
  return line === undefined ? `${name}: ${message}` : `${name}, line ${line}: ${message}`;
}

/** The cell has called something of another cell, and there it went wrong. */
function originElsewhere(cell: Cell, error: unknown, cells: readonly Cell[]): string {
  const origin = originOf(error);
  const other = cells.find(({id}) => id === origin?.cell);
  return origin && other && other.id !== cell.id
    ? ` (at line ${origin.line} of ${cellName(other)})`
    : "";
}

/** An error of the kernel names the function it is about. */
function functionOf(error: unknown): string | undefined {
  if (error instanceof Error && !Object.hasOwn(error, "name")) return undefined;
  const {name} = (error ?? {}) as {name?: unknown};
  return typeof name === "string" ? name : undefined;
}

/** The runtime's error: `input` is the name that the cell has asked for. */
type Upstream = Error & {readonly input?: string};

function upstream(
  cell: Cell,
  {input = "", message}: Upstream,
  cells: readonly Cell[],
  known: readonly string[],
): Failure {
  if (
    message === `${input} is not defined` &&
    !cells.some((each) => each.outputs.includes(input))
  )
    return {
      message: `${input} is not defined: no cell of this chapter declares it${meant(input, cells, known)}`,
      ...placeOfName(cell.source, input),
    };
  return {
    message: `waits for ${input}, which has an error: ${message}`,
    brief: `(waits for ${input})`,
    isUpstream: true,
  };
}

function meant(name: string, cells: readonly Cell[], known: readonly string[]): string {
  const names = [...cells.flatMap(({outputs}) => outputs), ...known];
  const like = closest(name, names);
  const far = distance(name, like);
  return far < name.length && far <= Math.ceil(name.length / 3)
    ? ` (did you mean ${like}?)`
    : " (declare it in a cell: const ... = ...)";
}

/** Where a name stands first in a text, but for comments, texts and what is read from something. */
export function placeOfName(source: string, name: string): Place {
  const words = new RegExp(
    String.raw`\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<![\w$.])${name.replaceAll("$", "\\$")}(?![\w$])`,
    "g",
  );
  for (const {0: word, index} of source.matchAll(words)) {
    if (word !== name) continue;
    const before = source.slice(0, index).split("\n");
    return {line: before.length, column: before.at(-1)!.length + 1};
  }
  return {};
}
