// What a student wrote, without what does not run: types, comments, white space.

import {parse, tokenizer, type Comment, type Program} from "acorn";
import {full} from "acorn-walk";
import {readSource} from "../livepatch/declarations.ts";
import {UserError} from "../livepatch/index.ts";
import {blank} from "../livepatch/link.ts";

/** A word or sign of a program, and where it stands: offsets into its code. */
export type Token = {readonly text: string; readonly start: number; readonly end: number};

/** Without types, every line where it was; null where it does not parse. */
export function codeOf(typescript: string): string | null {
  try {
    return readSource("answer", typescript).code;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** Comments become blanks, so that every line stays where it was. */
export function withoutComments(code: string): string {
  const comments: Comment[] = [];
  parse(code, {ecmaVersion: 2023, sourceType: "module", onComment: comments});
  return comments.reduce((rest, {start, end}) => blank(rest, start, end), code);
}

/** What the code calls its own, functions and variables, comes as `_`: another name for it makes no other program. */
export function tokensOf(code: string): Token[] {
  const own = declaredIn(parse(code, {ecmaVersion: 2023, sourceType: "module"}));
  const tokens: Token[] = [];
  for (const {start, end, type} of tokenizer(code, {ecmaVersion: 2023, sourceType: "module"})) {
    const text = code.slice(start, end);
    const isMember = /^\??\.$/.test(tokens[tokens.length - 1]?.text ?? "");
    const isOwn = type.label === "name" && own.has(text) && !isMember;
    tokens.push({text: isOwn ? "_" : text, start, end});
  }
  return tokens;
}

/** Words and signs of a text that does not parse. */
export function wordsOf(text: string): Token[] {
  const found = text.matchAll(/[A-Za-z_$][\w$]*|\d+|[^\s\w]/g);
  return [...found].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function declaredIn(program: Program): Set<string> {
  const names = new Set<string>();
  full(program, (node, _state, type) => {
    if (type === "VariablePattern") names.add((node as typeof node & {name: string}).name);
  });
  return names;
}
