// Two runs of one schedule on two kernels, step beside step. As long as both do the same nothing has to be decided; from the first
// difference on, what stands in a row is what both do at this place of the schedule.

import type {Step, Trace} from "../src/explore/trace.ts";
import {stateAt} from "./timeline-state.ts";
import type {Sentence} from "./timeline-words.ts";

/** Indices into the steps of each; -1 where that run has no step here. */
export type Row = {readonly before: number; readonly after: number};

/** The second run makes the steps of the schedule that it can make; then what it has left. */
export function align(before: Trace, after: Trace): Row[] {
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < before.steps.length || j < after.steps.length) {
    const [a, b] = [before.steps[i], after.steps[j]];
    const onlyAfter = !a || (b && !b.shared && a.shared);
    const both = a && b && a.thread === b.thread && a.shared === b.shared;
    if (both) rows.push({before: i++, after: j++});
    else if (onlyAfter) rows.push({before: -1, after: j++});
    else rows.push({before: i++, after: -1});
  }
  return rows;
}

/** The same thread does the same to the same word, and it comes to the same. */
function isSame(a: Step | undefined, b: Step | undefined): boolean {
  return a?.thread === b?.thread && a?.kind === b?.kind && a?.text === b?.text;
}

export function differs(before: Trace, after: Trace, row: Row): boolean {
  return !isSame(before.steps[row.before], after.steps[row.after]);
}

/** The first row in which they differ; -1 if there is none. */
export function firstDifference(before: Trace, after: Trace, rows: readonly Row[]): number {
  return rows.findIndex((row) => differs(before, after, row));
}

/** `v5.13`, or what it is patched with. */
export function kernelName({livepatches}: Trace): string {
  return livepatches.length === 0 ? "v5.13" : livepatches.join(" + ");
}

/** Where they part, and what each of them does there. `row` is counted from 0. */
export function sayDifference(before: Trace, after: Trace, rows: readonly Row[]): Sentence {
  const at = firstDifference(before, after, rows);
  const names = `${kernelName(before)} and ${kernelName(after)}`;
  if (at < 0) return [`On this schedule ${names} make the same steps, all ${rows.length}.`];
  const same = at === 0 ? "" : `, after ${at} that are the same`;
  return [
    "At ",
    {step: at},
    `${same}, ${kernelName(before)} `,
    ...sayStep(before.steps[rows[at].before]),
    `; ${kernelName(after)} `,
    ...sayStep(after.steps[rows[at].after]),
    ".",
  ];
}

function sayStep(step: Step | undefined): Sentence {
  if (!step) return ["has no step to make"];
  const [inside, outer] = step.places.map((place) => place.function);
  return [
    "does ",
    {code: step.text},
    ...(inside ? [" in ", {code: inside}] : []),
    ...(outer ? [" for ", {code: outer}] : []),
  ];
}

/** A word that both know, and that says something else in each. */
export type Unequal = {readonly name: string; readonly before: string; readonly after: string};

/** Memory where both stand in `row`, as far as it is not the same. */
export function unequalWords(
  before: Trace,
  after: Trace,
  rows: readonly Row[],
  row: number,
): Unequal[] {
  const now = textsAt(before, lastOf(rows, row, "before"));
  const then = textsAt(after, lastOf(rows, row, "after"));
  return [...now].flatMap(([name, text]) => {
    const other = then.get(name);
    return other === undefined || other === text ? [] : [{name, before: text, after: other}];
  });
}

/** The step that a run has made last in `row`; -1 is none. */
export function lastOf(rows: readonly Row[], row: number, side: keyof Row): number {
  return rows.slice(0, row + 1).findLast((each) => each[side] >= 0)?.[side] ?? -1;
}

function textsAt(trace: Trace, at: number): Map<string, string> {
  const state = stateAt(trace, at);
  return new Map(trace.words.map(({name}, word) => [name, state[word].text]));
}
