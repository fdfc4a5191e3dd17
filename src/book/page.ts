// One chapter as one complete page. Every address in it is relative, so the book works under any path.

import type {Chapter} from "./chapter.ts";
import type {Edition} from "./edition.ts";
import {cardHtml, GLOSSARY} from "./glossary.ts";
import {escapeHtml, jsonForScript} from "./html.ts";
import {kickerOf, labelOf} from "./order.ts";

/** Files of the browser side, as addresses relative to the page. */
export type Assets = {
  readonly module: string;
  /** What the module imports, and what that imports. */
  readonly imports: readonly string[];
  /** What the module loads next. */
  readonly around: string;
  /** A small script that runs before the first paint, to set the theme that was chosen. */
  readonly early: string;
  readonly styles: readonly string[];
  readonly fonts: readonly string[];
  /** What cells know by a name and load: a page whose first cell uses it has it within. */
  readonly data: Readonly<Record<string, unknown>>;
};

/** What the page's script is told: an object in a script element of type application/json. */
export type PageData = {
  readonly chapter: string;
  readonly edition: string;
  readonly cells: readonly (Pick<
    Chapter["cells"][number],
    "id" | "source" | "inputs" | "outputs" | "body" | "expression"
  > & {readonly inline: boolean})[];
  readonly listings: readonly Pick<
    Chapter["listings"][number],
    "name" | "code" | "file" | "firstLine"
  >[];
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
  {chapters, assets, edition}: {chapters: readonly Chapter[]; assets: Assets; edition: Edition},
): string {
  const title = chapter.number === 0 ? "Tail Page" : `${chapter.title} · Tail Page`;
  // Pages behind the book are not among them, and have no neighbours.
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
<main id="text" data-page="${chapter.slug}">
${opening(chapter)}
${chapter.html}
${chapter.cards.map(cardHtml).join("\n")}
${i < 0 ? "" : neighbours(chapters[i - 1], chapters[i + 1])}
</main>
</div>
${footer(chapters, edition)}
<script type="application/json" id="chapter-data">${jsonForScript(dataOf(chapter, edition))}</script>
${dataWithin(assets, chapter)}
</body>
</html>
`;
}

/**
 * All that the first live cell needs is asked for at once: only then comes the script that the parser waits for, and it waits for no
 * style. Nothing is painted before the module has run, since laying out the text takes longer than that, and would be done twice.
 *
 * Fonts come behind it: on a slow line they would keep the cells waiting, on a fast one they are there when the text is laid out, which asks
 * nothing of the system then. For that the parser has one more script to wait for, also of low priority: where there is none, it lays out the
 * text itself in the moment in which the module has run.
 */
function loads({module, imports, around, early, styles, fonts}: Assets): string {
  return [
    ...styles.map((href) => `<link rel="preload" as="style" href="${href}">`),
    ...[module, ...imports].map((href) => `<link rel="modulepreload" href="${href}">`),
    ...fonts.map(
      (href) =>
        `<link rel="preload" as="font" type="font/woff2" href="${href}" crossorigin fetchpriority="low">`,
    ),
    `<script src="${early}"></script>`,
    ...styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    `<script type="module" src="${module}" blocking="render"></script>`,
    `<script type="module" src="${around}" fetchpriority="low"></script>`,
  ].join("\n");
}

/** Data that has to be fetched comes behind the first layout, and that is too late for the first output. */
function dataWithin({data}: Assets, {cells: [first]}: Chapter): string {
  return Object.entries(data)
    .filter(([name]) => first?.inputs.includes(name))
    .map(
      ([name, value]) =>
        `<script type="application/json" id="data-${name}">${jsonForScript(value)}</script>`,
    )
    .join("\n");
}

/** What needs a script is hidden until the script is there. */
function header(chapter: Chapter): string {
  return `<header class="top">
<a class="book" href="index.html">Tail Page</a>
<span class="here">${escapeHtml(labelOf(chapter, " · "))}</span>
<span class="tools">
<a class="tool" id="contents" href="#order"><span class="word">Contents</span>${icon("M2 4h12M2 8h12M2 12h8")}</a>
<button type="button" class="tool" id="search" aria-haspopup="dialog" hidden><span class="word">Search</span>${icon("M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14")} <kbd aria-hidden="true">/</kbd></button>
<button type="button" class="tool" id="share" aria-haspopup="dialog" hidden><span class="word">Share</span>${icon("M8 10V2M5 4.5 8 1.8l3 2.7M4 7H2.8v7h10.4V7H12")}</button>
<span id="yours" hidden></span>
<span id="kernel-state">v5.13</span>
<span id="theme" hidden>${THEMES}</span>
<button type="button" class="tool" id="help" aria-haspopup="dialog" aria-label="Keys" hidden>?</button>
</span>
</header>`;
}

/** Light or dark. The sign is drawn: to find a font that has one takes a browser longer than to lay out the page. */
const THEMES = `<details class="menu"><summary aria-label="Light or dark" title="Light or dark">${icon("M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "M8 2a6 6 0 0 1 0 12z")}</summary><fieldset class="sheet"><legend>The page is</legend>
<label><input type="radio" name="theme" value="system" checked> as the system has it</label>
<label><input type="radio" name="theme" value="light"> light</label>
<label><input type="radio" name="theme" value="dark"> dark</label>
</fieldset></details>`;

/** Lines, and what is filled. On a narrow page some stand where there is no room for a word. */
function icon(path: string, filled = ""): string {
  const area = filled && `<path d="${filled}" fill="currentColor" stroke="none"/>`;
  return `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"><path d="${path}"/>${area}</svg>`;
}

function readingOrder(current: Chapter, chapters: readonly Chapter[]): string {
  const items = chapters.map((chapter) => {
    const here = chapter === current ? ` aria-current="page"` : "";
    const sections = chapter === current ? sectionsOf(chapter) : "";
    return `<li><a href="${chapter.slug}.html"${here} data-chapter="${chapter.slug}">${escapeHtml(labelOf(chapter, " "))}</a>${sections}</li>`;
  });
  return `<nav class="order" id="order" aria-label="Chapters"><ol>\n${items.join("\n")}\n</ol></nav>`;
}

/** The glossary has a heading for each term: they are its text, not its sections. */
function sectionsOf({slug, sections}: Chapter): string {
  if (sections.length === 0 || `${slug}.md` === GLOSSARY) return "";
  const items = sections.map(
    ({id, title}) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`,
  );
  return `\n<ol class="sections">\n${items.join("\n")}\n</ol>`;
}

function opening(chapter: Chapter): string {
  const {title, epigraph} = chapter;
  const over = kickerOf(chapter);
  const kicker = over === null ? "" : `<p class="kicker">${over}</p>\n`;
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

/** The small print. */
function footer(chapters: readonly Chapter[], {name}: Edition): string {
  const glossary = chapters.find(({slug}) => `${slug}.md` === GLOSSARY);
  const links = [
    ...(glossary ? [[glossary.slug, "Glossary"]] : []),
    ...[
      ["sources", "Sources"],
      ["cite", "Cite this"],
      ["browsers", "Browsers, keys and screen readers"],
      ["model-is-wrong", "Is the model wrong?"],
    ],
  ];
  const items = links.map(([slug, title]) => `<li><a href="${slug}.html">${title}</a></li>`);
  return `<footer class="foot">
<ul>${items.join("")}</ul>
<p>Tail Page, edition <span class="edition">${escapeHtml(name)}</span>. Text: CC BY 4.0. Code: MIT.</p>
</footer>`;
}

function dataOf({slug, cells, listings}: Chapter, edition: Edition): PageData {
  return {
    chapter: slug,
    edition: edition.name,
    cells: cells.map(({id, source, inputs, outputs, body, expression, inline}) => ({
      ...{id, source, inputs, outputs, body, expression, inline},
    })),
    listings: listings.map(({name, code, file, firstLine}) => ({name, code, file, firstLine})),
  };
}
