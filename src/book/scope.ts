// Which names a piece of code declares at its top, and which it takes from elsewhere. This is what makes the book
// reactive: a cell runs again when a name that it takes has changed.

import type * as acorn from "acorn";

export type Names = {
  /** Declared at the top: what other cells may use. In the order of the text. */
  readonly declared: readonly string[];
  /** Used but declared nowhere: what the cell takes from other cells, or from the language. */
  readonly free: readonly string[];
  /** The places at which a name from elsewhere is assigned to. */
  readonly assigned: readonly {readonly name: string; readonly start: number}[];
};

type Node = acorn.AnyNode;
type Scope = {
  readonly names: Set<string>;
  readonly outer: Scope | null;
  readonly isFunction: boolean;
};

export function namesOf(program: acorn.Program | acorn.Expression): Names {
  const top: Scope = {names: new Set(), outer: null, isFunction: true};
  const uses: {name: string; scope: Scope; start: number; assigns: boolean}[] = [];
  if (program.type === "Program") declareAll(program.body, top);
  visit(program, top);

  const free = new Set<string>();
  const assigned: {name: string; start: number}[] = [];
  for (const {name, scope, start, assigns} of uses) {
    if (isDeclared(name, scope)) continue;
    free.add(name);
    if (assigns) assigned.push({name, start});
  }
  return {declared: [...top.names], free: [...free], assigned};

  function use(name: string, scope: Scope, start: number, assigns = false): void {
    if (name !== "arguments" || !insideFunction(scope))
      uses.push({name, scope, start, assigns});
  }

  function visit(node: Node, scope: Scope): void {
    switch (node.type) {
      case "Identifier":
        return use(node.name, scope, node.start);

      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return visitFunction(node, scope);

      case "ClassDeclaration":
      case "ClassExpression": {
        const inner = enter(scope);
        if (node.id) inner.names.add(node.id.name);
        if (node.superClass) visit(node.superClass, inner);
        return visit(node.body, inner);
      }

      case "BlockStatement":
      case "StaticBlock": {
        const inner = enter(scope, node.type === "StaticBlock");
        declareAll(node.body, inner);
        return node.body.forEach((statement) => visit(statement, inner));
      }

      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = enter(scope);
        const head = node.type === "ForStatement" ? node.init : node.left;
        if (head?.type === "VariableDeclaration") declareAll([head], inner);
        else if (head && node.type !== "ForStatement")
          visitTarget(head as acorn.Pattern, inner);
        return visitChildren(node, inner, node.type === "ForStatement" ? [] : skipped(head));
      }

      case "SwitchStatement": {
        visit(node.discriminant, scope);
        const inner = enter(scope);
        for (const branch of node.cases) declareAll(branch.consequent, inner);
        return node.cases.forEach((branch) => visit(branch, inner));
      }

      case "CatchClause": {
        const inner = enter(scope);
        if (node.param) (declarePattern(node.param, inner), visitPattern(node.param, inner));
        return visit(node.body, inner);
      }

      case "VariableDeclarator":
        visitPattern(node.id, scope);
        return node.init ? visit(node.init, scope) : undefined;

      case "AssignmentExpression":
        visitTarget(node.left, scope);
        return visit(node.right, scope);

      case "UpdateExpression":
        return visitTarget(node.argument as acorn.Pattern, scope);

      case "MemberExpression":
        visit(node.object, scope);
        return node.computed ? visit(node.property, scope) : undefined;

      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) visit(node.key, scope);
        return node.value ? visit(node.value, scope) : undefined;

      case "LabeledStatement":
        return visit(node.body, scope);

      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;

      default:
        return visitChildren(node, scope);
    }
  }

  function visitFunction(node: acorn.Function, scope: Scope): void {
    const inner = enter(scope, true);
    if (node.type === "FunctionExpression" && node.id) inner.names.add(node.id.name);
    for (const param of node.params) declarePattern(param, inner);
    for (const param of node.params) visitPattern(param, inner);
    if (node.body.type !== "BlockStatement") return visit(node.body, inner);
    declareAll(node.body.body, inner);
    node.body.body.forEach((statement) => visit(statement, inner));
  }

  /** A pattern that declares: only its defaults and computed keys are uses. */
  function visitPattern(pattern: acorn.Pattern, scope: Scope): void {
    switch (pattern.type) {
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") visitPattern(property.argument, scope);
          else {
            if (property.computed) visit(property.key, scope);
            visitPattern(property.value, scope);
          }
        }
        return;
      case "ArrayPattern":
        return pattern.elements.forEach((element) => element && visitPattern(element, scope));
      case "AssignmentPattern":
        visitPattern(pattern.left, scope);
        return visit(pattern.right, scope);
      case "RestElement":
        return visitPattern(pattern.argument, scope);
      case "Identifier":
      case "MemberExpression":
        return;
    }
  }

  /** A pattern that is assigned to: its names are uses. */
  function visitTarget(pattern: acorn.Pattern, scope: Scope): void {
    switch (pattern.type) {
      case "Identifier":
        return use(pattern.name, scope, pattern.start, true);
      case "MemberExpression":
        return visit(pattern, scope);
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") visitTarget(property.argument, scope);
          else {
            if (property.computed) visit(property.key, scope);
            visitTarget(property.value, scope);
          }
        }
        return;
      case "ArrayPattern":
        return pattern.elements.forEach((element) => element && visitTarget(element, scope));
      case "AssignmentPattern":
        visitTarget(pattern.left, scope);
        return visit(pattern.right, scope);
      case "RestElement":
        return visitTarget(pattern.argument, scope);
    }
  }

  function visitChildren(node: Node, scope: Scope, skip: readonly unknown[] = []): void {
    for (const child of childrenOf(node)) if (!skip.includes(child)) visit(child, scope);
  }
}

