// Of the kernel, TypeScript reads what a text mentions. A race of one's own may use each of its functions, and is typed with all of them; but it uses
// three or four, and to read the others is a quarter of what its author waits for.

import type ts from "typescript";
import {declarationsAt, nameOf, statementsOf, takenFrom} from "./declared.ts";

type TypeScript = typeof ts;

/** By path. */
export type KernelApart = {
  /** What is read until it is needed: the same names, of no type. */
  readonly unread: Readonly<Record<string, string>>;
  /** What has to be mentioned so that it is needed. */
  readonly words: Readonly<Record<string, readonly string[]>>;
};

/** `files` are the declarations of the kernel's sources by path. What most of them need is not apart. */
export function kernelApart(
  typescript: TypeScript,
  files: Readonly<Record<string, string>>,
): KernelApart {
  const paths = Object.keys(files);
  const leadsTo = new Map(paths.map((path) => [path, reachedFrom(path, files)]));
  const statements = new Map(
    paths.map((path) => [path, statementsOf(typescript, files[path]!)]),
  );
  const unread: Record<string, string> = {};
  const words: Record<string, readonly string[]> = {};
  for (const path of paths) {
    const needing = paths.filter((other) => leadsTo.get(other)!.has(path));
    if (needing.length > paths.length / 2) continue;
    unread[path] = statements
      .get(path)!
      .map((each) => withoutType(typescript, each))
      .join("");
    words[path] = needing.flatMap((other) =>
      statements
        .get(other)!
        .map((each) => nameOf(typescript, each))
        .filter((name) => name !== ""),
    );
  }
  return {unread, words};
}

/** A file, and all that it is declared with. */
function reachedFrom(path: string, files: Readonly<Record<string, string>>): Set<string> {
  const reached = new Set([path]);
  for (const one of reached)
    for (const name of takenFrom(files[one]!)) {
      const other = declarationsAt(name, one);
      if (other in files) reached.add(other);
    }
  return reached;
}

/** What is a function stays one: so it is offered to whoever writes a dot. */
function withoutType(typescript: TypeScript, statement: ts.Statement): string {
  const name = nameOf(typescript, statement);
  if (typescript.isFunctionDeclaration(statement))
    return `export declare function ${name}(): any;\n`;
  if (typescript.isVariableStatement(statement)) return `export declare const ${name}: any;\n`;
  const isType =
    typescript.isTypeAliasDeclaration(statement) ||
    typescript.isInterfaceDeclaration(statement);
  return isType ? `export type ${name} = any;\n` : "";
}
