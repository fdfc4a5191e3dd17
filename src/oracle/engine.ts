// QuickJS: an engine of its own in WebAssembly, for code that nobody vouches for. It has no file, no network, no page and no clock; its
// memory has an end, and its steps are counted, so that a loop which never ends is stopped after as many of them on every machine.

import type {QuickJSContext, QuickJSHandle, QuickJSWASMModule} from "quickjs-emscripten-core";
import {UserError} from "../livepatch/index.ts";
import type {Begin, Boot, Booted, Next} from "./guest.ts";

const MOST_MEMORY = 64 * 2 ** 20;
/** Less than the engine around it has: a stack that overflowed there would leave QuickJS in pieces. */
const MOST_STACK = 128 * 2 ** 10;
/** QuickJS looks up so often in one call before it is stopped; between two looks it goes round ten thousand loops. */
const MOST_LOOKS = 1_000;
/** Turns of one loop between two operations, as link.ts has it. */
const MOST_TURNS = 1_000_000;

/** What somebody's code is asked, and what comes back, as it came: to be looked at before it is believed. */
export type Sandbox = {
  /** `body` is that of a linked kernel. */
  boot(body: string, request: Boot): Booted;
  begin(request: Begin): unknown;
  next(request: Next): unknown;
  dispose(): void;
};

/** `guest` is the script that bin/oracle-guest.ts builds. */
export function createSandbox(quickjs: QuickJSWASMModule, guest: string): Sandbox {
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(MOST_MEMORY);
  runtime.setMaxStackSize(MOST_STACK);
  let looks = 0;
  /** What ended it: nothing that is said afterwards is worth hearing. */
  let dead: UserError | null = null;
  runtime.setInterruptHandler(() => ++looks > MOST_LOOKS);
  const vm = runtime.newContext();
  const made = evaluate(vm, `${guest};oracle.createGuest(${MOST_TURNS})`, "oracle");
  const [boot, begin, next] = ["boot", "begin", "next"].map((name) => vm.getProp(made, name));
  const kernels = new Map<string, QuickJSHandle>();

  return {
    boot(body, request) {
      let scope = kernels.get(body);
      if (!scope)
        kernels.set(body, (scope = evaluate(vm, asFunction(body), "tailpage-kernel")));
      return call(boot, request, scope) as Booted;
    },
    begin: (request) => call(begin, request),
    next: (request) => call(next, request),
    dispose() {
      for (const handle of [made, boot, begin, next, ...kernels.values()]) handle.dispose();
      vm.dispose();
      runtime.dispose();
    },
  };

  function call(asked: QuickJSHandle, request: unknown, ...before: QuickJSHandle[]): unknown {
    if (dead) throw dead;
    looks = 0;
    const text = vm.newString(JSON.stringify(request));
    const answer = vm.callFunction(asked, vm.undefined, ...before, text);
    text.dispose();
    try {
      return heard(vm, unwrap(vm, answer));
    } catch (error) {
      dead = error as UserError;
      throw error;
    }
  }
}

/** With as many lines before the code as the Function constructor puts there: lines are named alike (link.ts). */
function asFunction(body: string): string {
  return `(function (machine, turn\n) {\n${body}\n})`;
}

function evaluate(vm: QuickJSContext, code: string, name: string): QuickJSHandle {
  return unwrap(vm, vm.evalCode(code, name));
}

function unwrap(
  vm: QuickJSContext,
  result: ReturnType<QuickJSContext["evalCode"]>,
): QuickJSHandle {
  if (!result.error) return result.value;
  const error: unknown = vm.dump(result.error);
  result.error.dispose();
  throw new UserError(sayError(error));
}

const OUT_OF_MEMORY = "out of memory";

function sayError(error: unknown): string {
  const message = (error as {message?: unknown} | null)?.message ?? error;
  if (message === "interrupted")
    return "this code went on and on without letting another CPU run: does a loop in it ever end?";
  if (message === OUT_OF_MEMORY)
    return `this code wanted more than ${MOST_MEMORY / 2 ** 20} MB of memory: does something in it grow for ever?`;
  return String(message).slice(0, 1000);
}

/** The text of an answer as the value that it stands for. */
function heard(vm: QuickJSContext, value: QuickJSHandle): unknown {
  const text = vm.typeof(value) === "string" ? vm.getString(value) : "null";
  value.dispose();
  const said: unknown = JSON.parse(text);
  // A thread that has filled the memory could go on and fill it again, each time that it is asked.
  const {end, value: thrown} = (said ?? {}) as {end?: unknown; value?: unknown};
  if (end === "threw" && thrown === OUT_OF_MEMORY) throw new UserError(sayError(thrown));
  return said;
}
