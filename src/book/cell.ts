// A cell: a piece of TypeScript in the text, and what the book has to know to run it. Which names does it take from
// other cells, which does it give to them, and does it show its value? Runs at build time, and in the page when a
// reader has edited a cell.

import * as acorn from "acorn";
import {transform} from "sucrase";
import {GUARD, guardsOf} from "./guard.ts";
import {problem, type Place} from "./problem.ts";
import {childrenOf, namesOf} from "./scope.ts";

export type Cell = {
  readonly id: string;
  /** As it was typed. */
  readonly source: string;
  /** Names that it takes from other cells or from the book, in the order of the parameters of its body. */
  readonly inputs: readonly string[];
  /** Names that it gives to other cells. */
  readonly outputs: readonly string[];
  /** JavaScript for `new AsyncFunction(GUARD, ...inputs, body)`, line for line as in the source. */
  readonly body: string;
  /** One expression without a semicolon: its value is shown without being asked to. */
  readonly expression: boolean;
};

/** Compiles a cell. Throws a problem, with its line, if the cell cannot run. */
export function compileCell(id: string, source: string): Cell {
  const code = stripTypes(source);
  const parsed = parse(code, source);
  const names = namesOf(parsed.tree);
  refuse(code, source, parsed.tree, names);

  const inputs = names.free.filter((name) => !LANGUAGE.has(name));
  const shows = inputs.includes("display") || inputs.includes("view");
  return {
    id,
    source,
    inputs,
    outputs: parsed.isExpression ? [] : names.declared,
    body: bodyOf(guarded(code, parsed.tree), names.declared, parsed.isExpression),
    expression: parsed.isExpression && !shows,
  };
}

/** Takes the types out of TypeScript. Lines keep their numbers. */
export function stripTypes(source: string): string {
  try {
    return transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code;
  } catch (error) {
    const {message, loc} = error as {message: string; loc?: Place};
    throw syntaxProblem(message, loc ?? {});
  }
}

/** Checks that a text which may have `export` and `import` in it, such as a kernel listing, parses. */
export function checkSyntax(source: string): void {
  const code = stripTypes(source);
  try {
    acorn.parse(code, {...OPTIONS, sourceType: "module"});
  } catch (error) {
    throw placed(error, code, source);
  }
}

const OPTIONS: acorn.Options = {
  ecmaVersion: 2022,
  sourceType: "module",
  allowAwaitOutsideFunction: true,
  locations: true,
};

type Parsed =
  | {readonly tree: acorn.Expression; readonly isExpression: true}
  | {readonly tree: acorn.Program; readonly isExpression: false};

function parse(code: string, source: string): Parsed {
  const expression = parseExpression(code);
  if (expression) return {tree: expression, isExpression: true};
  try {
    return {tree: acorn.parse(code, OPTIONS), isExpression: false};
  } catch (error) {
    throw placed(error, code, source);
  }
}

/** The cell as one expression, or null if it is none. `function f() {}` is a declaration, as the reader means it. */
function parseExpression(code: string): acorn.Expression | null {
  try {
    const tree = acorn.parseExpressionAt(code, 0, {...OPTIONS, preserveParens: true});
    if ((tree.type === "FunctionExpression" || tree.type === "ClassExpression") && tree.id)
      return null;
    const rest = acorn.tokenizer(code.slice(tree.end), OPTIONS).getToken();
    return rest.type === acorn.tokTypes.eof ? tree : null;
  } catch {
    return null;
  }
}

