// What every cell can use, as types: the names of the book, with the types that their implementations have. Nothing runs this file. The page's own
// list (builtins.ts) is held against it by the type checker, and the type checker of the page gets it as declarations.

import type {Mutable} from "../src/book/mutable.ts";

export {kernel} from "./cell-kernel.ts";
export {barriers, comparison, fidelity} from "./cell-data.ts";
export {button, range, select} from "./controls.ts";
export {html, svg} from "./html.ts";
export {Inputs} from "./inputs.ts";
export {md} from "./md.ts";
export {grouped} from "../src/explore/progress_text.ts";
export {memoryAt, stepOf, stepsOf} from "../src/explore/moments.ts";
export {memory} from "./still.ts";
export {predict} from "./predict.ts";
export {resize} from "./surroundings.ts";
export {Mutable} from "../src/book/mutable.ts";
export {verdictElement as verdict} from "./verdict-element.ts";
export {timeline} from "./timeline.ts";
export {compareTimelines} from "./timeline-compare.ts";
export {smaps, tables, walkthrough} from "./sequence.ts";
export {races} from "../src/races/index.ts";
export {crashes} from "./crashes.ts";
export {costs} from "./costs.ts";
export {atomics} from "./atomics.ts";
export {comparisonTable} from "./comparison-table.ts";

/** A student's own variant of an assignment: whole numbers by name. */
export declare function variant(
  assignment: string,
  student: string,
): Readonly<Record<string, number>>;

/** Checks what is written on the page of an assignment, and saves it. */
export declare function check(assignment: string, answers?: object): HTMLElement;

/** Whether the page is dark: by its reader's choice, or by the system's. */
export declare const dark: boolean;

/** The time in milliseconds, once a frame. */
export declare const now: number;

/** The width of the cell's own column, in pixels. */
export declare const width: number;

/** Comes when this run of the cell is over: to be waited for by whoever has begun something. */
export declare const invalidation: Promise<void>;

/** Comes when the cell is in sight. */
export declare function visibility<Value = undefined>(value?: Value): Promise<Value>;

/** Shows a value below the cell, and gives it back. */
export declare function display<Value>(value: Value): Value;

/** Shows a control. Its value is what the *other* cells see, and they run again whenever it changes. */
export declare function view<Value>(control: Control<Value>): ValuesOf<Value>;

/** Anything with a value that tells of its changes by an `input` event. */
export type Control<Value> = {
  readonly value: Value;
  addEventListener?(type: "input", listener: () => void): void;
  removeEventListener?(type: "input", listener: () => void): void;
};

/** The values of a control, one after the other. */
export type ValuesOf<Value> = {
  next(): Promise<{done: false; value: Value}>;
  return(): {done: true; value: undefined};
};

/** What other cells see of a value: of a promise what it comes to, of many values the latest. */
export type Given<Value> = 0 extends 1 & Value
  ? Value
  : Value extends PromiseLike<unknown>
    ? Given<Awaited<Value>>
    : Value extends Mutable<infer Latest>
      ? Latest
      : Value extends ValuesOf<infer Latest>
        ? Latest
        : Value extends Generator<infer Latest> | AsyncGenerator<infer Latest>
          ? Awaited<Latest>
          : Value;

/** What other cells see of a number or a word that stands in a cell: it may be another one soon. */
export type Widened<Value> = Value extends number
  ? number
  : Value extends string
    ? string
    : Value extends boolean
      ? boolean
      : Value;

/** What a cell gets anew for each of its runs, and not from the page's list. */
export type PerRun = "kernel" | "display" | "view" | "width" | "invalidation" | "visibility";
