// What every cell can use. What is large is loaded when a cell first asks for it, and not before the page has been painted.

import {BROWSER} from "./browser-names.ts";
import type {PerRun} from "./cell-types.ts";
import {memoryAt, stepOf, stepsOf} from "../src/explore/moments.ts";
import {grouped} from "../src/explore/progress_text.ts";
import {Mutable} from "../src/book/mutable.ts";
import {loadBarriers} from "./barriers.ts";
import {loadComparison} from "./comparison.ts";
import {loadFidelity} from "./fidelity.ts";
import {button, range, select} from "./controls.ts";
import {html, svg} from "./html.ts";
import {predict} from "./predict.ts";
import {later} from "./painted.ts";
import {dark, now, resize} from "./surroundings.ts";
import {variant} from "./variant.ts";
import {verdictElement} from "./verdict-element.ts";

export const BUILTINS: Builtins = {
  button: () => button,
  range: () => range,
  select: () => select,
  Inputs: async () => (await later(() => import("./inputs.ts"))).Inputs,
  html: () => html,
  svg: () => svg,
  md: async () => (await later(() => import("./md.ts"))).md,
  Mutable: () => Mutable,
  now,
  dark,
  resize: () => resize,
  grouped: () => grouped,
  verdict: () => verdictElement,
  predict: () => predict,
  memory: async () => (await later(() => import("./still.ts"))).memory,
  memoryAt: () => memoryAt,
  stepOf: () => stepOf,
  stepsOf: () => stepsOf,
  timeline: async () => (await later(() => import("./timeline.ts"))).timeline,
  compareTimelines: async () =>
    (await later(() => import("./timeline-compare.ts"))).compareTimelines,
  smaps: async () => (await later(() => import("./sequence.ts"))).smaps,
  tables: async () => (await later(() => import("./sequence.ts"))).tables,
  walkthrough: async () => (await later(() => import("./sequence.ts"))).walkthrough,
  races: async () => (await later(() => import("./model.ts"))).races,
  crashes: async () => (await later(() => import("./crashes.ts"))).crashes,
  comparison: loadComparison,
  barriers: loadBarriers,
  fidelity: loadFidelity,
  costs: async () => (await later(() => import("./costs.ts"))).costs,
  atomics: async () => (await later(() => import("./atomics.ts"))).atomics,
  variant: () => variant,
  check: async () => (await later(() => import("./assignments.ts"))).check,
  comparisonTable: async () =>
    (await later(() => import("./comparison-table.ts"))).comparisonTable,
};

/** Each of the names that cell-types.ts declares, and how to get it: now, soon, or anew again and again. */
type Builtins = {
  readonly [Name in Exclude<keyof CellTypes, PerRun>]: () =>
    CellTypes[Name] | Promise<CellTypes[Name]> | AsyncGenerator<CellTypes[Name], void>;
};
type CellTypes = typeof import("./cell-types.ts");

/** Names that no cell declares: the browser's own, or nothing. */
export function globalNamed(name: string): unknown {
  if (!BROWSER.has(name)) throw new Error(`${name} is not defined`);
  if (TIMERS.has(name)) return timer(name);
  const value: unknown = Reflect.get(globalThis, name);
  return typeof value === "function" && !/^[A-Z]/.test(name) ? value.bind(globalThis) : value;
}

type Timer = (callback: unknown, ...rest: unknown[]) => unknown;

/** A timer takes text as well, and makes code of it into which no check was put. */
function timer(name: string): Timer {
  const set = Reflect.get(globalThis, name) as Timer;
  return (callback, ...rest) => {
    if (typeof callback === "function") return set(callback, ...rest);
    throw new Error(`${name} was given no function: write ${name}(() => ..., milliseconds)`);
  };
}

const TIMERS = new Set(["setTimeout", "setInterval"]);

/** What a reader may have meant by a name that nobody has. */
export function knownNames(): readonly string[] {
  return [
    ...Object.keys(BUILTINS),
    "kernel",
    "display",
    "view",
    "width",
    "invalidation",
    "visibility",
    ...BROWSER,
  ];
}
