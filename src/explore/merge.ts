// Joining what the parts of a search say, as if it had been one search: the same verdict, findings and outcomes. Counts and
// times are sums, and where parts overlap they are larger than those of one search.

import type {Counts, Finding, Path, Report, Shard} from "./report.ts";
import {parseSchedule} from "./schedule.ts";

/** Why these are not the parts of one search, each of them once; null if they are. `names` are what to call them. */
export function whyNotMerged(
  reports: readonly Report[],
  names: readonly string[],
): string | null {
  const whole = reports.findIndex(({shard}) => !shard);
  if (whole >= 0)
    return `${names[whole]} is no part of a search (written without --shard, or already merged?)`;
  const other = reports.findIndex((report) => saySearch(report) !== saySearch(reports[0]));
  if (other >= 0)
    return `${names[other]} is a part of another search than ${names[0]}: ${difference(reports[0], reports[other])}`;
  return whyNotAll(
    reports.map(({shard}) => shard!),
    names,
  );
}

/** What must be the same for all parts, in words and in the order in which it is looked at. */
function aspects({race, parameters, livepatches, strategy, shard}: Report) {
  return {
    "the race": race,
    "the parameters": Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
    "the livepatches": livepatches,
    "the strategy": strategy,
    "the number of parts": shard!.of,
    "the code": shard!.code,
  };
}

const saySearch = (report: Report): string => JSON.stringify(aspects(report));

function difference(a: Report, b: Report): string {
  const others = new Map(Object.entries(aspects(b)));
  for (const [what, one] of Object.entries(aspects(a))) {
    const other = others.get(what);
    if (JSON.stringify(one) !== JSON.stringify(other))
      return `${what}: ${String(other) || "none"} instead of ${String(one) || "none"}`;
  }
  return "";
}

function whyNotAll(shards: readonly Shard[], names: readonly string[]): string | null {
  const {of} = shards[0];
  for (const [i, {index}] of shards.entries()) {
    const first = shards.findIndex((shard) => shard.index === index);
    if (first < i) return `part ${index} of ${of} is there twice: ${names[first]}, ${names[i]}`;
  }
  const there = new Set(shards.map(({index}) => index));
  const missing: number[] = [];
  for (let i = 1; i <= of && missing.length < MOST_NAMED; i++)
    if (!there.has(i)) missing.push(i);
  if (missing.length > 0) {
    const rest = of - there.size - missing.length;
    const said = missing.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
    return `of ${of} parts ${missing.length + rest === 1 ? "one is" : `${missing.length + rest} are`} missing: ${said}`;
  }
  // A part that was stopped before it knew of any plan has explored nothing.
  const planned = shards.filter(({plan}) => plan !== null);
  const odd = planned.find(({plan}) => plan !== planned[0].plan);
  if (!odd) return null;
  return `part ${odd.index} was divided otherwise than part ${planned[0].index} (another version, seed or --check?)`;
}

const MOST_NAMED = 10;

/** What all parts together say. They are the parts of one search. */
export function merge(reports: readonly Report[]): Report {
  const [{race, parameters, livepatches, strategy, memoryModel}] = reports;
  const complete = reports.every((report) => report.complete);
  const findings = joined(
    reports.flatMap((report) => report.findings),
    complete,
  );
  return {
    race,
    parameters,
    livepatches,
    strategy,
    memoryModel,
    verdict: findings.length > 0 ? "violated" : complete ? "holds" : "unknown",
    complete,
    counts: sumOf(reports.map(({counts}) => counts)),
    findings,
    outcomes: [...new Set(reports.flatMap(({outcomes}) => outcomes))].sort(),
    dataRaces: oneOfEach(reports.flatMap(({dataRaces}) => dataRaces)),
    elapsedMs: reports.reduce((sum, {elapsedMs}) => sum + elapsedMs, 0),
  };
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = new Map<string, number>();
  for (const [name, count] of all.flatMap((counts) => Object.entries(counts)))
    sum.set(name, (sum.get(name) ?? 0) + count);
  return Object.fromEntries(sum);
}

function oneOfEach<T extends {readonly id: string}>(all: readonly T[]): T[] {
  const first = new Map([...all].reverse().map((one) => [one.id, one]));
  return [...first.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Each finding once, with the best of its schedules. */
function joined(all: readonly Finding[], complete: boolean): Finding[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of all) {
    const same = byId.get(finding.id);
    if (same) same.push(finding);
    else byId.set(finding.id, [finding]);
  }
  const best = [...byId.values()].map((same) => bestOf(same, complete));
  return best.sort((a, b) => a.steps - b.steps || (a.id < b.id ? -1 : 1));
}

function bestOf(same: readonly Finding[], complete: boolean): Finding {
  const short = same.reduce((a, b) => (b.steps < a.steps ? b : a));
  const few = same.reduce((a, b) =>
    isFewer(b.fewestPreemptions, a.fewestPreemptions) ? b : a,
  );
  return {
    ...short,
    shortest: complete && same.every(({shortest}) => shortest),
    fewestPreemptions: few.fewestPreemptions,
    decides: few.decides,
  };
}

/** By preemptions, then switches, then steps. */
function isFewer(a: Path, b: Path): boolean {
  const costs = (path: Path) => [path.preemptions, switchesOf(path), path.steps];
  const [x, y] = [costs(a), costs(b)];
  const at = x.findIndex((cost, i) => cost !== y[i]);
  return at >= 0 && x[at] < y[at];
}

function switchesOf({schedule}: Path): number {
  const threads = parseSchedule(schedule)?.threads ?? [];
  return threads.filter((thread, i) => i > 0 && thread !== threads[i - 1]).length;
}
