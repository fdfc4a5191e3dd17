// `${...}` in the text of a chapter: a live expression, in the middle of a sentence.

import type {MarkdownIt} from "markdown-it";
import {problem} from "./problem.ts";

/** Teaches markdown-it the expressions. `place` gets each source and answers with the HTML that stands for it. */
export function useInline(markdown: MarkdownIt, place: (source: string) => string): void {
  markdown.inline.ruler.before("escape", "live", (state, silent) => {
    if (!state.src.startsWith("${", state.pos)) return false;
    const end = closingBrace(state.src, state.pos + 2);
    if (end < 0) throw problem("a live expression is opened with ${ and never closed");
    if (!silent)
      state.push("html_inline", "", 0).content = place(state.src.slice(state.pos + 2, end));
    state.pos = end + 1;
    return true;
  });
}

/** Where the brace opened before `start` closes, strings and templates passed over; -1 if nowhere. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    const c = text[i]!;
    if (c === "{") depth++;
    else if (c === "}" && --depth === 0) return i;
    else if (c === "'" || c === '"' || c === "`") i = closingQuote(text, i);
  }
  return -1;
}

function closingQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === text[start]) return i;
    else if (text[start] === "`" && text.startsWith("${", i)) {
      i = closingBrace(text, i + 2);
      if (i < 0) return text.length;
    }
  }
  return text.length;
}
