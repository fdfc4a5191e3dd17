// Where a step stands in the listings of the page: on the line that makes the access, or on one that has called it.

import "./standing.css";
import type {PageData} from "../src/book/page.ts";
import type {Place, Step} from "../src/explore/trace.ts";

/** A line of a listing, from 1. */
export type Stand = {
  readonly line: number;
  /** The access is made here; otherwise in a function that is called here. */
  readonly isHere: boolean;
  readonly thread: number;
};

type Shown = PageData["listings"][number];

/** `isEdited`: the kernel runs what the reader has made of it, and the lines are those of their text. */
export function standIn(
  {name, code, file, firstLine}: Shown,
  {places, thread}: Pick<Step, "places" | "thread">,
  isEdited: boolean,
): Stand | null {
  const lineOf = (place: Place): number => {
    if (isEdited) return place.file === name ? place.line : 0;
    return place.file === file ? place.line - firstLine + 1 : 0;
  };
  const count = isEdited ? Infinity : code.split("\n").length;
  const isInside = (place: Place): boolean => lineOf(place) >= 1 && lineOf(place) <= count;
  const at = places.findIndex(isInside);
  return at < 0 ? null : {line: lineOf(places[at]!), isHere: at === 0, thread};
}

export function classOf({isHere}: Stand): string {
  return isHere ? "stands here" : "stands";
}

export function styleOf({thread}: Stand): string {
  return `--hue: var(--cpu${thread % 4})`;
}

/** Marks the line in a printed listing. */
export function markPrinted(print: Element, stand: Stand | null): void {
  for (const old of print.querySelectorAll(".stands")) {
    old.classList.remove("stands", "here");
    old.removeAttribute("style");
  }
  const line = stand && print.querySelectorAll(".line")[stand.line - 1];
  if (!line) return;
  line.classList.add(...classOf(stand).split(" "));
  line.setAttribute("style", styleOf(stand));
}