/** What `let`, `const`, `class` and `function` declare in a list of statements, and every `var` below it. */
function declareAll(statements: readonly Node[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.type === "VariableDeclaration") {
      const target = statement.kind === "var" ? functionScope(scope) : scope;
      for (const {id} of statement.declarations) declarePattern(id, target);
    } else if (
      statement.type === "FunctionDeclaration" ||
      statement.type === "ClassDeclaration"
    ) {
      if (statement.id) scope.names.add(statement.id.name);
    } else hoistVars(statement, scope);
  }
}

function hoistVars(node: Node, scope: Scope): void {
  if (isFunction(node)) return;
  if (node.type === "VariableDeclaration" && node.kind === "var")
    for (const {id} of node.declarations) declarePattern(id, functionScope(scope));
  for (const child of childrenOf(node)) hoistVars(child, scope);
}

function declarePattern(pattern: acorn.Pattern, scope: Scope): void {
  switch (pattern.type) {
    case "Identifier":
      scope.names.add(pattern.name);
      return;
    case "ObjectPattern":
      for (const property of pattern.properties)
        declarePattern(
          property.type === "RestElement" ? property.argument : property.value,
          scope,
        );
      return;
    case "ArrayPattern":
      return pattern.elements.forEach((element) => element && declarePattern(element, scope));
    case "AssignmentPattern":
      return declarePattern(pattern.left, scope);
    case "RestElement":
      return declarePattern(pattern.argument, scope);
    case "MemberExpression":
      return;
  }
}

function enter(outer: Scope, isFunction = false): Scope {
  return {names: new Set(), outer, isFunction};
}

function functionScope(scope: Scope): Scope {
  return scope.isFunction || !scope.outer ? scope : functionScope(scope.outer);
}

function insideFunction(scope: Scope): boolean {
  return functionScope(scope).outer !== null;
}

function isDeclared(name: string, scope: Scope | null): boolean {
  return scope !== null && (scope.names.has(name) || isDeclared(name, scope.outer));
}

function skipped(head: Node | null | undefined): readonly unknown[] {
  return head && head.type !== "VariableDeclaration" ? [head] : [];
}

export function isFunction(
  node: Node,
): node is
  | acorn.FunctionDeclaration
  | acorn.AnonymousFunctionDeclaration
  | acorn.FunctionExpression
  | acorn.ArrowFunctionExpression {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === "object" && child !== null && typeof child.type === "string")
        children.push(child);
  return children;
}
