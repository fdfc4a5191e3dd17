// What would be handed in: the notebook as it was handed out, with what the reader has written on this page in its cells.

import {notebooks} from "virtual:notebooks";
import {pageOf, type Answer, type Assignment} from "../src/grade/assignment.ts";
import {withValues, writeNotebook} from "../src/grade/notebook.ts";
import {WHO} from "../src/grade/submission.ts";
import {kernelId, readEdit} from "./storage.ts";

export function handedIn({name, answers}: Assignment): string {
  const {starter} = notebooks[name]!;
  const written = [
    [WHO, editOf(name, `cell-${WHO}`)] as const,
    ...answers.map((answer) => [answer.cell, editOf(name, idOf(answer))] as const),
  ];
  const values = written.filter((each): each is [number, string] => each[1] !== null);
  return writeNotebook(withValues(starter, new Map(values)));
}

/** As bin/assignment-text.ts makes the page: a function stands where the kernel's would, and schedules are a cell like any other. */
function idOf({kind, cell, defines}: Answer): string {
  return kind === "functions" ? kernelId(defines[0]!) : `cell-${cell}`;
}

function editOf(name: string, id: string): string | null {
  return readEdit(pageOf(name), id)?.text ?? null;
}
