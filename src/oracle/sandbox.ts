// Somebody's functions in an engine of their own: requests go in as text, and text comes out.

import type {QuickJSWASMModule} from "quickjs-emscripten-core";
import type {UserError} from "../livepatch/index.ts";
import type {Calls} from "./calls.ts";
import {createEngine} from "./engine.ts";
import type {Outwards, Request} from "./guest.ts";
import {Refused} from "./refused.ts";
import {integer} from "./values.ts";

/** Turns of one loop between two operations, as link.ts has it. */
const MOST_TURNS = 1_000_000;

export type Sandbox = {
  ask(request: Request): unknown;
  newScope(): number;
  /** A number for a call: what it wants answered at once is answered by `calls`. */
  newCall(calls: Calls): number;
  forget(call: number): void;
  dispose(): void;
};

/** `guest` is the script that bin/oracle-guest.ts builds. */
export function createSandbox(quickjs: QuickJSWASMModule, guest: string): Sandbox {
  const engine = createEngine(quickjs);
  const owners = new Map<number, Calls>();
  let scopes = 0;
  let calls = 0;
  const script = `${guest};oracle.createGuest(${MOST_TURNS})`;
  const inside = engine.load(script, "oracle", (text) => {
    const request = parsed(text) as Partial<Outwards> | null;
    const owner = owners.get(integer(request?.call));
    if (!owner) throw new Refused("nothing");
    return JSON.stringify(owner.answerNow(request as Outwards));
  });
  return {
    ask: (request) => parsed(inside(JSON.stringify(request))),
    newScope: () => scopes++,
    newCall(owner) {
      owners.set(calls, owner);
      return calls++;
    },
    forget: (call) => void owners.delete(call),
    dispose: () => engine.dispose(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("no text where one belongs") satisfies UserError;
  }
}
