// Marks where a function of the kernel is entered and left. Linking puts it around every function with a star, so that
// whoever runs a thread knows the stack of functions it is in: for a backtrace, and because what a function does next
// depends only on its arguments and on what was observed since it was entered.

import type {Op} from "./operation.ts";

export function marked<A extends unknown[], T>(
  name: string,
  body: (...args: A) => Op<T>,
): (...args: A) => Op<T> {
  const entered = function* (...args: A): Op<T> {
    yield {kind: "call", act: "call", name, args};
    const value = yield* body(...args);
    yield {kind: "return", act: "return", name, value};
    return value;
  };
  return Object.defineProperty(entered, "name", {value: name});
}
