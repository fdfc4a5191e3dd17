// A verdict as it stands in the page: a sentence that begins with its word.

import type {Report} from "../src/explore/report.ts";
import {element} from "./html.ts";
import {verdictOf} from "./verdict.ts";

export function verdictElement(report: Report): HTMLElement {
  const {kind, word, sentence} = verdictOf(report);
  const parts = sentence
    .split("`")
    .map((part, i) => (i % 2 === 1 ? element("code", {}, part) : part));
  return element("p", {class: `verdict ${kind}`}, element("strong", {}, word), " ", ...parts);
}
