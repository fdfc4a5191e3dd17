// Which names a text takes from elsewhere. TypeScript reads every module that something is taken from, and a word is no name where it stands behind a
// dot, before a colon, or inside a function that declares it.

import * as ts from "typescript";

export type Taken = {
  readonly names: ReadonlySet<string>;
  /** Those with whose values something is done: not only called, and the answer displayed. */
  readonly used: ReadonlySet<string>;
};

/** What stands in these statements, or in an expression, and is declared neither there, at the top, nor by a function or block around the place. */
export function takenBy(nodes: readonly ts.Node[]): Taken {
  const names = new Set<string>();
  const used = new Set<string>();
  const top = new Set(nodes.filter(ts.isStatement).flatMap(declaredBy));
  for (const node of nodes) visit(node, top, calledBy(node));
  return {names, used};

  function visit(node: ts.Node, around: ReadonlySet<string>, called?: ts.Node): void {
    if (ts.isIdentifier(node)) {
      if (around.has(node.text)) return;
      names.add(node.text);
      if (node !== called) used.add(node.text);
      return;
    }
    const own = declaredWithin(node);
    const known = own.length > 0 ? new Set([...around, ...own]) : around;
    ts.forEachChild(node, (child) => {
      if (child !== fieldNamed(node)) visit(child, known, called);
    });
  }
}

/** What is called, or a template's tag, for an answer that is only displayed: `f` in `display(f(...))`, or in `f(...)` alone. */
function calledBy(node: ts.Node): ts.Node | undefined {
  const whole = ts.isExpressionStatement(node) ? node.expression : node;
  const isDisplayed =
    ts.isCallExpression(whole) &&
    ts.isIdentifier(whole.expression) &&
    whole.expression.text === "display";
  const shown = isDisplayed ? whole.arguments[0] : whole;
  if (!shown) return undefined;
  return ts.isCallExpression(shown)
    ? shown.expression
    : ts.isTaggedTemplateExpression(shown)
      ? shown.tag
      : undefined;
}

/** What a name stands for that is one of a field, and nobody's but its owner's. */
function fieldNamed(node: ts.Node): ts.Node | undefined {
  if (ts.isQualifiedName(node)) return node.right;
  if (ts.isBindingElement(node)) return only(node.propertyName);
  const isNamed =
    ts.isPropertyAccessExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isTypeElement(node) ||
    ts.isClassElement(node) ||
    ts.isObjectLiteralElement(node);
  return isNamed && !ts.isShorthandPropertyAssignment(node) ? only(node.name) : undefined;
}

/** `[name]` is an expression, which may take something. */
function only(name: ts.Node | undefined): ts.Node | undefined {
  return name && ts.isIdentifier(name) ? name : undefined;
}

/** Names that hold in the whole of a node, and nowhere else. */
function declaredWithin(node: ts.Node): string[] {
  if (ts.isFunctionLike(node))
    return [
      ...node.parameters.flatMap(({name}) => namesIn(name)),
      ...(node.typeParameters ?? []).map(({name}) => name.text),
    ];
  if (ts.isBlock(node)) return node.statements.flatMap(declaredBy);
  if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    const {initializer} = node;
    return initializer && ts.isVariableDeclarationList(initializer) ? namesOf(initializer) : [];
  }
  if (ts.isCatchClause(node) && node.variableDeclaration)
    return namesIn(node.variableDeclaration.name);
  return [];
}

/** By one statement, to those beside it. */
function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return namesOf(statement.declarationList);
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

function namesOf({declarations}: ts.VariableDeclarationList): string[] {
  return declarations.flatMap(({name}) => namesIn(name));
}

/** `{a, b: [c]}` declares a and c. */
export function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return name.text ? [name.text] : [];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesIn(element.name) : [],
  );
}
