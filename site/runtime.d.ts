// The part of @observablehq/runtime that the book uses; the package brings no types.

declare module "@observablehq/runtime" {
  import type {Module} from "../src/book/dataflow.ts";

  export class RuntimeError extends Error {
    /** The variable that was asked for. */
    readonly input: string;
  }

  export class Runtime {
    constructor(builtins?: Record<string, unknown>, global?: (name: string) => unknown);
    module(): Module & {
      define(
        name: string,
        inputs: readonly string[],
        definition: (...values: never[]) => unknown,
      ): void;
      redefine(
        name: string,
        inputs: readonly string[],
        definition: (...values: never[]) => unknown,
      ): void;
    };
    dispose(): void;
    /** What it does at the next frame. Not part of its promised interface: a new version needs a look at it. */
    _computeNow(): Promise<void>;
  }
}
