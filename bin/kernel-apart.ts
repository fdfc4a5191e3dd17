// Of the kernel, TypeScript reads what a text mentions. A race of one's own may use each of its functions, and is typed with all of them; but it uses
// three or four, and to read the others is a quarter of what its author waits for.

import type ts from "typescript";
import {KERNEL_FILES} from "../site/types-paths.ts";
import {filesFrom, nameOf, statementsOf} from "./declared.ts";

type TypeScript = typeof ts;

/** By path. */
export type KernelApart = {
  /** What is read until it is needed: the same names, of no type. */
  readonly unread: Readonly<Record<string, string>>;
  /** What has to be mentioned so that it is needed. */
  readonly words: Readonly<Record<string, readonly string[]>>;
};

/** `files` are all declarations by path. What most of the kernel's need is not apart, and what only passes on what they give neither. */
export function kernelApart(
  typescript: TypeScript,
  files: Readonly<Record<string, string>>,
): KernelApart {
  const paths = Object.keys(files).filter(
    (path) => path.startsWith(KERNEL_FILES) && path !== `${KERNEL_FILES}index.d.ts`,
  );
  const leadsTo = new Map(paths.map((path) => [path, new Set(filesFrom(path, files))]));
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
