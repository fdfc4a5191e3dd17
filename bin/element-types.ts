// Of the browser's types, what only some elements have: the kinds of elements, their styles, what a canvas can do. It is more than half of all, and most
// cells have an element only to show it.

import type ts from "typescript";
import type {TypeLibrary} from "../site/types-library.ts";
import {CELL_TYPES, KERNEL} from "../site/types-paths.ts";
import {filesFrom, nameOf, statementsOf} from "./declared.ts";

type TypeScript = typeof ts;

export type Parts = {
  /** What is common to all elements, and the rest of the browser. */
  readonly common: string;
  readonly elements: string;
  /** What a text that is concerned with `elements` has to mention: one of its names, or what leads there: `style`, `querySelector`. */
  readonly words: readonly string[];
};

const KIND = /^(HTML\w+Element|SVG\w+(?<!EventMap)|CSS\w+|Canvas\w+|\w+TagNameMap)$/;

/** `globals` are the names that cells use: what is common begins with them. */
export function elementsApart(
  typescript: TypeScript,
  text: string,
  globals: ReadonlySet<string>,
): Parts {
  const statements = statementsOf(typescript, text);
  const named = statements.map((statement) => ({
    name: nameOf(typescript, statement),
    statement,
  }));
  const common = new Set(globals);
  for (const each of common)
    for (const {name, statement} of named)
      if (name === each)
        for (const other of mentionedBy(typescript, statement))
          if (other.isExtended || !KIND.test(other.name)) common.add(other.name);

  const isCommon = (statement: ts.Statement): boolean =>
    common.has(nameOf(typescript, statement));
  const elements = statements.filter((statement) => !isCommon(statement));
  const kinds = new Set(elements.map((statement) => nameOf(typescript, statement)));
  const leading = statements
    .filter(isCommon)
    .flatMap((statement) => leadingTo(typescript, kinds, statement));
  const textOf = (some: readonly ts.Statement[]): string =>
    some.map((statement) => statement.getText()).join("\n");
  return {
    common: textOf(statements.filter(isCommon)),
    elements: textOf(elements),
    words: [...new Set([...kinds, ...leading])],
  };
}

type Mention = {readonly name: string; readonly isExtended: boolean};

function mentionedBy(typescript: TypeScript, node: ts.Node, isExtended = false): Mention[] {
  if (typescript.isIdentifier(node)) return [{name: node.text, isExtended}];
  const found: Mention[] = [];
  const isHeritage = typescript.isHeritageClause(node);
  node.forEachChild((child) => {
    found.push(...mentionedBy(typescript, child, isExtended || isHeritage));
  });
  return found;
}

/** Names of members, of functions and of variables whose types mention one of these. */
function leadingTo(
  typescript: TypeScript,
  kinds: ReadonlySet<string>,
  statement: ts.Statement,
): string[] {
  const leads = (node: ts.Node): boolean =>
    mentionedBy(typescript, node).some(({name}) => kinds.has(name));
  if (!typescript.isInterfaceDeclaration(statement))
    return leads(statement) ? [nameOf(typescript, statement)] : [];
  return statement.members.filter(leads).map(({name}) => name?.getText() ?? "");
}

const ELEMENT = /\b(\w*Element|DocumentFragment)\b/;

/** Names that cells can use whose types mention an element of a page, or come from a file that does. */
export function giversOfElements(
  typescript: TypeScript,
  found: Readonly<Record<string, string>>,
  names: TypeLibrary["names"],
): string[] {
  const ofOwn = statementsOf(typescript, found[CELL_TYPES]!)
    .filter((statement) => ELEMENT.test(statement.getText()))
    .map((statement) => nameOf(typescript, statement));
  const isPassedOn = (path: string): boolean => path !== KERNEL && path !== CELL_TYPES;
  const ofOthers = Object.entries(names)
    .filter(([path]) => isPassedOn(path))
    .filter(([path]) => filesFrom(path, found).some((file) => ELEMENT.test(found[file]!)))
    .flatMap(([, gives]) => gives);
  return [...ofOwn, ...ofOthers];
}
