// Links inside the book. Chapters link to each other's files, `11-the-thread.md#mend-it`; every page, anchor and image
// that is named has to be there. What is not fails the build, with the chapter and the line.

import {PAGE_IDS} from "./anchor.ts";
import type {Chapter, ChapterSource} from "./chapter.ts";
import {problem} from "./problem.ts";

/** What a link to a chapter's file becomes. Other links stay as they are. */
export function pageAddress(href: string): string {
  return href.replace(/^([\w-]+)\.md(?=#|$)/, "$1.html");
}

type Checked = {readonly source: ChapterSource; readonly chapter: Chapter};

/** `files` are what lies beside the chapters: images and the like, by their paths. */
export function checkLinks(book: readonly Checked[], files: ReadonlySet<string>): void {
  const anchors = new Map(book.map((one) => [`${one.chapter.slug}.html`, idsOf(one)]));
  for (const one of book) {
    for (const href of valuesOf(one.chapter, "a", "href")) {
      if (/^[a-z]+:/.test(href)) continue;
      const [page = "", anchor] = href.split("#");
      const ids = anchors.get(page || `${one.chapter.slug}.html`);
      if (!ids) throw dead(one, href, `there is no chapter ${page.replace(/\.html$/, ".md")}`);
      if (anchor && !ids.has(anchor))
        throw dead(
          one,
          href,
          `${page || "this chapter"} has no anchor #${anchor}: ${nearest(anchor, ids)}`,
        );
    }
    for (const src of valuesOf(one.chapter, "img", "src"))
      if (!files.has(src)) throw dead(one, src, `there is no file chapters/${src}`);
  }
}

/** The files beside the chapters that a page shows. */
export function imagesOf(chapter: Chapter): readonly string[] {
  return valuesOf(chapter, "img", "src");
}

/** Every id of a page; each may be there once. */
function idsOf(one: Checked): ReadonlySet<string> {
  const ids = new Set<string>(PAGE_IDS);
  for (const [, id] of markupOf(one.chapter).matchAll(/<[a-z][^<>]*?\sid="([^"]+)"/g)) {
    if (ids.has(id!)) throw dead(one, id!, `two things on this page have the id ${id}`);
    ids.add(id!);
  }
  return ids;
}

function valuesOf(chapter: Chapter, tag: string, attribute: string): string[] {
  const pattern = new RegExp(`<${tag}\\b[^<>]*?\\s${attribute}="([^"]*)"`, "g");
  return [...markupOf(chapter).matchAll(pattern)].map(([, value]) =>
    value!.replaceAll("&amp;", "&"),
  );
}

/** Code in a page is text: its quotation marks and angle brackets are entities, so nothing in it looks like a tag. */
function markupOf({epigraph, html, cards}: Chapter): string {
  return [epigraph ?? "", html, ...cards.map((card) => card.html)].join("\n");
}

/** The first line of the chapter that has the link, as its author wrote it. */
function dead({source}: Checked, href: string, what: string): Error {
  const written = [href.replace(".html", ".md"), href];
  const at = source.text
    .split("\n")
    .findIndex((line) => written.some((one) => line.includes(one)));
  return problem(`${source.name}, line ${at + 1}: ${what}`, {line: at + 1});
}

function nearest(anchor: string, ids: ReadonlySet<string>): string {
  const alike = [...ids].filter((id) => id.includes(anchor) || anchor.includes(id));
  const some = alike.length > 0 ? alike : [...ids].filter((id) => !/^(ref|note)-/.test(id));
  return `it has ${
    some
      .slice(0, 6)
      .map((id) => `#${id}`)
      .join(", ") || "none"
  }`;
}
