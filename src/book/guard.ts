// No loop may freeze the page. Each loop of a cell gets a check that looks at the clock now and then; a loop that
// has kept the page from doing anything else for half a second is stopped with an error that names its line. A loop
// that awaits something real (a timer, a worker, the network) may run for ever.

import type * as acorn from "acorn";
import {childrenOf, isFunction} from "./scope.ts";
import {problem} from "./problem.ts";

/** The name under which a cell's body finds the check. */
export const GUARD = "__turn";

/** Looks at the clock once in so many turns. */
const TURNS = 1024;
const PATIENCE_MS = 500;

export type Guard = (line: number, isCall?: boolean) => void;

/** Text to put into the code, and where. Nothing in it breaks a line, so lines keep their numbers. */
export type Insertion = {readonly at: number; readonly text: string};

export function guardsOf(program: acorn.Program | acorn.Expression): readonly Insertion[] {
  const insertions: Insertion[] = [];
  visit(program);
  return insertions.sort((a, b) => a.at - b.at);

  function visit(node: acorn.AnyNode): void {
    const line = node.loc?.start.line ?? 1;
    if (isLoop(node)) guardStatement(node.body, `${GUARD}(${line});`);
    // A recursion that branches can hang a page before the stack overflows.
    else if (isFunction(node)) guardFunction(node, `${GUARD}(${line}, true)`);
    for (const child of childrenOf(node)) visit(child);
  }

  function guardStatement(body: acorn.Statement, check: string): void {
    if (body.type === "BlockStatement") insertions.push({at: body.start + 1, text: check});
    else insertions.push({at: body.start, text: `{${check}`}, {at: body.end, text: "}"});
  }

  function guardFunction(node: acorn.Function, check: string): void {
    if (node.body.type === "BlockStatement") {
      // A directive must stay first.
      const directive = node.body.body.findLast(
        (each) => "directive" in each && each.directive,
      );
      insertions.push({at: directive?.end ?? node.body.start + 1, text: `;${check};`});
    }
  }
}

/** A check on the clock of this page. `breathe` calls back once the page has done something else. */
export function createGuard(
  breathe: (callback: () => void) => void = (callback) => setTimeout(callback, 0),
  now: () => number = () => performance.now(),
): Guard {
  let turns = 0;
  let since: number | null = null;

  return (line, isCall = false) => {
    if (++turns < TURNS) return;
    turns = 0;
    if (since === null) {
      since = now();
      breathe(() => (since = null));
    } else if (now() - since > PATIENCE_MS) {
      since = null;
      throw problem(isCall ? endlessRecursion(line) : endlessLoop(line), {line});
    }
  };
}

function endlessLoop(line: number): string {
  return `this loop ran for half a second without letting the page breathe (line ${line}): does its condition ever become false?`;
}

function endlessRecursion(line: number): string {
  return `this function was called again and again for half a second without letting the page breathe (line ${line}): does it ever stop calling itself?`;
}

function isLoop(
  node: acorn.AnyNode,
): node is
  | acorn.WhileStatement
  | acorn.DoWhileStatement
  | acorn.ForStatement
  | acorn.ForInStatement
  | acorn.ForOfStatement {
  return (
    node.type === "WhileStatement" ||
    node.type === "DoWhileStatement" ||
    node.type === "ForStatement" ||
    node.type === "ForInStatement" ||
    node.type === "ForOfStatement"
  );
}
