// Everything that the reader has written, as one file: to be kept elsewhere, or taken along to another browser.

import {allEdits, readEdit, writeEdit, type Edit} from "./storage.ts";

/** What the file says of itself. */
const FORMAT = "tailpage edits";

export type Kept = Edit & {readonly chapter: string; readonly id: string};

/** More than anybody writes. */
const MOST_BYTES = 5_000_000;

export function exportEdits(): string {
  return `${JSON.stringify({format: FORMAT, version: 1, edits: allEdits()}, null, 1)}\n`;
}

/** The edits of a file; throws with a sentence if it is none of ours. */
export function parseEdits(text: string): Kept[] {
  if (text.length > MOST_BYTES)
    throw new Error("this file is too large to be edits of this book");
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("this file is no JSON: is it the one that Export wrote?");
  }
  const {format, edits} = (file ?? {}) as {format?: unknown; edits?: unknown};
  if (format !== FORMAT || !Array.isArray(edits) || !edits.every(isKept))
    throw new Error(
      "this file has no edits of this book in it: is it the one that Export wrote?",
    );
  return edits;
}

function isKept(value: unknown): value is Kept {
  const {chapter, id, text, original} = (value ?? {}) as Record<string, unknown>;
  return [chapter, id, text, original].every((part) => typeof part === "string");
}

/** Those of them that would run over something else that the reader has written here. */
export function conflicts(edits: readonly Kept[]): Kept[] {
  return edits.filter(({chapter, id, text}) => {
    const here = readEdit(chapter, id);
    return here !== null && here.text !== text;
  });
}

export function importEdits(edits: readonly Kept[]): void {
  for (const {chapter, id, text, original} of edits) writeEdit(chapter, id, {text, original});
}
