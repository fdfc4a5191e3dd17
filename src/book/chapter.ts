// A chapter: Markdown with live cells, by the conventions of Observable Framework.
//
//     ```ts                               a live cell; what it shows stands in its place
//     ```ts echo                          the same, with its source shown
//     ```ts run=false                     a listing that is only shown
//     ```ts src=mm/util.ts#page_mapcount  a function of the kernel, cut from its source by name
//     ```ts solution=ID check=ID          an answer to an exercise, which the build tries out (exercises.ts)
//     ```ts answer=page_mapcount          of an assignment: a function of the kernel that a student is to write
//     ${...}                              a live expression in the text
//
// A chapter refers to other things by marks that the build checks: [[term]] (glossary.ts), [@source] (sources.ts),
// {mm/gup.c#gup_pte_range} (kernel-names.ts), and links to other chapters (links.ts).

import createMarkdown, {type MarkdownIt, type Token} from "markdown-it";
import {anchorOf, PAGE_IDS} from "./anchor.ts";
import type {Apparatus} from "./apparatus.ts";
import {compileCell, type Cell} from "./cell.ts";
import {GLOSSARY, useTerms, type Card} from "./glossary.ts";
import {dataflowProblems} from "./graph.ts";
import {expectationsOf} from "./expect.ts";
import {useFolds, useStars, type Solution} from "./exercises.ts";
import type {Highlight} from "./highlight.ts";
import {escapeHtml} from "./html.ts";
import {useInline} from "./inline.ts";
import {useKernelNames} from "./kernel-names.ts";
import {pageAddress} from "./links.ts";
import {takeNotes, useNotes} from "./notes.ts";
import {placeInOrder} from "./order.ts";
import {messageOf, placeOf, problem} from "./problem.ts";
import {useSources} from "./sources.ts";

/** A function of the kernel as a chapter shows it. */
export type Listing = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** The line of `file` on which `code` begins: with a comment, perhaps. */
  readonly firstLine: number;
  /** Where the kernel has it: `mm/util.c, v5.13`. */
  readonly caption: string;
};

/** Cuts a function out of the kernel's sources: `mm/util.ts#page_mapcount`. Throws if there is none. */
export type Cut = (ref: string) => Listing;

export type ChapterCell = Cell & {
  /** Stands in a sentence. */
  readonly inline: boolean;
  /** The page prints its source. */
  readonly echo: boolean;
  /** Line of the chapter on which the cell's first line stands. */
  readonly line: number;
};

export type Chapter = {
  /** `11-the-thread`: the name of its page. */
  readonly slug: string;
  /** 11, or null where the file's name has none. */
  readonly number: number | null;
  /** `A`, or null where it is no appendix. */
  readonly letter: string | null;
  readonly title: string;
  /** One sentence, for search engines and for the table of contents. */
  readonly description: string;
  /** The blockquote directly after the title, as HTML. */
  readonly epigraph: string | null;
  readonly html: string;
  readonly cells: readonly ChapterCell[];
  /** The functions of the kernel that can be edited in it. */
  readonly listings: readonly Listing[];
  readonly solutions: readonly Solution[];
  /** Its headings of the second level. */
  readonly sections: readonly Section[];
  /** What it can say of the terms that are marked in it. */
  readonly cards: readonly Card[];
  /** The keys of the sources that it cites. */
  readonly cited: readonly string[];
};

export type Section = {readonly id: string; readonly title: string};

export type ChapterSource = {
  /** `11-the-thread.md` */
  readonly name: string;
  readonly text: string;
};

