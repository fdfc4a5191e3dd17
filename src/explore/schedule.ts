// A schedule as a short string that can stand in a link: the race, the parameters that are not its defaults, the hash of the
// code, and the threads in their order as runs: `smaps_vs_split~pages-8~k3f9x2ab~a14b11a5` is fourteen steps of the first
// thread, eleven of the second, five of the first.
//
// On a machine with store buffers the memory model stands behind the parameters, `litmus_SB~memory-tso~k3f9x2ab~a2b2AB`, and a capital
// letter is a step of the buffer of that thread's CPU: the first store that could leave it reaches memory; the second of them is
// `_A`, the third `__A`.
//
// Of a thread that never ends the schedule says after how many steps it was taken for one: `~endless-800`.

import {MEMORY_MODELS, type MemoryModel} from "../sim/memory_model.ts";
import {drainOf, isThread, nthStoreOf, threadOf} from "./movers.ts";
import type {Program} from "./program.ts";

export type Schedule = {
  readonly race: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Hash of the code it was recorded on. */
  readonly code: string;
  /** Not there where it is sequential consistency. */
  readonly memoryModel?: MemoryModel;
  /** What it is of is a thread that never ends: one that makes more steps than this. */
  readonly endless?: number;
  /** The thread of each step, or the buffer that makes it (movers.ts). */
  readonly threads: readonly number[];
};

const SHAPE =
  /^([A-Za-z][\w+]*)((?:~[a-z_]+-[\w.]+)*)~([0-9a-z]{8})~((?:(?:[a-z]|_*[A-Z])\d*)*)$/;

const MEMORY = "memory";
const ENDLESS = "endless";

/** No race may have a parameter of such a name. */
export const RESERVED: readonly string[] = [MEMORY, ENDLESS];

export function formatSchedule({
  race,
  parameters,
  code,
  memoryModel = "sc",
  endless,
  threads,
}: Schedule): string {
  const set = Object.entries(parameters).map(([name, value]) => `${name}-${value}`);
  const model = memoryModel === "sc" ? [] : [`${MEMORY}-${memoryModel}`];
  const bound = endless === undefined ? [] : [`${ENDLESS}-${endless}`];
  return [race, ...set, ...model, ...bound, code, formatRuns(threads)].join("~");
}

/** The schedule of a program's run; `defaults` are the values of its race's parameters that need not be said. */
export function scheduleOf(
  {
    race,
    parameters,
    code,
    memoryModel = "sc",
    endless,
  }: Pick<Program, "race" | "parameters" | "code" | "memoryModel" | "endless">,
  defaults: Program["parameters"],
  threads: readonly number[],
): string {
  const set = Object.entries(parameters).filter(([name, value]) => defaults[name] !== value);
  const said = Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
  const bound = endless === undefined ? {} : {endless};
  return formatSchedule({race, parameters: said, code, memoryModel, ...bound, threads});
}

/** Null where the text is no schedule. */
export function parseSchedule(text: string): Schedule | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, race, set, code, runs] = match;
  const {
    [MEMORY]: model = "sc",
    [ENDLESS]: bound,
    ...parameters
  } = Object.fromEntries(
    set
      .split("~")
      .slice(1)
      .map((pair) => [pair.slice(0, pair.indexOf("-")), pair.slice(pair.indexOf("-") + 1)]),
  ) as Record<string, string | undefined>;
  const memoryModel = MEMORY_MODELS.find((one) => one === model);
  const endless = bound === undefined ? undefined : parseBound(bound);
  const threads = parseRuns(runs);
  if (!threads || !memoryModel || endless === null) return null;
  if (memoryModel === "sc" && !threads.every(isThread)) return null;
  return {
    race,
    parameters: parameters as Schedule["parameters"],
    code,
    ...(memoryModel === "sc" ? {} : {memoryModel}),
    ...(endless === undefined ? {} : {endless}),
    threads,
  };
}

/** Null where it is no number of steps. */
function parseBound(text: string): number | null {
  const steps = /^[1-9]\d*$/.test(text) ? Number(text) : NaN;
  return steps <= MOST_STEPS ? steps : null;
}

function formatRuns(threads: readonly number[]): string {
  let text = "";
  for (let i = 0; i < threads.length;) {
    let end = i;
    while (end < threads.length && threads[end] === threads[i]) end++;
    text += letterOf(threads[i]) + (end - i === 1 ? "" : end - i);
    i = end;
  }
  return text;
}

function letterOf(mover: number): string {
  if (isThread(mover)) return String.fromCharCode(97 + mover);
  return "_".repeat(nthStoreOf(mover)) + String.fromCharCode(65 + threadOf(mover));
}

function moverOf(letter: string): number {
  const last = letter.charCodeAt(letter.length - 1);
  return last >= 97 ? last - 97 : drainOf(last - 65, letter.length - 1);
}

/** More steps than any run of ours has: a text that asks for more is not taken seriously. */
const MOST_STEPS = 1_000_000;

function parseRuns(text: string): number[] | null {
  const runs = [...text.matchAll(/([a-z]|_*[A-Z])(\d*)/g)].map(([, letter, count]) => ({
    thread: moverOf(letter),
    steps: count === "" ? 1 : Number(count),
  }));
  if (runs.reduce((sum, {steps}) => sum + steps, 0) > MOST_STEPS) return null;
  return runs.flatMap(({thread, steps}) => new Array<number>(steps).fill(thread));
}
