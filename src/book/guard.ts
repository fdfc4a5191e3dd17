// No loop may freeze the page. Each loop and each function of a cell gets a check that looks at the clock now and then; one that
// has kept the page from doing anything else for half a second is stopped with an error that names its line. A loop
// that awaits something real (a timer, a worker, the network) may run for ever.
//
// What the language does by itself cannot be stopped: a long regular expression, a list of a thousand million. For those the
// page remembers what was running (site/marks.ts).

import type * as acorn from "acorn";
import {childrenOf, isFunction} from "./scope.ts";
import {problem, type Problem} from "./problem.ts";

/** The name under which a cell's body finds the check. */
export const GUARD = "__turn";

/** Looks at the clock once in so many turns. */
const TURNS = 1024;
const PATIENCE_MS = 500;

export type Guard = (line: number, isCall?: boolean) => void;

/** An error of a guard: in which cell the loop stands, whoever has called it. */
export type Stopped = Problem & {readonly cell: string};

/** Text to put into the code, and where. Nothing in it breaks a line, so lines keep their numbers. */
export type Insertion = {readonly at: number; readonly text: string};

export function guardsOf(program: acorn.Program | acorn.Expression): readonly Insertion[] {
  const insertions: Insertion[] = [];
  visit(program);
  // Where two stand at one place, what was opened last is closed first: the sort keeps the order of the visit.
  return insertions.sort((a, b) => a.at - b.at);

  function visit(node: acorn.AnyNode): void {
    const line = node.loc?.start.line ?? 1;
    if (isLoop(node)) return guardStatement(node, `${GUARD}(${line});`);
    // A recursion that branches can hang a page before the stack overflows, and one by way of promises has no stack.
    if (isFunction(node)) return guardFunction(node, node.body, `${GUARD}(${line}, true)`);
    visitChildren(node);
  }

  function visitChildren(node: acorn.AnyNode): void {
    for (const child of childrenOf(node)) visit(child);
  }

  function guardStatement(loop: Loop, check: string): void {
    const {body} = loop;
    if (body.type === "BlockStatement") {
      insertions.push({at: body.start + 1, text: check});
      return visitChildren(loop);
    }
    insertions.push({at: body.start, text: `{${check}`});
    visitChildren(loop);
    insertions.push({at: body.end, text: "}"});
  }

  function guardFunction(
    node: acorn.AnyNode,
    body: acorn.BlockStatement | acorn.Expression,
    check: string,
  ): void {
    if (body.type === "BlockStatement") {
      // A directive must stay first.
      const directive = body.body.findLast((each) => "directive" in each && each.directive);
      insertions.push({at: directive?.end ?? body.start + 1, text: `;${check};`});
      return visitChildren(node);
    }
    insertions.push({at: body.start, text: `(${check},`});
    visitChildren(node);
    insertions.push({at: body.end, text: ")"});
  }
}

/** A check on the clock of this page, for one cell. `breathe` calls back once the page has done something else. */
export function createGuard(
  cell: string,
  breathe: (callback: () => void) => void = afterOthers,
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
      const said = isCall ? endlessRecursion(line) : endlessLoop(line);
      throw Object.assign(problem(said, {line}), {cell}) satisfies Stopped;
    }
  };
}

/**
 * A message waits its turn, and no page in the background holds it back as it does timers. A timer of the cell's own may still come before it: then so
 * does this one, which was set earlier, and what others have done meanwhile is not taken for the cell's.
 */
function afterOthers(callback: () => void): void {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
  setTimeout(callback);
}

function endlessLoop(line: number): string {
  return `this loop ran for half a second without letting the page breathe (line ${line}): does its condition ever become false?`;
}

function endlessRecursion(line: number): string {
  return `this function was called again and again for half a second without letting the page breathe (line ${line}): does it ever stop calling itself?`;
}

type Loop =
  | acorn.WhileStatement
  | acorn.DoWhileStatement
  | acorn.ForStatement
  | acorn.ForInStatement
  | acorn.ForOfStatement;

function isLoop(node: acorn.AnyNode): node is Loop {
  return (
    node.type === "WhileStatement" ||
    node.type === "DoWhileStatement" ||
    node.type === "ForStatement" ||
    node.type === "ForInStatement" ||
    node.type === "ForOfStatement"
  );
}