/** Without an apparatus nobody checks terms, sources and names of functions: they stand in the text as they are. */
export function parseChapter(
  {name, text}: ChapterSource,
  {cut, highlight, apparatus}: {cut: Cut; highlight: Highlight; apparatus?: Apparatus},
): Chapter {
  const slug = name.replace(/\.md$/, "");
  const front = frontMatter(text);
  const {text: body, notes} = takeNotes(front.body);
  const cells: ChapterCell[] = [];
  const listings: Listing[] = [];
  const solutions: Solution[] = [];
  let line = 1;

  try {
    const markdown = createMarkdown({html: true, typographer: true, quotes: "“”‘’"});
    useFolds(markdown);
    useStars(markdown);
    const checkNotes = useNotes(markdown, notes);
    const cardsOf = useTerms(markdown, apparatus?.glossary ?? null, {
      asLinks: name === GLOSSARY,
    });
    const citedOf = useSources(markdown, apparatus?.sources ?? null);
    useKernelNames(markdown, apparatus?.names ?? null);
    useInline(markdown, (source) => {
      const id = `live-${cells.length + 1}`;
      addCell(id, source, {inline: true, echo: false, line});
      return `<span class="live" data-output="${id}"></span>`;
    });
    // Chapters link to each other's files; the pages to each other's pages.
    markdown.renderer.rules["link_open"] = (all, i, options, _env, renderer) => {
      const token = all[i]!;
      token.attrSet("href", pageAddress(String(token.attrGet("href"))));
      return renderer.renderToken(all, i, options);
    };
    const tokens = parseTokens(markdown, body, (at) => (line = at));

    const title = takeTitle(tokens) ?? front.fields.get("title");
    if (!title)
      throw problem("a chapter needs a title: begin it with a line # Title", {line: 1});
    const epigraph = takeEpigraph(tokens, markdown);
    const description = front.fields.get("description") ?? firstSentence(tokens);

    markdown.renderer.rules["fence"] = (all, i) => {
      const token = all[i]!;
      line = (token.map?.[0] ?? 0) + 1;
      return renderFence(token.info, token.content.replace(/\n$/, ""));
    };
    let inTable = false;
    markdown.renderer.rules["table_open"] = () => {
      inTable = true;
      return `<div class="table" tabindex="0" role="group" aria-label="table"><table>`;
    };
    markdown.renderer.rules["table_close"] = () => {
      inTable = false;
      return `</table></div>`;
    };
    const renderCode = markdown.renderer.rules["code_inline"]!;
    markdown.renderer.rules["code_inline"] = (...code) =>
      inTable ? withBreaks(renderCode(...code)) : renderCode(...code);
    const sections = addAnchors(tokens);
    const html = markdown.renderer.render(tokens, markdown.options, {});
    checkNotes();
    checkDataflow();
    solutions.forEach(checkSolution);
    const [cards, cited] = [cardsOf(), citedOf()];
    const opening = {slug, ...placeInOrder(slug), title, description, epigraph};
    return {...opening, html, cells, listings, solutions, sections, cards, cited};
  } catch (error) {
    throw inChapter(name, error, line);
  }

  function renderFence(info: string, code: string): string {
    const {language, attributes} = parseInfo(info);
    const src = attributes.get("src");
    if (src !== undefined)
      return renderListing(cutListing(src), attributes.get("run") !== "false");
    const answer = attributes.get("answer");
    if (answer !== undefined) return renderListing(answerListing(answer, code), true, "answer");
    const target = attributes.get("solution");
    if (target !== undefined) {
      const check = attributes.get("check") ?? target;
      solutions.push({target, check, code, line: line + 1});
    }
    if (language !== "ts" || target !== undefined || attributes.get("run") === "false")
      return `<figure class="listing">${sourceHtml(code, language)}</figure>\n`;

    const number = cells.filter(({inline}) => !inline).length + 1;
    const id = attributes.get("id") ?? `cell-${number}`;
    addCell(id, code, {inline: false, echo: attributes.has("echo"), line: line + 1});
    const room = attributes.get("room");
    const style = room === undefined ? "" : ` style="--room: ${roomOf(room)}rem"`;
    const output = `<div class="output" data-output="${id}" aria-live="polite"${style}></div>`;
    if (!attributes.has("echo")) return `<div class="cell" id="${id}">${output}</div>\n`;
    const source = sourceHtml(code, "ts", `data-cell="${id}"`);
    return `<figure class="listing cell" id="${id}">${source}${output}</figure>\n`;
  }

  function roomOf(text: string): number {
    const room = Number(text);
    if (!(room > 0)) throw problem(`room=${text}: it is a height in rem, as in room=20`);
    return room;
  }

  /** An answer is no function of the kernel: whoever searches for one does not want what a student is to write. */
  function renderListing(listing: Listing, isLive: boolean, kind = ""): string {
    if (isLive && listings.some((other) => other.name === listing.name))
      throw problem(
        `${listing.name} stands in this chapter already: show it again with run=false`,
      );
    if (isLive) listings.push(listing);
    const anchor = isLive ? ` id="kernel-${listing.name}"` : "";
    const caption =
      `<figcaption><code>${escapeHtml(listing.name)}</code> ` +
      `<span class="where">${escapeHtml(listing.caption)}</span></figcaption>`;
    const source = sourceHtml(
      listing.code,
      "ts",
      isLive ? `data-kernel="${listing.name}"` : "",
    );
    return `<figure class="listing kernel${kind && ` ${kind}`}"${anchor}>${caption}${source}</figure>\n`;
  }

  function answerListing(name: string, code: string): Listing {
    return {name, code, file: name, line: 1, firstLine: 1, caption: "yours to write"};
  }

  function sourceHtml(code: string, language: string, data = ""): string {
    const inside = highlight(code, language);
    // So that it can be known how high it is before it is laid out.
    const lines = code.split("\n").length;
    return `<div class="source" tabindex="0" role="group" ${data}><pre style="--lines: ${lines}"><code>${inside}</code></pre></div>`;
  }

  function cutListing(ref: string): Listing {
    try {
      return cut(ref);
    } catch (error) {
      throw problem(`src=${ref}: ${messageOf(error)}`);
    }
  }

  function addCell(
    id: string,
    source: string,
    rest: Pick<ChapterCell, "inline" | "echo" | "line">,
  ): void {
    if (cells.some((other) => other.id === id)) throw problem(`two cells are called ${id}`);
    try {
      const cell = compileCell(id, source);
      if (rest.inline && !cell.expression)
        throw problem("what stands between ${ and } must be one expression");
      cells.push({...cell, ...rest});
    } catch (error) {
      const inCell = placeOf(error).line ?? 1;
      throw problem(withoutPlace(messageOf(error)), {line: rest.line + inCell - 1});
    }
  }

  function checkSolution({target, check, code, line: first}: Solution): void {
    const isCell = (id: string) => cells.some((cell) => cell.id === id);
    if (!isCell(target) && !listings.some(({name}) => name === target))
      throw problem(
        `solution=${target}: neither a cell nor a function of the kernel is called so in this chapter`,
        {line: first - 1},
      );
    if (!isCell(check))
      throw problem(
        `check=${check}: no cell is called so, and somebody has to show that the solution is one`,
        {line: first - 1},
      );
    if (expectationsOf(code).length === 0)
      throw problem("a solution says what is shown then: // → ...", {line: first - 1});
  }

  function checkDataflow(): void {
    for (const [id, message] of dataflowProblems(cells))
      throw problem(message, {line: cells.find((cell) => cell.id === id)!.line});
  }
}

