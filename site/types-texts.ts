// A text of the reader, as a module that TypeScript can check: what stands around it takes from elsewhere what it does not declare, and gives away
// what it does. The text itself stays as it is, character for character, so a place in the module is a place in the text.

import * as ts from "typescript";
import {namesIn, takenBy, type Taken} from "./types-names.ts";
import {CELL_TYPES} from "./types-paths.ts";

/** A cell, or a function of the kernel. */
export type Text = {
  readonly id: string;
  readonly kind: "cell" | "kernel";
  readonly code: string;
  /** What it declares, where that is known: then it is read only if somebody takes one of these names. */
  readonly names?: readonly string[];
};

/** `before` comes first, then the text: everything that is found moves by its length. */
export type Wrapped = {readonly before: string; readonly text: string};

/** What a text declares at its top. */
export type Declared = {
  readonly name: string;
  /**
   * A value of a cell is given to others when it has come; a number that stands there is a number to them, since it may be
   * edited; a function, a class and a type are given as they are.
   */
  readonly kind: "value" | "literal" | "definition" | "type";
};

/** Where a name is taken from. */
export type Source = {readonly path: string; readonly names: readonly string[]};

export function pathOf({id, kind}: Pick<Text, "id" | "kind">): string {
  return `/${kind}/${encodeURIComponent(id)}.ts`;
}

/** What other cells see of a cell. */
export function givenPathOf(cell: Text): string {
  return pathOf(cell).replace(/\.ts$/, ".given.ts");
}

/** What is found out about a text once, however often it is asked for. */
export type Contents = {
  readonly declared: readonly Declared[];
  /** What it declares and does not export itself. */
  readonly hidden: readonly string[];
  /** Every word in it. */
  readonly words: ReadonlySet<string>;
  /** What it takes from elsewhere. */
  readonly taken: Taken;
  readonly isExpression: boolean;
};

export function contentsOf(code: string): Contents {
  const words = new Set(code.match(/[\p{ID_Continue}$]+/gu));
  const expression = expressionIn(code);
  if (expression) {
    const taken = takenBy([expression]);
    return {declared: [], hidden: [], words, taken, isExpression: true};
  }
  const {statements} = ts.createSourceFile("text.ts", code, ts.ScriptTarget.ES2022);
  const declared = statements
    .flatMap(declaredBy)
    .filter(({name}, i, all) => all.findIndex((one) => one.name === name) === i);
  const exported = new Set(
    statements
      .filter(isExported)
      .flatMap(declaredBy)
      .map(({name}) => name),
  );
  const hidden = declared.map(({name}) => name).filter((name) => !exported.has(name));
  return {declared, hidden, words, taken: takenBy(statements), isExpression: false};
}

/**
 * Only what the text mentions is taken, and what `wants` says: TypeScript reads every module that something is taken from, and a chapter has
 * dozens.
 */
export function wrap(
  text: Text,
  contents: Contents,
  sources: readonly Source[],
  wants: (name: string) => boolean = () => false,
): Wrapped {
  const {declared, hidden, taken, isExpression} = contents;
  const known = new Set(declared.map(({name}) => name));
  const imports = sources.map(({path, names}) => {
    const some = names.filter(
      (name) => !known.has(name) && (taken.names.has(name) || wants(name)),
    );
    // The first one who gives a name is the one it is taken from.
    some.forEach((name) => known.add(name));
    return some.length > 0 ? `import {${some.join(", ")}} from "${path}"; ` : "";
  });
  const isWrapped = text.kind === "cell" && isExpression;
  const before = imports.join("") + (isWrapped ? "(\n" : "\n");
  // A function of the kernel says itself that it is exported; whatever else stands beside it is seen by all others as well.
  const names = text.kind === "cell" ? declared.map(({name}) => name) : hidden;
  const after = isWrapped ? "\n);\nexport {};" : `\nexport {${names.join(", ")}};`;
  return {before, text: before + text.code + after};
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({kind}) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** What other cells see: definitions as they are, and of values what they come to. */
export function given(cell: Text, {declared}: Contents): string {
  const path = pathOf(cell);
  const values = declared.filter(({kind}) => kind === "value");
  const literals = declared.filter(({kind}) => kind === "literal");
  const others = declared.filter(({kind}) => kind === "definition" || kind === "type");
  return [
    `import type {Given, Widened} from "${CELL_TYPES}";`,
    `import type * as cell from "${path}";`,
    ...values.map(({name}) => `export declare const ${name}: Given<typeof cell.${name}>;`),
    ...literals.map(({name}) => `export declare const ${name}: Widened<typeof cell.${name}>;`),
    `export {${others.map(({name}) => name).join(", ")}} from "${path}";`,
  ].join("\n");
}

function declaredBy(statement: ts.Statement): Declared[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({name, initializer}) =>
      namesIn(name).map((each): Declared => {
        const isLiteral =
          initializer !== undefined && ts.isIdentifier(name) && isWritten(initializer);
        return {name: each, kind: isLiteral ? "literal" : "value"};
      }),
    );
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name ? [{name: statement.name.text, kind: "definition"}] : [];
  if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement))
    return [{name: statement.name.text, kind: "type"}];
  return [];
}

/** A number, a string, true or false, as it stands there. */
function isWritten(value: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(value)) return isWritten(value.operand);
  const {TrueKeyword, FalseKeyword} = ts.SyntaxKind;
  return (
    ts.isLiteralExpression(value) || value.kind === TrueKeyword || value.kind === FalseKeyword
  );
}

/** The one expression that a text is, or null. `function f() {}` is a declaration, as the reader means it. */
function expressionIn(code: string): ts.Expression | null {
  const file = ts.createSourceFile("text.ts", `(${code}\n)`, ts.ScriptTarget.ES2022);
  const [statement, ...more] = file.statements;
  if (!statement || more.length > 0 || problemsOf(file) > 0) return null;
  if (!ts.isExpressionStatement(statement)) return null;
  if (!ts.isParenthesizedExpression(statement.expression)) return null;
  const {expression} = statement.expression;
  const isDefinition = ts.isFunctionExpression(expression) || ts.isClassExpression(expression);
  return isDefinition && expression.name ? null : expression;
}

/** The parser keeps them, and does not say so in its types. */
function problemsOf(file: ts.SourceFile): number {
  return (file as unknown as {parseDiagnostics: readonly unknown[]}).parseDiagnostics.length;
}
