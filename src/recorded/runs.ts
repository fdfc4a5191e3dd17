// Lists of runs, compared as what they mean: which page has which value.

import type {Run, ValueRun} from "./trace.ts";

export type Runs = readonly (Run | ValueRun)[];

/** What pages in a run without a value have. */
const SET = "set";

export type ByPage = ReadonlyMap<number, number | typeof SET>;

export function byPage(runs: Runs): ByPage {
  return new Map(runs.flatMap(([from, n, value]) => pagesOf(from, n, value ?? SET)));
}

function pagesOf<T>(from: number, n: number, value: T): [number, T][] {
  return Array.from({length: n}, (_, i) => [from + i, value]);
}

/** The other way round: runs as long as they can be, in the order of their pages. */
export function runsOf(pages: Iterable<number>): Run[] {
  return valueRunsOf(Array.from(pages, (page) => [page, 0] as const)).map(([from, n]) => [
    from,
    n,
  ]);
}

export function valueRunsOf(
  values: Iterable<readonly [page: number, value: number]>,
): ValueRun[] {
  const runs: [number, number, number][] = [];
  for (const [page, value] of [...values].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page && last[2] === value) last[1]++;
    else runs.push([page, 1, value]);
  }
  return runs;
}

/** The first page that has not the same value in both; null if there is none. */
export function firstDifference(a: Runs, b: Runs): number | null {
  if (JSON.stringify(a) === JSON.stringify(b)) return null;
  const [left, right] = [byPage(a), byPage(b)];
  const pages = [...new Set([...left.keys(), ...right.keys()])].sort((x, y) => x - y);
  return pages.find((page) => left.get(page) !== right.get(page)) ?? null;
}

/** Runs of a long list that are shown. */
const SHOWN = 6;

/** As text; of a long list the runs around `page`. */
export function shortened(runs: Runs, page: number): string {
  const ends = runs.findIndex(([from, n]) => from + n > page);
  const first = Math.max(0, Math.min(ends < 0 ? runs.length : ends, runs.length - SHOWN));
  const shown = runs.slice(first, first + SHOWN).map((run) => `[${run.join(",")}]`);
  const before = first > 0 ? ["..."] : [];
  const after = first + SHOWN < runs.length ? ["..."] : [];
  return `[${[...before, ...shown, ...after].join(",")}]`;
}
