// Reading a source file: types, comments, imports and exports go, every line stays where it was, and what is declared at the top level
// gets its names. Needs parsers; what only links what was read does not (link.ts).

import {
  parse,
  tokenizer,
  type Comment,
  type FunctionDeclaration,
  type Node,
  type Program,
} from "acorn";
import {full} from "acorn-walk";
import {transform} from "sucrase";
import {hash} from "./hash.ts";
import {blank} from "./link.ts";
import type {Declaration, SourceFile} from "./source_file.ts";
import {UserError} from "./user_error.ts";

/** Throws a UserError with the line where `typescript` does not parse. */
export function readSource(file: string, typescript: string): SourceFile {
  const javascript = strip(file, typescript);
  const comments: Comment[] = [];
  const program = parseModule(file, javascript, comments);
  const declarations: Declaration[] = [];
  let code = javascript;
  for (const {start, end} of comments) code = blank(code, start, end);
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

/** Puts what it finds of comments into `onComment`. */
function parseModule(file: string, javascript: string, onComment: Comment[]): Program {
  try {
    return parse(javascript, {
      ecmaVersion: 2023,
      sourceType: "module",
      locations: true,
      onComment,
    });
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
