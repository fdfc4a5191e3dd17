// What readers of real kernels saw of a live split (evidence/observe), and the smallest machine of the model on which each of these
// patterns is printed, with a schedule.
//
// A pattern of pagemap is its runs of equal entries, one of smaps the sizes that it printed, `R` for the whole huge page. What a
// kernel printed of a range that is not mapped at all is no part of the race and is left out; so is, of 6.18, what is due to the small
// zero pages that its sampler has mapped.

import {execute, explore, parseSchedule} from "../explore/index.ts";
import type {LinkedKernel} from "../livepatch/index.ts";
import {
  assemble,
  defaultsOf,
  raceNamed,
  setParameters,
  type Parameters,
} from "../races/index.ts";
import {numbersIn} from "./numbers.ts";

/** Which kernel was observed, by the beginning of the file's name, and the fix that makes the model's of v5.13. */
export const OBSERVED = [
  {kernel: "5.14.2-vuln", fix: null},
  {kernel: "5.14.2-fixed", fix: "count_migration_entries_once"},
  {kernel: "6.18", fix: "maybe_shared"},
] as const;

/** The recordings, by file name. */
export const recordings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>("../../evidence/observe/*.txt", {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  ).map(([path, text]) => [path.slice(path.lastIndexOf("/") + 1), text]),
);

/** A pattern that was seen, how often, and where the model has it. */
export type Seen = {
  readonly kernel: string;
  readonly reader: "pagemap" | "smaps";
  readonly pattern: string;
  readonly times: number;
  /** Sub-pages of the smallest huge page that shows it, and the schedule; null if none of SIZES does. */
  readonly witness: {readonly pages: number; readonly schedule: string} | null;
};

/** Sub-pages with which a pattern is looked for. */
export const SIZES = [2, 4, 8];

/** Of one kernel, run as `linked`: each pattern that it was seen to print. */
export function observed(kernel: string, linked: LinkedKernel): Seen[] {
  return (["pagemap", "smaps"] as const).flatMap((reader) => {
    const seen = histogramOf(reader, recordings[`${kernel}-${reader}.txt`]);
    const printed = new Map<number, ReadonlyMap<string, string>>();
    const onMachine = (pages: number): ReadonlyMap<string, string> => {
      const known = printed.get(pages) ?? patternsOf(reader, linked, pages);
      printed.set(pages, known);
      return known;
    };
    return [...seen].map(([pattern, times]) => {
      const pages = SIZES.find((size) => onMachine(size).has(pattern));
      const witness =
        pages === undefined ? null : {pages, schedule: onMachine(pages).get(pattern)!};
      return {kernel, reader, pattern, times, witness};
    });
  });
}

/** Every pattern that the model prints with so many sub-pages, with a schedule. */
export function patternsOf(
  reader: Seen["reader"],
  linked: LinkedKernel,
  pages: number,
  set: Parameters = {},
): ReadonlyMap<string, string> {
  const race = raceNamed(`${reader}_vs_split`)!;
  const parameters = setParameters(race, {pages, ...set});
  const fresh = () => assemble(race, linked, parameters);
  const {complete, outcomes, witnesses} = explore(fresh, defaultsOf(race), {measures: []});
  if (!complete)
    throw new Error(`${race.name} with ${pages} pages was not explored to the end`);
  return new Map(
    outcomes.flatMap((outcome, i) =>
      outcome.startsWith("BUG") ? [] : [[modelPattern(reader, outcome), witnesses![i]]],
    ),
  );
}

/** What a run prints, as a pattern: for whoever doubts a witness. */
export function patternAlong(
  reader: Seen["reader"],
  linked: LinkedKernel,
  schedule: string,
): string {
  const {parameters, threads} = parseSchedule(schedule)!;
  const race = raceNamed(`${reader}_vs_split`)!;
  const program = assemble(race, linked, setParameters(race, parameters));
  return modelPattern(reader, execute(program, threads, {}).outcome ?? "");
}

function modelPattern(reader: Seen["reader"], outcome: string): string {
  return reader === "pagemap" ? outcome : sizesPattern(numbersIn(outcome));
}

const LINE = /^HIST (\d+) \[\d+\.\.\d+\] (.*)$/gm;

/** How often each pattern was seen. */
export function histogramOf(reader: Seen["reader"], text: string): Map<string, number> {
  const seen = new Map<string, number>();
  for (const [, times, said] of text.matchAll(LINE)) {
    const pattern = reader === "pagemap" ? runsPattern(said) : recordedSizes(said);
    if (pattern !== null) seen.set(pattern, (seen.get(pattern) ?? 0) + Number(times));
  }
  return seen;
}

/** Types of migration entries differ from kernel to kernel: here all are S29, the model's, which is for pages that may be written to. */
function runsPattern(runs: string): string | null {
  if (runs === "-" || /P(?!!)/.test(runs)) return null;
  return runs.replace(/S\d+/g, "S29");
}

/** `Rss=2048 Pss=R Private_Dirty=R Anonymous=R AnonHugePages=0`: of which the sums matter here. */
function recordedSizes(line: string): string | null {
  const fields = new Map(
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const whole = fields.get("Rss") === "2048";
  if (!whole || [...fields.values()].includes("R-4")) return null;
  const isWhole = (...names: string[]) => names.some((name) => fields.get(name) === "R");
  return sayPattern({
    Pss: isWhole("Pss"),
    Private: isWhole("Private_Clean", "Private_Dirty"),
    Shared: isWhole("Shared_Clean", "Shared_Dirty"),
    AnonHugePages: isWhole("AnonHugePages"),
  });
}

function sizesPattern(kB: ReadonlyMap<string, number>): string {
  const whole = kB.get("Rss");
  const is = (name: string) => kB.get(name) === whole;
  const parts = ["Pss", "Private", "Shared", "AnonHugePages"];
  if (parts.some((name) => kB.get(name) !== 0 && !is(name))) return "a part of it";
  return sayPattern(Object.fromEntries(parts.map((name) => [name, is(name)])));
}

function sayPattern(isWhole: Readonly<Record<string, boolean>>): string {
  const parts = Object.entries(isWhole).map(([name, whole]) => `${name} ${whole ? "R" : "0"}`);
  return ["Rss R", ...parts].join(", ");
}
