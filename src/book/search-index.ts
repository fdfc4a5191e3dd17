// The index that a page's search loads: made when the book is built, of what its pages say. A piece of the index is what
// lies below one heading; the functions of the kernel are pieces of their own.

import MiniSearch from "minisearch";
import type {Chapter} from "./chapter.ts";
import {unescapeHtml} from "./html.ts";
import {labelOf} from "./order.ts";
import {OPTIONS, type Section} from "./search-terms.ts";

export function searchIndex(chapters: readonly Chapter[]): string {
  const index = new MiniSearch<Section>(OPTIONS);
  index.addAll(chapters.flatMap(sectionsOf).map((section, id) => ({...section, id})));
  return JSON.stringify(index);
}

export function sectionsOf(chapter: Chapter): Omit<Section, "id">[] {
  const page = `${chapter.slug}.html`;
  const label = labelOf(chapter, " ");
  const functions: Omit<Section, "id">[] = [];
  const html = chapter.html.replace(
    /<figure class="listing kernel" id="([^"]+)">(.*?)<\/figure>/gs,
    (_, id: string, inside: string) => {
      const heading = id.replace(/^kernel-/, "");
      functions.push({href: `${page}#${id}`, chapter: label, heading, text: textIn(inside)});
      return " ";
    },
  );
  // Split by a pattern with two groups: what stands before, then id, heading and text of each section.
  const pieces = html.split(/<h[23][^<>]*\sid="([^"]+)"[^<>]*>(.*?)<\/h[23]>/s);
  const opening = textIn(`${chapter.epigraph ?? ""} ${pieces[0]}`);
  const sections = [{href: page, chapter: label, heading: "", text: opening}];
  for (let i = 1; i < pieces.length; i += 3)
    sections.push({
      href: `${page}#${pieces[i]}`,
      chapter: label,
      heading: textIn(pieces[i + 1]!),
      text: textIn(pieces[i + 2]!),
    });
  return [...sections, ...functions];
}

/** What a reader reads there: no markup, no numbers of notes. */
function textIn(html: string): string {
  const text = html
    .replace(/<sup\b.*?<\/sup>/gs, " ")
    .replace(
      /<span class="line">|<\/?(?:p|li|div|figure|figcaption|td|th|tr|br|span class="note)\b[^<>]*>/g,
      " ",
    )
    .replace(/<[^<>]*>/g, "");
  return unescapeHtml(text).replace(/\s+/g, " ").trim();
}
