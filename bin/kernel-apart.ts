// Of the kernel, TypeScript reads what a text mentions. A race of one's own may use each of its functions, and is typed with all of them; but it uses
// three or four, and to read the others is a quarter of what its author waits for.

import type ts from "typescript";
import type {KernelFile} from "../site/types-library.ts";
import {KERNEL_FILES} from "../site/types-paths.ts";
import {filesFrom, nameOf, statementsOf} from "./declared.ts";

type TypeScript = typeof ts;

/** By path; `files` are all declarations. What only passes on what others declare is not among them. */
export function kernelApart(
  typescript: TypeScript,
  files: Readonly<Record<string, string>>,
): Record<string, KernelFile> {
  const isKernels = (path: string): boolean =>
    path.startsWith(KERNEL_FILES) && path !== `${KERNEL_FILES}index.d.ts`;
  return Object.fromEntries(
    Object.keys(files)
      .filter(isKernels)
      .map((path) => {
        const statements = statementsOf(typescript, files[path]!);
        const names = statements.map((each) => nameOf(typescript, each)).filter(Boolean);
        const needs = filesFrom(path, files).filter(
          (other) => other !== path && isKernels(other),
        );
        const unread = statements.map((each) => withoutType(typescript, each)).join("");
        return [path, {names, needs, unread}];
      }),
  );
}

/** What is a function stays one: so it is offered to whoever writes a dot. A type has no name there. */
function withoutType(typescript: TypeScript, statement: ts.Statement): string {
  const name = nameOf(typescript, statement);
  if (typescript.isFunctionDeclaration(statement))
    return `export declare function ${name}(): any;\n`;
  if (typescript.isVariableStatement(statement)) return `export declare const ${name}: any;\n`;
  return "";
}
