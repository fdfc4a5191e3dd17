// What a source file declares at its top level, and what each declaration needs. Linking, listings and the hash of a
// schedule all live off this: names stand for code everywhere, lines never do.

import {parse, tokenizer, type FunctionDeclaration, type Node, type Program} from "acorn";
import {full} from "acorn-walk";
import {transform} from "sucrase";
import {UserError} from "./user_error.ts";

export type Declaration = {
  readonly name: string;
  /** A function with a star can be preempted. Only functions can be patched. */
  readonly kind: "function*" | "function" | "const";
  readonly file: string;
  /** First and last line, from 1: the same in the TypeScript as in what is left when types are stripped. */
  readonly line: number;
  readonly endLine: number;
  /** Offsets into the file's stripped code. */
  readonly start: number;
  readonly end: number;
  /** All names that it mentions and does not declare as parameters; most of them are no declarations. */
  readonly mentions: readonly string[];
  /** Of its code without comments, types and white space. */
  readonly hash: string;
};

export type SourceFile = {
  readonly file: string;
  /** Without types, imports and exports; every line where it was. */
  readonly code: string;
  readonly declarations: readonly Declaration[];
};

/** Throws a UserError with the line where `typescript` does not parse. */
export function readSource(file: string, typescript: string): SourceFile {
  const javascript = strip(file, typescript);
  const program = parseModule(file, javascript);
  const declarations: Declaration[] = [];
  let code = javascript;
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration" || statement.type === "ExportAllDeclaration") {
      code = blank(code, statement.start, statement.end);
      continue;
    }
    let declared: Node = statement;
    if (statement.type === "ExportNamedDeclaration") {
      const end = statement.declaration?.start ?? statement.end;
      code = blank(code, statement.start, end);
      if (!statement.declaration) continue;
      declared = statement.declaration;
    }
    declarations.push(...declarationsOf(file, javascript, declared));
  }
  return {file, code, declarations};
}

function strip(file: string, typescript: string): string {
  try {
    return transform(typescript, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code;
  } catch (error) {
    throw syntaxError(file, error);
  }
}

function parseModule(file: string, javascript: string): Program {
  try {
    return parse(javascript, {ecmaVersion: 2023, sourceType: "module", locations: true});
  } catch (error) {
    throw syntaxError(file, error);
  }
}

/** Both parsers say where in the same words: "... (line:column)". */
function syntaxError(file: string, error: unknown): UserError {
  const text = error instanceof Error ? error.message : String(error);
  const place = /\((\d+):(\d+)\)/.exec(text);
  const what = text.replace(/^Error transforming .*?: /, "").replace(/\s*\(\d+:\d+\).*$/s, "");
  const line = place ? Number(place[1]) : undefined;
  const at = line === undefined ? "" : ` (line ${line})`;
  return new UserError(
    `${file} does not parse: ${what.charAt(0).toLowerCase()}${what.slice(1)}${at}. is a bracket or a comma missing on that line or the one before?`,
    {where: file, ...(line === undefined ? {} : {line, column: Number(place![2])})},
  );
}

/** Replaces a stretch of code by blanks, so that everything else stays on its line. */
export function blank(code: string, start: number, end: number): string {
  return code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
}

function declarationsOf(file: string, code: string, node: Node): Declaration[] {
  const of = (name: string, kind: Declaration["kind"]): Declaration => ({
    name,
    kind,
    file,
    line: node.loc!.start.line,
    endLine: node.loc!.end.line,
    start: node.start,
    end: node.end,
    mentions: mentions(node),
    hash: hash(tokens(code.slice(node.start, node.end))),
  });
  if (node.type === "FunctionDeclaration") {
    const {id, generator} = node as FunctionDeclaration;
    return [of(id.name, generator ? "function*" : "function")];
  }
  const variables = node as Node & {kind?: string; declarations?: {id: {name: string}}[]};
  if (node.type === "VariableDeclaration" && variables.kind === "const") {
    return variables.declarations!.map(({id}) => of(id.name, "const"));
  }
  throw new UserError(
    `${file} has a ${statementName(node, code)} at its top level (line ${node.loc!.start.line}), where only functions can stand: put it into the function that needs it`,
    {where: file, line: node.loc!.start.line},
  );
}

function statementName(node: Node, code: string): string {
  return `"${code.slice(node.start, node.start + 24).split("\n")[0]}..."`;
}

function mentions(node: Node): string[] {
  const names = new Set<string>();
  full(node, (found) => {
    if (found.type === "Identifier") names.add((found as Node & {name: string}).name);
  });
  return [...names].sort();
}

function tokens(code: string): string {
  const found: string[] = [];
  for (const token of tokenizer(code, {ecmaVersion: 2023, sourceType: "module"})) {
    found.push(code.slice(token.start, token.end));
  }
  return found.join(" ");
}

/** FNV-1a, 32 bits twice with different seeds, in base 36: to tell versions of code apart, not to keep secrets. */
export function hash(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x01234567);
}

function half(text: string, seed: number): string {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36).padStart(7, "0");
}
