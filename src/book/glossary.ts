// The glossary: one appendix, from which every chapter takes what it says of a term. In a chapter a term is marked
// where it is first needed, `[[migration entry]]`, or `[[on the move|migration entry]]` where the sentence has other
// words. Marked, not found by itself: "head" is a term in one sentence and a plain word in the next, and only the
// author knows where a reader meets it for the first time.
//
// In the appendix each term is a heading, then what is known of it, then a sentence or two:
//
//     ## migration entry
//     kernel: `swp_entry_t`
//     also: migration entries
//     chapter: 6
//
//     An entry of a page table that ...

import type {MarkdownIt} from "markdown-it";
import {anchorOf} from "./anchor.ts";
import {escapeHtml} from "./html.ts";
import {problem} from "./problem.ts";

export const GLOSSARY = "D-glossary.md";

export type Term = {
  readonly name: string;
  /** Its heading in the glossary, and with `term-` before it its card in a chapter. */
  readonly anchor: string;
  /** Other words that mean it. */
  readonly also: readonly string[];
  /** How the kernel spells it, as Markdown, or null. */
  readonly kernel: string | null;
  /** Of the chapter that earns it. */
  readonly chapter: number;
  /** A sentence or two, as Markdown. */
  readonly text: string;
};

/** Every term by its name and by each other word for it, in small letters. */
export type Glossary = ReadonlyMap<string, Term>;

export function readGlossary(text: string): Glossary {
  const glossary = new Map<string, Term>();
  for (const {name, fields, body, line} of entriesOf(text)) {
    const chapter = Number(fields.get("chapter"));
    if (!Number.isInteger(chapter))
      throw problem(
        `${GLOSSARY}, line ${line}: ${name} does not say which chapter earns it (chapter: 6)`,
      );
    if (!body)
      throw problem(
        `${GLOSSARY}, line ${line}: nothing is said of ${name} (a blank line comes before it)`,
      );
    const also = (fields.get("also") ?? "").split(/,\s*/).filter(Boolean);
    const kernel = fields.get("kernel") ?? null;
    const term = {name, anchor: anchorOf(name), also, kernel, chapter, text: body};
    for (const word of [name, ...also]) {
      if (glossary.has(word.toLowerCase()))
        throw problem(`${GLOSSARY}, line ${line}: ${word} stands in the glossary twice`);
      glossary.set(word.toLowerCase(), term);
    }
  }
  return glossary;
}

/** The appendix as a chapter: what is known of a term becomes a line of small print. Every line keeps its number. */
export function glossaryAsChapter(
  text: string,
  chapterNamed: (n: number) => string | null,
): string {
  const lines = text.split("\n");
  for (const {fields, line} of entriesOf(text)) {
    const chapter = fields.get("chapter");
    const file = chapterNamed(Number(chapter));
    const where = file ? `[chapter ${chapter}](${file})` : `chapter ${chapter}`;
    const kernel = fields.get("kernel");
    lines[line] = kernel
      ? `In the kernel: ${kernel}. Earned in ${where}.`
      : `Earned in ${where}.`;
    for (let i = 1; i < fields.size; i++) lines[line + i] = "";
  }
  return lines.join("\n");
}

type Entry = {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
  /** Of the heading, from 1. The fields begin on the next one. */
  readonly line: number;
};

function entriesOf(text: string): Entry[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, i) => (line.startsWith("## ") ? [i] : []));
  return starts.map((start, n) => {
    const fields = new Map<string, string>();
    let i = start + 1;
    for (; /^\w+:/.test(lines[i] ?? ""); i++) {
      const [, key, value] = /^(\w+):\s*(.*)$/.exec(lines[i]!)!;
      fields.set(key!, value!);
    }
    const body = lines
      .slice(i, starts[n + 1])
      .join(" ")
      .replace(/\s+/g, " ")
      .trim();
    return {name: lines[start]!.slice(3).trim(), fields, body, line: start + 1};
  });
}

/**
 * Teaches markdown-it the marks. Answers with the cards of the terms that were used, to be asked when all is rendered. In
 * the glossary, and on a card, a term is a link to its entry: a card never opens another.
 */
export function useTerms(
  markdown: MarkdownIt,
  glossary: Glossary | null,
  {asLinks}: {asLinks: boolean},
): () => readonly Card[] {
  const used = new Map<string, Term>();
  let linking = asLinks;

  markdown.inline.ruler.before("link", "term", (state, silent) => {
    const match = /^\[\[([^[\]|]+)(?:\|([^[\]]+))?\]\]/.exec(
      state.src.slice(state.pos, state.posMax),
    );
    if (!match) return false;
    state.pos += match[0].length;
    if (silent) return true;

    const shown = match[1]!;
    const word = (match[2] ?? shown).replaceAll("`", "").replace(/\s+/g, " ").trim();
    const term = glossary?.get(word.toLowerCase());
    if (glossary && !term)
      throw problem(
        `the glossary has no term “${word}” (add it to ${GLOSSARY}, or mark the word for another term: [[${word}|term]])`,
      );
    const [open, close] = term ? around(term) : ["", ""];
    // A button may stand at the end of a line, and what follows it at the beginning of the next.
    const behind =
      term && !linking ? /^[.,;:!?)\]”’]+/.exec(state.src.slice(state.pos))?.[0] : "";
    if (behind) state.push("html_inline", "", 0).content = `<span class="kept">`;
    state.push("html_inline", "", 0).content = open;
    const code = /^`(.*)`$/.exec(shown);
    state.push(code ? "code_inline" : "text", code ? "code" : "", 0).content =
      code?.[1] ?? shown;
    state.push("html_inline", "", 0).content = close;
    if (behind) {
      state.push("text", "", 0).content = behind;
      state.push("html_inline", "", 0).content = "</span>";
      state.pos += behind.length;
    }
    return true;
  });

  function around(term: Term): [open: string, close: string] {
    if (linking) return [`<a href="${pageOf(term)}">`, "</a>"];
    used.set(term.anchor, term);
    const card = `term-${term.anchor}`;
    const attributes = `popovertarget="${card}" popovertargetaction="show" aria-describedby="${card}-says"`;
    return [`<button type="button" class="explained" ${attributes}>`, "</button>"];
  }

  return () => {
    linking = true;
    const cards = [...used.values()].map((term) => ({
      term,
      html: markdown.renderInline(term.text),
      kernel: term.kernel === null ? null : markdown.renderInline(term.kernel),
    }));
    linking = asLinks;
    return cards;
  };
}

/** What a chapter shows of a term when a reader asks. */
export type Card = {
  readonly term: Term;
  readonly html: string;
  readonly kernel: string | null;
};

function pageOf({anchor}: Term): string {
  return `${GLOSSARY.replace(/\.md$/, ".html")}#${anchor}`;
}

/** The card needs no script: the term's button opens it, Escape and a press elsewhere close it. */
export function cardHtml({term, html, kernel}: Card): string {
  const spelt = kernel === null ? "" : `<p class="spelt">In the kernel: ${kernel}</p>`;
  return `<div popover class="term-card" id="term-${term.anchor}">
<p class="name">${escapeHtml(term.name)}</p>
<p id="term-${term.anchor}-says">${html}</p>
${spelt}<p class="more"><a href="${pageOf(term)}">In the glossary</a></p>
</div>`;
}
