// A forgotten `yield*`, marked as it is typed. A call to a function with a star does nothing by itself: it must be the operand of `yield*`. This
// needs no types, only the tree that the editor has anyway; and it sees what the type checker lets pass, a call as a statement and a call
// as a condition. src/livepatch/check.ts holds livepatches to the same rule before they run.

import type {Text} from "@codemirror/state";
import type {SyntaxNode, SyntaxNodeRef, Tree} from "@lezer/common";
import {forgottenStar} from "./types-words.ts";

export type Forgotten = {readonly from: number; readonly to: number; readonly message: string};

export type StarRule = {
  readonly kind: "kernel" | "cell";
  /** Functions with a star that can be called by their name and are declared elsewhere. */
  readonly starred: ReadonlySet<string>;
  /** In a race that a cell writes the kernel is an object: its functions with a star. */
  readonly ofKernel: ReadonlySet<string>;
};

export function forgottenStars(
  tree: Tree,
  doc: Text,
  {kind, starred, ofKernel}: StarRule,
): Forgotten[] {
  const textOf = ({from, to}: SyntaxNodeRef): string => doc.sliceString(from, to);
  const own = declaredIn(tree, textOf);
  const found: Forgotten[] = [];
  tree.iterate({
    enter(ref) {
      if (ref.name !== "CallExpression") return;
      const call = ref.node;
      const callee = call.firstChild;
      if (!callee || isRun(call)) return;
      const name = textOf(callee);
      if (!(own.get(name) ?? (starred.has(name) || isKernels(name, ofKernel)))) return;
      if (kind === "cell" && !(isInStarred(call) && isLeft(call))) return;
      found.push({from: call.from, to: call.to, message: forgottenStar(textOf(call))});
    },
  });
  return found;
}

function isKernels(callee: string, ofKernel: ReadonlySet<string>): boolean {
  return callee.startsWith("kernel.") && ofKernel.has(callee.slice("kernel.".length));
}

/** The names that this text declares, and whether with a star. A variable hides the kernel's function of its name. */
function declaredIn(
  tree: Tree,
  textOf: (node: SyntaxNodeRef) => string,
): ReadonlyMap<string, boolean> {
  const own = new Map<string, boolean>();
  tree.iterate({
    enter(node) {
      if (node.name !== "VariableDefinition") return;
      const parent = node.node.parent;
      own.set(textOf(node), parent?.name === "FunctionDeclaration" && hasStar(parent));
    },
  });
  return own;
}

function isRun({parent}: SyntaxNode): boolean {
  return parent?.name === "YieldExpression" && hasStar(parent);
}

function hasStar(node: SyntaxNode): boolean {
  return node.getChild("Star") !== null;
}

/**
 * A cell may do with its own generators what it likes: loop over one, hand it on. But in a function with a star, one that is called and neither run nor
 * given to anybody was meant to be run.
 */
function isInStarred(call: SyntaxNode): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (node.name === "ArrowFunction") return false;
    if (/^Function|^Method|^Property$/.test(node.name) && node.getChild("Block"))
      return hasStar(node);
  }
  return false;
}

/** Nobody gets it: it stands alone, or where a value is wanted. */
function isLeft({parent}: SyntaxNode): boolean {
  return !/^(ForOfSpec|Spread|SpreadElement|ArgList|ReturnStatement|MemberExpression|ArrayExpression|ArrowFunction)$/.test(
    parent?.name ?? "",
  );
}

/** Which of a text's functions have a star, for the texts beside it: they are in no editor. */
export function starredIn(code: string): string[] {
  return [...code.matchAll(/^\s*(?:export\s+)?function\s*\*\s*([\w$]+)/gm)].map(
    ([, name]) => name!,
  );
}
