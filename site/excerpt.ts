// The piece of a text around the first word that was found.

import {termsOf} from "../src/book/search-terms.ts";

/** In letters: about three lines. */
const LENGTH = 170;
/** Of these, before the word. */
const LEAD = 50;

export function excerptOf(text: string, terms: ReadonlySet<string>): string {
  const word = [...text.matchAll(/\w+/g)].find(([each]) =>
    termsOf(each).some((term) => terms.has(term)),
  );
  const at = word?.index ?? 0;
  // Whole words at both ends.
  const start = at <= LEAD ? 0 : text.indexOf(" ", at - LEAD) + 1;
  const cut =
    text.length - start <= LENGTH ? text.length : text.lastIndexOf(" ", start + LENGTH);
  const end = cut <= start ? start + LENGTH : cut;
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}
