// Lines of cells on a stack, said as the explorer knows the lines of threads' code.

import {placeIn} from "../src/book/frames.ts";
import {SCRIPT, type OwnLines} from "../src/races/index.ts";

/** Who waits for the exploration to end has not called the thread. */
const AWAITS = /\bat async |async\*/;

/** Rewrites a stack; its cells become files of `lines`. */
export function withCellLines(stack: string, lines: OwnLines): string {
  const calls = stack.split("\n").filter((line) => !AWAITS.test(line));
  return calls.join("\n").replace(/cells\/([^\s():]+)\.ts:\d+:\d+/g, (found, id: string) => {
    const {line} = placeIn({id}, Object.assign(new Error(), {stack: found}));
    return line === undefined ? found : `${SCRIPT}:${lines.offsetOf(id) + line}:1`;
  });
}