/** Parses block by block, so that a problem inside a paragraph knows at which line it stands. */
function parseTokens(markdown: MarkdownIt, text: string, at: (line: number) => void): Token[] {
  markdown.core.ruler.at("inline", (state) => {
    for (const token of state.tokens) {
      if (token.type !== "inline") continue;
      if (!state.inlineMode) at((token.map?.[0] ?? 0) + 1);
      markdown.inline.parse(token.content, markdown, state.env, (token.children ??= []));
    }
  });
  return markdown.parse(text, {});
}

/** Front matter becomes empty lines, so that all others keep their numbers. */
function frontMatter(text: string): {fields: Map<string, string>; body: string} {
  const match = /^---\n(.*?)\n---\n/s.exec(text);
  if (!match) return {fields: new Map(), body: text};
  const fields = match[1]!.split("\n").flatMap((line): [string, string][] => {
    const field = /^(\w+):\s*(.*)$/.exec(line);
    return field ? [[field[1]!, field[2]!.replace(/^(["'])(.*)\1$/, "$2")]] : [];
  });
  return {
    fields: new Map(fields),
    body: match[0].replace(/[^\n]/g, "") + text.slice(match[0].length),
  };
}

function takeTitle(tokens: Token[]): string | null {
  const start = tokens.findIndex(({type, tag}) => type === "heading_open" && tag === "h1");
  if (start < 0) return null;
  const [, inline] = tokens.splice(start, 3);
  return textOf(inline!);
}

function takeEpigraph(tokens: Token[], markdown: MarkdownIt): string | null {
  if (tokens[0]?.type !== "blockquote_open") return null;
  const end = tokens.findIndex(({type, level}) => type === "blockquote_close" && level === 0);
  const quoted = tokens.splice(0, end + 1).slice(1, -1);
  return markdown.renderer.render(quoted, markdown.options, {});
}

/** Long names in a narrow column of a table may be broken behind an underscore or a bracket, and rather there than elsewhere. */
function withBreaks(html: string): string {
  const broken = (name: string): string => name.replace(/.{5,}?[_(](?=[a-z])/gi, "$&<wbr>");
  return html.replace(/>[^<]+</g, (text) => text.replace(/[\w(]{13,}/g, broken));
}

function firstSentence(tokens: readonly Token[]): string {
  const start = tokens.findIndex(({type, level}) => type === "paragraph_open" && level === 0);
  const text = start < 0 ? "" : textOf(tokens[start + 1]!).replace(/\s+/g, " ");
  const sentence = /^.{20,}?[.?!](?= |$)/.exec(text)?.[0] ?? text;
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence;
}

/** What a heading or a paragraph says, without its markup. */
export function textOf(token: Token): string {
  return (token.children ?? [])
    .map(({type, content}) =>
      type === "softbreak" ? " " : type === "html_inline" ? "" : content,
    )
    .join("");
}

/** Gives every heading an id of its own, and answers with those of the second level. */
function addAnchors(tokens: readonly Token[]): Section[] {
  const seen = new Set<string>(PAGE_IDS);
  const sections: Section[] = [];
  tokens.forEach((token, i) => {
    if (token.type !== "heading_open") return;
    const title = textOf(tokens[i + 1]!);
    const plain = anchorOf(title) || "section";
    let id = plain;
    for (let n = 2; seen.has(id); n++) id = `${plain}-${n}`;
    seen.add(id);
    token.attrSet("id", id);
    if (token.tag === "h2") sections.push({id, title});
  });
  return sections;
}

function parseInfo(info: string): {language: string; attributes: Map<string, string>} {
  const [language = "", ...words] = info.trim().split(/\s+/);
  const pairs = words.map((word): [string, string] => {
    const [key = "", ...value] = word.split("=");
    return [key, value.join("=")];
  });
  return {language, attributes: new Map(pairs)};
}

function withoutPlace(message: string): string {
  return message.replace(/ \(line \d+\)/, "");
}

function inChapter(name: string, error: unknown, line: number): Error {
  const at = placeOf(error).line ?? line;
  return problem(`${name}, line ${at}: ${messageOf(error)}`, {line: at});
}
