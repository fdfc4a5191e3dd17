// Somebody's functions in an engine of their own: requests go in as text, and text comes out.

import type {QuickJSWASMModule} from "quickjs-emscripten-core";
import type {UserError} from "../livepatch/index.ts";
import type {Calls} from "./calls.ts";
import {createEngine} from "./engine.ts";
import type {Opening, Outwards, Request} from "./guest.ts";
import {Refused} from "./refused.ts";
import {integer} from "./values.ts";

export type Limits = {
  /** Turns of one loop between two operations. */
  readonly turns: number;
  /** QuickJS looks up so often in one call before it is stopped; between two looks it goes round ten thousand loops. */
  readonly looks: number;
};

/** Turns as link.ts has them. */
const USUAL: Limits = {turns: 1_000_000, looks: 1_000};

export type Sandbox = {
  ask(request: Request): unknown;
  /** How often it was made anew: what an earlier engine was told has to be told again. */
  readonly generation: number;
  /** Everything that was kept in there is gone. Calls that are under way cannot go on. */
  renew(): void;
  /** What first went wrong in there, beside what any code may get wrong. */
  trouble: UserError | null;
  /** A scope of its own, with the code anew; answers its number. */
  open(opening: Opening, machine: object): number;
  /** A number for a call: what it wants answered at once is answered by `calls`. */
  newCall(calls: Calls): number;
  forget(call: number): void;
  dispose(): void;
};

/** `guest` is the script that bin/oracle-guest.ts builds. */
export function createSandbox(
  quickjs: QuickJSWASMModule,
  guest: string,
  {turns, looks} = USUAL,
): Sandbox {
  const script = `${guest};oracle.createGuest(${turns})`;
  const owners = new Map<number, Calls>();
  const openings = new Map<Opening, number>();
  let scopes = 0;
  let calls = 0;
  let engine = createEngine(quickjs, looks);
  let inside = load();

  const sandbox = {
    generation: 0,
    trouble: null as UserError | null,
    ask: (request: Request) => parsed(inside(JSON.stringify(request))),
    renew() {
      engine.dispose();
      owners.clear();
      openings.clear();
      engine = createEngine(quickjs, looks);
      inside = load();
      sandbox.generation++;
    },
    open(opening: Opening, machine: object) {
      const number = openings.get(opening) ?? prepare(opening);
      sandbox.ask({kind: "open", scope: scopes, opening: number, machine});
      return scopes++;
    },
    newCall(owner: Calls) {
      owners.set(calls, owner);
      return calls++;
    },
    forget: (call: number) => void owners.delete(call),
    dispose: () => engine.dispose(),
  };
  return sandbox;

  function prepare(opening: Opening): number {
    const number = openings.size;
    openings.set(opening, number);
    sandbox.ask({kind: "prepare", opening: number, ...opening});
    return number;
  }

  function load() {
    return engine.load(script, "oracle", (text) => {
      const request = parsed(text) as Partial<Outwards> | null;
      const owner = owners.get(integer(request?.call));
      if (!owner) throw new Refused("nothing");
      return JSON.stringify(owner.answerNow(request as Outwards));
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("no text where one belongs");
  }
}
