// Files of declarations, without what nobody needs: TypeScript reads all of a file of which something is taken, and whatever that file takes. What a
// cell can see of the explorer is a third of the explorer's types.

import type ts from "typescript";
import {declarationsAt, nameOf, statementsOf} from "./declared.ts";

type TypeScript = typeof ts;
type Texts = Readonly<Record<string, string>>;

/** A name in a file; `*` stands for all that it gives. */
export type Place = {readonly path: string; readonly name: string};

type Module = {
  readonly statements: readonly ts.Statement[];
  readonly declared: ReadonlyMap<string, readonly ts.Statement[]>;
  /** What is called so here, and where it comes from. */
  readonly taken: ReadonlyMap<string, Place>;
  readonly given: readonly string[];
};

/** What the declarations at these places lead to; by path, as `texts` are. */
export function neededFor(
  typescript: TypeScript,
  places: readonly Place[],
  texts: Texts,
): Record<string, string> {
  const modules = new Map<string, Module>();
  const needed = new Map<string, Set<string>>();
  places.forEach(need);
  return Object.fromEntries(
    [...needed].map(([path, names]) => [path, textOf(typescript, moduleAt(path), names)]),
  );

  function need({path, name}: Place): void {
    if (texts[path] === undefined) return;
    const module = moduleAt(path);
    if (name === "*") return module.given.forEach((each) => need({path, name: each}));
    const names = needed.get(path) ?? new Set();
    needed.set(path, names);
    if (names.has(name)) return;
    names.add(name);
    const elsewhere = module.taken.get(name);
    if (elsewhere) return need(elsewhere);
    for (const statement of module.declared.get(name) ?? [])
      for (const place of mentionedBy(typescript, statement, path)) need(place);
  }

  function moduleAt(path: string): Module {
    const known = modules.get(path);
    if (known) return known;
    const module = moduleOf(typescript, path, texts[path]!);
    modules.set(path, module);
    return module;
  }
}

function moduleOf(typescript: TypeScript, path: string, text: string): Module {
  const statements = statementsOf(typescript, text);
  const declared = new Map<string, ts.Statement[]>();
  const taken = new Map<string, Place>();
  for (const statement of statements) {
    const name = nameOf(typescript, statement);
    if (name) declared.set(name, [...(declared.get(name) ?? []), statement]);
    const from = sourceOf(typescript, statement, path);
    if (from === null) continue;
    const all = namespaceIn(typescript, statement);
    if (all) taken.set(all, {path: from, name: "*"});
    for (const {name: called, propertyName} of listedIn(typescript, statement))
      taken.set(called.text, {path: from, name: (propertyName ?? called).text});
  }
  const passedOn = statements
    .filter(typescript.isExportDeclaration)
    .flatMap((statement) => listedIn(typescript, statement))
    .map(({name}) => name.text);
  return {statements, declared, taken, given: [...declared.keys(), ...passedOn]};
}

type Listed = ts.ImportSpecifier | ts.ExportSpecifier;

/** `{a, b as c}` of something that is taken or passed on. */
function listedIn(typescript: TypeScript, statement: ts.Statement): readonly Listed[] {
  const list = typescript.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : typescript.isExportDeclaration(statement)
      ? statement.exportClause
      : undefined;
  return list && (typescript.isNamedImports(list) || typescript.isNamedExports(list))
    ? [...list.elements]
    : [];
}

/** `import type * as name` */
function namespaceIn(typescript: TypeScript, statement: ts.Statement): string | undefined {
  const taken = typescript.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : undefined;
  return taken && typescript.isNamespaceImport(taken) ? taken.name.text : undefined;
}

/** The file that a statement takes something from. */
function sourceOf(
  typescript: TypeScript,
  statement: ts.Statement,
  path: string,
): string | null {
  const takes =
    typescript.isImportDeclaration(statement) || typescript.isExportDeclaration(statement);
  const named = takes && statement.moduleSpecifier;
  return named && typescript.isStringLiteral(named) ? declarationsAt(named.text, path) : null;
}

/** Every word counts: what is no name of the file leads nowhere. */
function mentionedBy(typescript: TypeScript, node: ts.Node, path: string): Place[] {
  if (typescript.isIdentifier(node)) return [{path, name: node.text}];
  const found: Place[] = [];
  if (typescript.isImportTypeNode(node)) {
    const from = declarationsAt(node.argument.getText().slice(1, -1), path);
    found.push({path: from, name: node.qualifier?.getText() ?? "*"});
  }
  node.forEachChild((child) => void found.push(...mentionedBy(typescript, child, path)));
  return found;
}

/** Of a file, the statements that declare these names or take them from elsewhere. */
function textOf(
  typescript: TypeScript,
  {statements}: Module,
  names: ReadonlySet<string>,
): string {
  return statements
    .map((statement) => {
      const listed = listedIn(typescript, statement);
      const name = namespaceIn(typescript, statement) ?? nameOf(typescript, statement);
      if (listed.length === 0) return names.has(name) ? statement.getFullText() : "";
      const some = listed.filter(({name}) => names.has(name.text));
      const list = `{ ${some.map((one) => one.getText()).join(", ")} }`;
      return some.length > 0 ? statement.getFullText().replace(/\{[^}]*\}/, list) : "";
    })
    .join("");
}
