// A schedule as a short string that can stand in a link: the race, the parameters that are not its defaults, the hash of the
// code, and the threads in their order as runs: `smaps_vs_split~pages-8~k3f9x2ab~a14b11a5` is fourteen steps of the first
// thread, eleven of the second, five of the first.

import type {Program} from "./program.ts";

export type Schedule = {
  readonly race: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Hash of the code it was recorded on. */
  readonly code: string;
  /** The thread of each step. */
  readonly threads: readonly number[];
};

const SHAPE = /^([A-Za-z][\w+]*)((?:~[a-z_]+-[\w.]+)*)~([0-9a-z]{8})~((?:[a-z]\d*)*)$/;

export function formatSchedule({race, parameters, code, threads}: Schedule): string {
  const set = Object.entries(parameters).map(([name, value]) => `${name}-${value}`);
  return [race, ...set, code, formatRuns(threads)].join("~");
}

/** The schedule of a program's run; `defaults` are the values of its race's parameters that need not be said. */
export function scheduleOf(
  {race, parameters, code}: Pick<Program, "race" | "parameters" | "code">,
  defaults: Program["parameters"],
  threads: readonly number[],
): string {
  const set = Object.entries(parameters).filter(([name, value]) => defaults[name] !== value);
  const said = Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
  return formatSchedule({race, parameters: said, code, threads});
}

/** Null where the text is no schedule. */
export function parseSchedule(text: string): Schedule | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, race, set, code, runs] = match;
  const parameters = Object.fromEntries(
    set
      .split("~")
      .slice(1)
      .map((pair) => [pair.slice(0, pair.indexOf("-")), pair.slice(pair.indexOf("-") + 1)]),
  );
  const threads = parseRuns(runs);
  return threads && {race, parameters, code, threads};
}

function formatRuns(threads: readonly number[]): string {
  let text = "";
  for (let i = 0; i < threads.length;) {
    let end = i;
    while (end < threads.length && threads[end] === threads[i]) end++;
    text += String.fromCharCode(97 + threads[i]) + (end - i === 1 ? "" : end - i);
    i = end;
  }
  return text;
}

/** More steps than any run of ours has: a text that asks for more is not taken seriously. */
const MOST_STEPS = 1_000_000;

function parseRuns(text: string): number[] | null {
  const runs = [...text.matchAll(/([a-z])(\d*)/g)].map(([, letter, count]) => ({
    thread: letter.charCodeAt(0) - 97,
    steps: count === "" ? 1 : Number(count),
  }));
  if (runs.reduce((sum, {steps}) => sum + steps, 0) > MOST_STEPS) return null;
  return runs.flatMap(({thread, steps}) => new Array<number>(steps).fill(thread));
}
