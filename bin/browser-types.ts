// What cells can use of the browser, as types: the part of TypeScript's own description of it that the names in
// site/browser-names.ts lead to. All of it would be ten times as much to load and to read; what is left out is not wrong, it is `any`.

import type ts from "typescript";

type TypeScript = typeof ts;

/** Beside the names themselves and what they extend: what one gets from them and does something with. */
const KEPT =
  /^(HTML|SVG(?!FE))\w*Element$|^(HTML|SVG)ElementTagNameMap$|^(HTMLElement|Element|SVGElement|GlobalEventHandlers|Document|Window|EventSource)EventMap$|^Canvas|^(Mouse|Pointer|Keyboard|Input|Focus|Wheel|Animation|Transition|UI)Event$|^(EventListener|EventListenerObject|\w*EventListenerOptions|\w*EventInit|AddEventListenerOptions)$|^(NodeList|NodeListOf|HTMLCollection\w*|DOMTokenList|DOMStringMap|NamedNodeMap|Attr|Text|Comment|DocumentFragment|ShadowRoot|CharacterData|Range|Selection|TreeWalker)$|^(DOMRect\w*|CSSStyleDeclaration|CSSStyleProperties|Storage|Location|Navigator|Performance|Crypto|Response\w*|Request\w*|Headers\w*|Body|BodyInit|MediaQueryList|Blob\w*|IntersectionObserver\w*|ResizeObserver\w*|Mutation\w*|TextMetrics|ImageData|SVGAnimated\w*|FrameRequestCallback|TimerHandler|VoidFunction|Animation|KeyframeAnimationOptions|ScrollIntoViewOptions|FocusOptions)$/;

/** `text` is lib.dom.d.ts; `names` are the globals that are to be left. */
export function browserTypes(
  typescript: TypeScript,
  text: string,
  names: ReadonlySet<string>,
): string {
  const file = typescript.createSourceFile(
    "lib.dom.d.ts",
    text,
    typescript.ScriptTarget.ES2022,
    true,
  );
  const types = typesOf(typescript, file);
  const known = withParents(typescript, types, names);
  const globals = file.statements.filter((statement) => isNamed(typescript, statement, names));
  const kept = reached(typescript, globals, types, known);
  const statements = file.statements.filter((statement) =>
    isType(typescript, statement) ? kept.has(statement.name.text) : globals.includes(statement),
  );

  const {factory} = typescript;
  const loosen: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (typescript.isTypeElement(node) && isRepeated(typescript, node)) return undefined;
      const isUnknown =
        typescript.isTypeReferenceNode(node) &&
        typescript.isIdentifier(node.typeName) &&
        types.has(node.typeName.text) &&
        !kept.has(node.typeName.text);
      if (
        isUnknown ||
        (typescript.isTypeQueryNode(node) && !names.has(node.exprName.getText(file)))
      )
        return factory.createKeywordTypeNode(typescript.SyntaxKind.AnyKeyword);
      return typescript.visitEachChild(node, visit, context);
    };
    return typescript.visitEachChild(source, visit, context);
  };
  const {transformed} = typescript.transform(factory.updateSourceFile(file, statements, true), [
    loosen,
  ]);
  const printer = typescript.createPrinter({removeComments: true});
  return printer
    .printList(typescript.ListFormat.MultiLine, transformed[0]!.statements, file)
    .replace(/^\s+/gm, "");
}

type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

function isType(typescript: TypeScript, statement: ts.Statement): statement is TypeDeclaration {
  return (
    typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement)
  );
}

/** One of the globals: a value, a function, or the type of its instances. */
function isNamed(
  typescript: TypeScript,
  statement: ts.Statement,
  names: ReadonlySet<string>,
): boolean {
  if (typescript.isVariableStatement(statement)) {
    const {name} = statement.declarationList.declarations[0]!;
    return typescript.isIdentifier(name) && names.has(name.text);
  }
  if (typescript.isFunctionDeclaration(statement)) return names.has(statement.name!.text);
  return isType(typescript, statement) && names.has(statement.name.text);
}

function typesOf(typescript: TypeScript, file: ts.SourceFile): Map<string, TypeDeclaration[]> {
  const found = new Map<string, TypeDeclaration[]>();
  for (const statement of file.statements) {
    if (!isType(typescript, statement)) continue;
    const {text} = statement.name;
    found.set(text, [...(found.get(text) ?? []), statement]);
  }
  return found;
}

/** Of the known types those to which the globals lead. */
function reached(
  typescript: TypeScript,
  globals: readonly ts.Statement[],
  types: ReadonlyMap<string, readonly TypeDeclaration[]>,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (typescript.isTypeElement(node) && isRepeated(typescript, node)) return;
    if (typescript.isIdentifier(node)) reach(node.text);
    typescript.forEachChild(node, visit);
  };
  const reach = (name: string): void => {
    if (!known.has(name) || found.has(name)) return;
    found.add(name);
    types.get(name)!.forEach(visit);
  };
  globals.forEach(visit);
  return found;
}

/**
 * Each element says once more how it is listened to, with nothing new but whose `this` it is: a third of all that would be to read. Those
 * with events of their own stay.
 */
function isRepeated(typescript: TypeScript, member: ts.TypeElement): boolean {
  if (!typescript.isMethodSignature(member) || !typescript.isIdentifier(member.name))
    return false;
  if (!/^(add|remove)EventListener$/.test(member.name.text)) return false;
  const {name, members} = member.parent as ts.InterfaceDeclaration;
  const itsEvents = new RegExp(`\\b${name.text}EventMap\\b`);
  const all = members.filter((other) => other.name?.getText() === member.name.getText());
  return (
    all.some((other) => /EventMap\b/.test(other.getText())) &&
    !all.some((other) => itsEvents.test(other.getText()))
  );
}

/** What may be kept, with everything that it extends. Aliases that are only words may be as well. */
function withParents(
  typescript: TypeScript,
  types: ReadonlyMap<string, readonly TypeDeclaration[]>,
  names: ReadonlySet<string>,
): ReadonlySet<string> {
  const kept = new Set<string>();
  const keep = (name: string): void => {
    if (kept.has(name) || !types.has(name)) return;
    kept.add(name);
    for (const declaration of types.get(name)!) {
      if (!typescript.isInterfaceDeclaration(declaration)) continue;
      for (const {types: parents} of declaration.heritageClauses ?? [])
        for (const {expression} of parents)
          if (typescript.isIdentifier(expression)) keep(expression.text);
    }
  };
  for (const [name, [declaration]] of types)
    if (names.has(name) || KEPT.test(name) || isWords(typescript, declaration!)) keep(name);
  return kept;
}

/** `"open" | "closed"`, or a number by another name. */
function isWords(typescript: TypeScript, declaration: TypeDeclaration): boolean {
  if (!typescript.isTypeAliasDeclaration(declaration)) return false;
  const {type} = declaration;
  const parts = typescript.isUnionTypeNode(type) ? type.types : [type];
  return parts.every(
    (part) =>
      typescript.isLiteralTypeNode(part) || part.kind < typescript.SyntaxKind.FirstTypeNode,
  );
}
