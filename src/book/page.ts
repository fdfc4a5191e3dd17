// One chapter as one complete page. Every address in it is relative, so the book works under any path.

import type {Chapter} from "./chapter.ts";
import {escapeHtml, jsonForScript} from "./html.ts";

/** Files of the browser side, as addresses relative to the page. */
export type Assets = {
  readonly module: string;
  /** What the module imports, and what that imports. */
  readonly imports: readonly string[];
  /** A small script that runs before the first paint, to set the theme that was chosen. */
  readonly early: string;
  readonly styles: readonly string[];
};

/** What the page's script is told: an object in a script element of type application/json. */
export type PageData = {
  readonly chapter: string;
  readonly cells: readonly (Pick<
    Chapter["cells"][number],
    "id" | "source" | "inputs" | "outputs" | "body" | "expression"
  > & {readonly inline: boolean})[];
  readonly listings: readonly {readonly name: string; readonly code: string}[];
};

/**
 * What a page may do: use what is its own, and nothing else. Cells are code that the page compiles, so evaluation is allowed, and the
 * editor writes styles; scripts that stand in the page are not. It comes last in the head: browsers look ahead for what to load only until
 * they meet a policy.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export function renderPage(
  chapter: Chapter,
  {chapters, assets}: {chapters: readonly Chapter[]; assets: Assets},
): string {
  const title = chapter.number === 0 ? "Tail Page" : `${chapter.title} · Tail Page`;
  const i = chapters.indexOf(chapter);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(chapter.description)}">
<link rel="icon" href="data:,">
${loads(assets)}
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
${header(chapter)}
<div class="desk">
${readingOrder(chapter, chapters)}
<main id="text">
${opening(chapter)}
${chapter.html}
${neighbours(chapters[i - 1], chapters[i + 1])}
</main>
</div>
<script type="application/json" id="chapter-data">${jsonForScript(dataOf(chapter))}</script>
</body>
</html>
`;
}

/**
 * All that the first live cell needs is asked for at once: only then comes the script that the parser waits for, and it waits for no
 * style. Nothing is painted before the module has run, since laying out the text takes longer than that, and would be done twice. Fonts are
 * not asked for here: they are five times as large as all of this, and come as soon as there is text to show in them.
 */
function loads({module, imports, early, styles}: Assets): string {
  return [
    ...styles.map((href) => `<link rel="preload" as="style" href="${href}">`),
    ...[module, ...imports].map((href) => `<link rel="modulepreload" href="${href}">`),
    `<script src="${early}"></script>`,
    ...styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    `<script type="module" src="${module}" blocking="render"></script>`,
  ].join("\n");
}

function header(chapter: Chapter): string {
  return `<header class="top">
<a class="book" href="index.html">Tail Page</a>
<span class="here">${escapeHtml(labelOf(chapter, " · "))}</span>
<span class="tools"><span id="yours" hidden></span><span id="kernel-state">v5.13</span><button type="button" id="theme" hidden>Dark</button></span>
</header>`;
}

function readingOrder(current: Chapter, chapters: readonly Chapter[]): string {
  const items = chapters.map((chapter) => {
    const here = chapter === current ? ` aria-current="page"` : "";
    return `<li><a href="${chapter.slug}.html"${here}>${escapeHtml(labelOf(chapter, " "))}</a></li>`;
  });
  return `<nav class="order" aria-label="Chapters"><ol>\n${items.join("\n")}\n</ol></nav>`;
}

function opening({number, title, epigraph}: Chapter): string {
  const kicker = number ? `<p class="kicker">Chapter ${number}</p>\n` : "";
  const quote =
    epigraph === null ? "" : `\n<blockquote class="epigraph">${epigraph}</blockquote>`;
  return `${kicker}<h1>${escapeHtml(title)}</h1>${quote}`;
}

function neighbours(before: Chapter | undefined, after: Chapter | undefined): string {
  const link = (chapter: Chapter | undefined, rel: string, word: string): string =>
    chapter
      ? `<a rel="${rel}" href="${chapter.slug}.html"><span>${word}</span> ${escapeHtml(labelOf(chapter, " "))}</a>`
      : "";
  if (!before && !after) return "";
  return `<nav class="neighbours" aria-label="Neighbouring chapters">${link(before, "prev", "Before")}${link(after, "next", "Next")}</nav>`;
}

function labelOf({number, title}: Chapter, between: string): string {
  return number ? `${number}${between}${title}` : title;
}

function dataOf({slug, cells, listings}: Chapter): PageData {
  return {
    chapter: slug,
    cells: cells.map(({id, source, inputs, outputs, body, expression, inline}) => ({
      ...{id, source, inputs, outputs, body, expression, inline},
    })),
    listings: listings.map(({name, code}) => ({name, code})),
  };
}
