// QuickJS: an engine of its own in WebAssembly, for code that nobody vouches for. It has no file, no network, no page and no clock; its
// memory has an end, and its steps are counted, so that a loop which never ends is stopped after as many of them on every machine.

import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type CustomizeVariantOptions,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import type {UserError} from "../livepatch/index.ts";
import {ours, Refused, troubleOf} from "./refused.ts";

const MOST_MEMORY = 64 * 2 ** 20;
/** Less than the engine around it has: a stack that overflowed there would leave QuickJS in pieces. */
const MOST_STACK = 128 * 2 ** 10;
/** Of one answer, in characters. */
const LONGEST_ANSWER = 1_000_000;

/** WebAssembly counts memory in these. */
const PAGE = 2 ** 16;
/** What QuickJS is built to begin with, in bytes. */
const FIRST_MEMORY = 16 * 2 ** 20;

/** The limit that QuickJS keeps counts what was asked for; this one is what the engine around it gives at all. */
export async function loadQuickJS(
  variant: QuickJSSyncVariant,
  options: CustomizeVariantOptions = {},
): Promise<QuickJSWASMModule> {
  const wasmMemory = new WebAssembly.Memory({
    initial: FIRST_MEMORY / PAGE,
    maximum: MOST_MEMORY / PAGE,
  });
  return newQuickJSWASMModuleFromVariant(newVariant(variant, {...options, wasmMemory}));
}

/** A function from text to text, in there or out here. */
export type OnText = (text: string) => string;

export type Engine = {
  /** Runs a script. Its value is called with `outside`, and has to answer with a function from text to text. */
  load(script: string, name: string, outside: OnText): OnText;
  dispose(): void;
};

/** `mostLooks` is how often QuickJS looks up in one call before it is stopped. */
export function createEngine(quickjs: QuickJSWASMModule, mostLooks: number): Engine {
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(MOST_MEMORY);
  runtime.setMaxStackSize(MOST_STACK);
  let looks = 0;
  let depth = 0;
  /** What ended it: nothing that is said afterwards is worth hearing. */
  let dead: UserError | null = null;
  runtime.setInterruptHandler(() => dead !== null || ++looks > mostLooks);
  const vm = runtime.newContext();
  const kept: QuickJSHandle[] = [];

  return {
    load(script, name, outside) {
      const made = guarded(() => unwrap(vm, vm.evalCode(script, name)));
      const told = vm.newFunction("outside", (text) => vm.newString(outwards(text, outside)));
      const inside = guarded(() => unwrap(vm, vm.callFunction(made, vm.undefined, told)));
      kept.push(made, told, inside);
      return (text) => guarded(() => ask(inside, text));
    },
    dispose() {
      for (const handle of kept) handle.dispose();
      vm.dispose();
      runtime.dispose();
    },
  };

  /** In there is someone who waits for an answer from out here. What goes wrong out here is the end, whether or not they catch it. */
  function outwards(text: QuickJSHandle, outside: OnText): string {
    try {
      return outside(read(vm, text));
    } catch (error) {
      if (ours(error)) dead ??= error as UserError;
      throw error;
    }
  }

  function ask(inside: QuickJSHandle, text: string): string {
    const given = vm.newString(text);
    const answer = unwrap(vm, vm.callFunction(inside, vm.undefined, given));
    given.dispose();
    const said = read(vm, answer);
    answer.dispose();
    return said;
  }

  /** One call may lead to another, from out here: together they are one. */
  function guarded<T>(part: () => T): T {
    if (dead) throw dead;
    if (depth === 0) looks = 0;
    depth++;
    try {
      const value = part();
      if (dead) throw dead as UserError;
      return value;
    } catch (error) {
      throw (dead ??= error as UserError);
    } finally {
      depth--;
    }
  }
}

function read(vm: QuickJSContext, value: QuickJSHandle): string {
  const text = vm.typeof(value) === "string" ? vm.getString(value) : "null";
  if (text.length > LONGEST_ANSWER) throw new Refused("more than anybody could want to say");
  return text;
}

function unwrap(
  vm: QuickJSContext,
  result: ReturnType<QuickJSContext["evalCode"]>,
): QuickJSHandle {
  if (!result.error) return result.value;
  const error: unknown = vm.dump(result.error);
  result.error.dispose();
  throw troubleOf((error as {message?: unknown} | null)?.message ?? error);
}
