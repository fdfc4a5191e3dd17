// Colouring code at build time. The colours themselves stand in the style sheet, once, as do the editor's: here a
// word only gets a class that says what it is. The star of `function*` and `yield*` is a class of its own: it is
// where another CPU may run.

import {createHighlighterCore, type ThemeRegistration} from "shiki/core";
import {createJavaScriptRegexEngine} from "shiki/engine/javascript";
import bash from "shiki/langs/bash.mjs";
import c from "shiki/langs/c.mjs";
import diff from "shiki/langs/diff.mjs";
import json from "shiki/langs/json.mjs";
import typescript from "shiki/langs/typescript.mjs";
import {escapeHtml} from "./html.ts";

/** A highlighter: code and language to the inside of a `<code>` element, a `<span class="line">` (a block) for each line. */
export type Highlight = (code: string, language: string) => string;

export async function createHighlight(): Promise<Highlight> {
  const highlighter = await createHighlighterCore({
    themes: [CLASSES_AS_COLOURS],
    langs: [typescript, c, bash, json, diff],
    engine: createJavaScriptRegexEngine(),
  });
  const known = new Set(highlighter.getLoadedLanguages());

  return (code, language) => {
    const lang = known.has(language) ? language : "text";
    // No limit: on a busy machine the first line would lose its colours half way.
    const options = {lang, theme: "classes", tokenizeTimeLimit: 0};
    const {tokens} = highlighter.codeToTokens(code, options);
    return tokens
      .map((line) => {
        const pieces = line.map(({content, color}) => ({
          content,
          kind: KIND_OF_COLOUR.get((color ?? "").toLowerCase()) ?? null,
        }));
        return `<span class="line">${starred(pieces).map(span).join("")}</span>`;
      })
      .join("");
  };
}

type Piece = {readonly content: string; readonly kind: string | null};

/** The kinds of words, and what TextMate grammars call them. */
const KINDS: Record<string, readonly string[]> = {
  keyword: [
    "keyword",
    "storage",
    "constant.language",
    "variable.language",
    "support.type.primitive",
  ],
  comment: ["comment", "punctuation.definition.comment"],
  string: ["string", "punctuation.definition.string", "constant.character.escape"],
  number: ["constant.numeric"],
  type: ["entity.name.type", "support.type", "support.class", "entity.other.inherited-class"],
  inserted: ["markup.inserted"],
  deleted: ["markup.deleted"],
};
/** Operators that are words. The others have the colour of the text. */
const WORDS = [
  "keyword.operator.new",
  "keyword.operator.expression",
  "keyword.generator",
  "storage.type.function.arrow",
];

/** Shiki themes give colours; ours are numbers that stand for a kind. */
const COLOURS = new Map(Object.keys(KINDS).map((kind, i) => [kind, `#00000${i + 1}`]));
const KIND_OF_COLOUR = new Map([...COLOURS].map(([kind, colour]) => [colour, kind]));
const CLASSES_AS_COLOURS: ThemeRegistration = {
  name: "classes",
  type: "light",
  colors: {"editor.foreground": "#000000", "editor.background": "#ffffff"},
  settings: [
    ...Object.entries(KINDS).map(([kind, scope]) => ({
      scope: [...scope],
      settings: {foreground: COLOURS.get(kind)!},
    })),
    {scope: ["keyword.operator"], settings: {foreground: "#000000"}},
    {scope: WORDS, settings: {foreground: COLOURS.get("keyword")!}},
  ],
};

/** Joins `function` or `yield` and its star into one piece, whatever the grammar made of them. */
function starred(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    const word = /^(\s*)(function|yield)(\s*)$/.exec(piece.content);
    const next = pieces[i + 1];
    const together = /^(\s*)((?:function|yield)\s*\*)(\s*)$/.exec(piece.content);
    if (piece.kind === "keyword" && together) {
      result.push(
        plain(together[1]!),
        {content: together[2]!, kind: "star"},
        plain(together[3]!),
      );
    } else if (piece.kind === "keyword" && word && next && /^\s*\*/.test(next.content)) {
      const [star] = /^\s*\*/.exec(next.content)!;
      result.push(plain(word[1]!), {content: word[2]! + word[3]! + star, kind: "star"});
      result.push({content: next.content.slice(star.length), kind: next.kind});
      i++;
    } else result.push(piece);
  }
  return result.filter(({content}) => content !== "");
}

function plain(content: string): Piece {
  return {content, kind: null};
}

function span({content, kind}: Piece): string {
  const text = escapeHtml(content);
  return kind === null ? text : `<span class="code-${kind}">${text}</span>`;
}
