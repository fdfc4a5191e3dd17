// An edition of the book: its version, and a hash over all that a reader can read in it. Two books with the same name
// say the same, word for word.

import {createHash} from "node:crypto";
import type {Chapter} from "./chapter.ts";

export type Edition = {
  /** `0.1.0-3f2a9c1e`: to be said when the book is cited. */
  readonly name: string;
  readonly version: string;
  /** `2026-11-24`, the day of the version. */
  readonly released: string;
};

/** `citation` is the text of CITATION.cff, which says which version this is. */
export function editionOf(
  chapters: readonly Chapter[],
  {citation}: {citation: string},
): Edition {
  const hash = createHash("sha256");
  for (const {slug, title, epigraph, html, cells, cards} of chapters)
    hash.update(
      JSON.stringify([slug, title, epigraph, html, cells.map(({source}) => source), cards]),
    );
  const version = fieldOf(citation, "version");
  return {
    name: `${version}-${hash.digest("hex").slice(0, 8)}`,
    version,
    released: fieldOf(citation, "date-released"),
  };
}

/** How to cite it, for those who use BibTeX. */
export function bibtexOf({name, released}: Edition): string {
  const [year, month] = released.split("-");
  return `@book{tailpage,
  title   = {Tail Page},
  author  = {{The authors of Tail Page}},
  year    = {${year}},
  month   = ${MONTHS[Number(month) - 1]},
  edition = {${name}},
  note    = {A runnable book about one race in Linux memory management}
}`;
}

/** The text of CITATION.cff for just this edition. */
export function citationOf({name}: Edition, citation: string): string {
  return citation
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/^version:.*/, `version: ${name}`))
    .join("\n");
}

function fieldOf(citation: string, field: string): string {
  const value = new RegExp(`^${field}:\\s*"?([^"\\n]+)"?\\s*$`, "m").exec(citation)?.[1];
  if (!value) throw new Error(`CITATION.cff does not say its ${field}`);
  return value;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
