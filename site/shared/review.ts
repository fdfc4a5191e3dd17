// Somebody else's texts, each beside what the book has in its place: to be read before anything is done with them.

import {difference} from "../difference.ts";
import {element} from "../html.ts";

export type Foreign = {
  /** `the function smaps_pte_entry`, `the cell of cpus` */
  readonly what: string;
  /** What the book has there. */
  readonly original: string;
  readonly text: string;
};

export function review(texts: readonly Foreign[]): HTMLElement {
  const all = texts.flatMap(({what, original, text}) => [
    element("h3", {}, what),
    difference(original, text),
  ]);
  return element("div", {class: "review"}, ...all);
}
