// What a text is searched by, the same when the index is made and when a reader asks. A kernel name is found whole, from
// any of its parts on, and in any case: __page_mapcount by page_mapcount, by mapcount, and by Mapcount; PageDoubleMap by
// DoubleMap. The beginning of a word is enough, and one slip in a long one is forgiven.

import type {Options} from "minisearch";

/** A part of a page: what lies below one heading, or one function of the kernel. */
export type Section = {
  readonly id: number;
  /** Its address, relative to the book. */
  readonly href: string;
  /** The chapter: `11 The thread`. */
  readonly chapter: string;
  /** Its heading; empty for what stands before the first. */
  readonly heading: string;
  readonly text: string;
};

export const OPTIONS: Options<Section> = {
  fields: ["chapter", "heading", "text"],
  storeFields: ["href", "chapter", "heading", "text"],
  tokenize: termsOf,
  processTerm: (term) => term,
  searchOptions: {
    tokenize: wordsOf,
    combineWith: "AND",
    prefix: true,
    fuzzy: (term) => (term.length > 4 && !term.includes("_") ? 1 : false),
    boost: {heading: 4, chapter: 2},
  },
};

/** The words of a text, and each again from every part of its name on. */
export function termsOf(text: string): string[] {
  return (text.match(/\w+/g) ?? []).flatMap((word) => {
    const starts = [...word.matchAll(/(?<=^|_)[^_]|(?<=[a-z0-9])[A-Z]/g)].map(
      ({index}) => index,
    );
    return starts.map((start) => word.slice(start).toLowerCase());
  });
}

/** The words of a question. */
function wordsOf(text: string): string[] {
  return (text.match(/\w+/g) ?? []).map((word) => word.replace(/^_+/, "").toLowerCase());
}
