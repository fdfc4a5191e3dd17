// Declarations as text, by their names.

import {dirname, join, normalize} from "node:path";
import type ts from "typescript";

export function statementsOf(typescript: typeof ts, text: string): readonly ts.Statement[] {
  const {ES2022} = typescript.ScriptTarget;
  return [...typescript.createSourceFile("text.d.ts", text, ES2022, true).statements];
}

/** Of what a statement declares; none where it declares nothing. */
export function nameOf(typescript: typeof ts, statement: ts.Statement): string {
  const declared = typescript.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]
    : (statement as ts.DeclarationStatement);
  return declared?.name?.getText() ?? "";
}

/** The files that a text of declarations takes something from, as it names them. */
export function takenFrom(text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+\.ts)"/g)].map(([, path]) => path!);
}

/** Where the declarations are that `from` calls `name`: `/src/sim/cell.d.ts`. */
export function declarationsAt(name: string, from: string): string {
  return normalize(join(dirname(from), name)).replace(/\.ts$/, ".d.ts");
}

/** A file of declarations, and all that it takes something from, by way of others too. */
export function filesFrom(path: string, found: Readonly<Record<string, string>>): string[] {
  const files = new Set([path]);
  for (const file of files)
    for (const other of takenFrom(found[file]!)) files.add(declarationsAt(other, file));
  return [...files];
}
