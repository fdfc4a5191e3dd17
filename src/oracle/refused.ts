// What may be wrong with code that runs shut away.

import {UserError} from "../livepatch/index.ts";

/** What came out is not what threads say: whoever wrote the code tried something. */
export class Refused extends UserError {
  constructor(what: string) {
    super(`the code that runs shut away said what no thread says: ${what}`);
  }
}

/** It had to be stopped. */
export class Trouble extends UserError {
  readonly kind: "hang" | "memory";

  constructor(kind: Trouble["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** It threw, or called a function of the kernel with something that this cannot take. */
export class Thrown extends UserError {}

const OUT_OF_MEMORY = "out of memory";
const MOST_SAID = 1_000;

/** What QuickJS itself says of code that it ends. */
export function troubleOf(message: unknown): UserError {
  if (message === "interrupted")
    return new Trouble(
      "hang",
      "this code went on and on without letting another CPU run: does a loop in it ever end?",
    );
  if (message === OUT_OF_MEMORY)
    return new Trouble(
      "memory",
      "this code wanted more memory than the 64 MB that it has: does something in it grow for ever?",
    );
  return new Thrown(String(message).slice(0, MOST_SAID));
}

/** What their own code has thrown, or let through. One that has filled the memory could go on and fill it again, each time that it is asked. */
export function thrown(message: unknown): UserError {
  const text = String(message);
  if (/ took \d+ turns without letting/.test(text))
    return new Trouble("hang", text.slice(0, MOST_SAID));
  return troubleOf(text === "interrupted" ? "Error: interrupted" : text);
}

export function wrongCall(name: string, error: unknown): Thrown {
  const said = error instanceof Error ? error.message : String(error);
  return new Thrown(`${name}() was called with something that it cannot take: ${said}`);
}

export function ours(error: unknown): boolean {
  return error instanceof UserError;
}
