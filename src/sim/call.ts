// Marks where a function of the kernel is entered and left. Linking puts it around every function with a star, so that
// whoever runs a thread knows the stack of functions it is in: for a backtrace, and because what a function does next
// depends only on its arguments and on what was observed since it was entered.
//
// Every step of a thread goes through all functions that it is in. So this is no generator around another one: it hands on
// what that one says.

import type {Op, Operation} from "./operation.ts";

export function marked<A extends unknown[], T>(
  name: string,
  body: (...args: A) => Op<T>,
): (...args: A) => Op<T> {
  const entered = (...args: A): Op<T> => {
    let running: Op<T> | null = null;
    let end: IteratorReturnResult<T> | null = null;

    const next = (observed: number): IteratorResult<Operation, T> => {
      if (running !== null) {
        const turn = running.next(observed);
        return turn.done ? left(turn) : turn;
      }
      if (end !== null) return end;
      running = body(...args);
      return {done: false, value: {kind: "call", act: "call", name, args}};
    };
    const left = (turn: IteratorReturnResult<T>): IteratorResult<Operation, T> => {
      running = null;
      end = turn;
      return {done: false, value: {kind: "return", act: "return", name, value: turn.value}};
    };
    const op = {next, [Symbol.iterator]: () => op} as Op<T>;
    return op;
  };
  return Object.defineProperty(entered, "name", {value: name});
}