function refuse(
  code: string,
  source: string,
  tree: acorn.Program | acorn.Expression,
  names: ReturnType<typeof namesOf>,
): void {
  const at = (start: number): Place => inSource(acorn.getLineInfo(code, start), code, source);
  for (const statement of tree.type === "Program" ? tree.body : []) {
    if (statement.type === "ImportDeclaration")
      throw problem(
        "a cell cannot import: the names it needs are there already",
        at(statement.start),
      );
    if (statement.type.startsWith("Export"))
      throw problem(
        "a cell cannot export: whatever it declares at its top can be used by every other cell",
        at(statement.start),
      );
  }
  for (const {name, start} of names.assigned)
    throw problem(
      `${name} cannot be assigned here: it belongs to another cell (declare it in this one, give it another name, or make it a Mutable there)`,
      at(start),
    );
  const madeOfText = codeOfText(tree, names.free);
  if (madeOfText !== null)
    throw problem(
      "code made of text cannot run in a cell: if it never ended, nobody could stop it (write it as a function)",
      at(madeOfText),
    );
  for (const name of names.declared)
    if (LANGUAGE.has(name))
      throw problem(
        `${name} is the language's own name: call it something else`,
        at(code.indexOf(name)),
      );
}

/** Where `eval` or `Function` makes code of text, which no check could be put into; null where nothing does. */
function codeOfText(
  node: acorn.AnyNode,
  free: readonly string[],
  makers = ["eval", "Function"].filter((name) => free.includes(name)),
): number | null {
  if (makers.length === 0) return null;
  const isCall = node.type === "CallExpression" || node.type === "NewExpression";
  if (isCall && node.callee.type === "Identifier" && makers.includes(node.callee.name))
    return node.start;
  for (const child of childrenOf(node)) {
    const found = codeOfText(child, free, makers);
    if (found !== null) return found;
  }
  return null;
}

function guarded(code: string, tree: acorn.Program | acorn.Expression): string {
  let text = "";
  let last = 0;
  for (const {at, text: inserted} of guardsOf(tree)) {
    text += code.slice(last, at) + inserted;
    last = at;
  }
  return text + code.slice(last);
}

function bodyOf(code: string, outputs: readonly string[], isExpression: boolean): string {
  const run = isExpression ? `return (${code}\n);` : `${code}\nreturn {${outputs.join(", ")}};`;
  return `"use strict"; ${run}`;
}

function placed(error: unknown, code: string, source: string): Error {
  const {message, loc} = error as {message: string; loc?: acorn.Position};
  return syntaxProblem(message, loc ? inSource(loc, code, source) : {});
}

/** A place in the stripped code as a place in the text: the same line, the column corrected where types stood. */
function inSource(position: acorn.Position, code: string, source: string): Place {
  const stripped = code.split("\n")[position.line - 1] ?? "";
  const typed = source.split("\n")[position.line - 1] ?? "";
  const rest = stripped.slice(position.column);
  const moved = typed.endsWith(rest) ? typed.length - rest.length : position.column;
  return {line: position.line, column: Math.min(moved, typed.length) + 1};
}

function syntaxProblem(message: string, place: Place): Error {
  const fact = message.replace(/\s*\(\d+:\d+\)$/, "").replace(/^Error transforming .*?: /, "");
  const where = place.line === undefined ? "" : ` (line ${place.line})`;
  return problem(
    `${fact.charAt(0).toLowerCase()}${fact.slice(1)}${where}${hintFor(fact)}`,
    place,
  );
}

function hintFor(fact: string): string {
  if (/unterminated (template|string)/i.test(fact)) return ": a quote is opened and not closed";
  if (/await/i.test(fact))
    return ": await works only in an async function, or at the top of the cell";
  if (/yield/i.test(fact)) return ": yield* works only in a function*";
  if (/already been declared/.test(fact)) return ": give one of them another name";
  if (/unterminated regular expression/i.test(fact)) return ": a / is opened and not closed";
  if (/reserved word/i.test(fact))
    return ": the language needs this word itself, so call it something else";
  if (/unexpected token/i.test(fact))
    return ": is a bracket, a comma or an operand missing just before?";
  return "";
}

/** Names of the language itself. They are not passed from cell to cell. */
const LANGUAGE = new Set(
  (
    "undefined NaN Infinity globalThis Object Function Boolean Symbol Error AggregateError EvalError RangeError " +
    "ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array " +
    "Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
    "BigInt64Array BigUint64Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer " +
    "SharedArrayBuffer Atomics DataView JSON Promise Reflect Proxy Intl console parseInt parseFloat isNaN " +
    "isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent structuredClone queueMicrotask eval " +
    GUARD
  ).split(" "),
);
