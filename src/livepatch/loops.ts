// A loop in a livepatch that never lets another CPU run would hold up whoever explores it for ever. Each turn of each loop
// is counted; the count starts again whenever the thread performs an operation.

import {parse, type Node} from "acorn";
import {full} from "acorn-walk";

type Loop = Node & {body: Node};

/** Puts `turn(line)` at the beginning of every loop's body. Every line stays where it was. */
export function countTurns(code: string): string {
  const insertions: {at: number; text: string}[] = [];
  const program = parse(code, {ecmaVersion: 2023, sourceType: "module", locations: true});
  full(program, (node) => {
    if (!/^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type)) return;
    const {body, loc} = node as Loop;
    const call = `turn(${loc!.start.line});`;
    if (body.type === "BlockStatement") {
      insertions.push({at: body.start + 1, text: call});
    } else {
      insertions.push({at: body.start, text: `{${call}`}, {at: body.end, text: "}"});
    }
  });
  insertions.sort((a, b) => b.at - a.at);
  return insertions.reduce(
    (text, {at, text: more}) => text.slice(0, at) + more + text.slice(at),
    code,
  );
}
