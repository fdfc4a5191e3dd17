// Grading again: what has changed for each submission and property, and what counts now. Nobody's score falls unless a teacher says so, and what a
// teacher has set by hand stays.

import {UserError} from "../livepatch/index.ts";
import {sayPoints} from "./points.ts";
import type {PropertyResult, Results, Status} from "./results.ts";
import {WORDS} from "./status.ts";
import {readTable, writeTable} from "./table.ts";

/** What a property was, and what it is; null where there was or is no such property. */
export type Change = {
  readonly id: string;
  readonly title: string;
  readonly before: Judged | null;
  readonly after: Judged | null;
};

export type Judged = {
  readonly earned: number;
  readonly points: number;
  readonly status: Status;
};

export type Regraded = {
  readonly file: string;
  readonly student: string;
  readonly before: number;
  readonly after: number;
  /** Another than before where the assignment was changed. */
  readonly maxBefore: number;
  readonly maxScore: number;
  /** Set by hand; null where it is not. */
  readonly override: number | null;
  /** The score that counts. */
  readonly counts: number;
  /** Something else lies under that name than before. */
  readonly another: boolean;
  /** Only those that differ, in the order of the assignment. */
  readonly changes: readonly Change[];
};

/** Each submission is in one of these, in the order of the new results. */
export type Regrade = {
  readonly risen: readonly Regraded[];
  /** Their new score is lower than the old one, which counts unless `lower` was said. */
  readonly fallen: readonly Regraded[];
  readonly same: readonly Regraded[];
  /** Judged for the first time. */
  readonly added: readonly Results[];
  /** Judged before, and not now: the old score counts. */
  readonly missing: readonly Results[];
};

export type RegradeOptions = {
  /** Let scores fall. */
  readonly lower?: boolean;
  /** By file: readOverrides() of what a teacher has filled in. */
  readonly overrides?: ReadonlyMap<string, number>;
};

/** Throws a UserError where these are results of different assignments, or a file is there twice. */
export function regrade(
  old: readonly Results[],
  now: readonly Results[],
  {lower = false, overrides = new Map()}: RegradeOptions = {},
): Regrade {
  checkOne([...old, ...now]);
  const before = byFile(old);
  const after = byFile(now);
  const rows = now.flatMap((results) => {
    const earlier = before.get(results.file);
    return earlier
      ? [regraded(earlier, results, overrides.get(results.file) ?? null, lower)]
      : [];
  });
  return {
    risen: rows.filter((row) => row.after > row.before),
    fallen: rows.filter((row) => row.after < row.before),
    same: rows.filter((row) => row.after === row.before),
    added: now.filter(({file}) => !before.has(file)),
    missing: old.filter(({file}) => !after.has(file)),
  };
}

function checkOne(all: readonly Results[]): void {
  // What cannot be read is of none.
  const [first, ...others] = all.filter(({assignment}) => assignment !== "");
  const other = others.find(({assignment}) => assignment !== first.assignment);
  if (other)
    throw new UserError(
      `${other.file} is of ${other.assignment}, and ${first.file} of ${first.assignment}: these are no results of one assignment`,
    );
}

function byFile(all: readonly Results[]): Map<string, Results> {
  const found = new Map(all.map((results) => [results.file, results]));
  if (found.size < all.length) {
    const files = all.map(({file}) => file);
    const twice = files.find((file, i) => files.indexOf(file) !== i);
    throw new UserError(`${twice} is there twice among the results of one grading`);
  }
  return found;
}

function regraded(
  old: Results,
  now: Results,
  override: number | null,
  lower: boolean,
): Regraded {
  const best = lower ? now.score : Math.max(old.score, now.score);
  return {
    file: now.file,
    student: now.student,
    before: old.score,
    after: now.score,
    maxBefore: old.maxScore,
    maxScore: now.maxScore,
    override,
    counts: override ?? best,
    another: old.receipt !== now.receipt,
    changes: changesBetween(old, now),
  };
}

function changesBetween(old: Results, now: Results): Change[] {
  const before = new Map(old.properties.map((property) => [property.id, property]));
  const after = new Map(now.properties.map((property) => [property.id, property]));
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  return ids.flatMap((id) => {
    const change = changeOf(before.get(id) ?? null, after.get(id) ?? null);
    return change ? [change] : [];
  });
}

function changeOf(old: PropertyResult | null, now: PropertyResult | null): Change | null {
  const before = old && judged(old);
  const after = now && judged(now);
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  const {id, title} = (now ?? old)!;
  return {id, title, before, after};
}

function judged({earned, points, status}: PropertyResult): Judged {
  return {earned, points, status};
}

// ------------------------------------------------------------------------------------------------------- as text

/** A few lines for each submission that has changed; what has not is counted. */
export function describeRegrade({risen, fallen, same, added, missing}: Regrade): string {
  const changed = same.filter(({changes}) => changes.length > 0);
  return [
    `${risen.length} risen, ${fallen.length} fallen, ${same.length} the same, ${added.length} new, ${missing.length} missing`,
    ...section("Would fall, and keep what they had unless it says otherwise here:", fallen),
    ...section("Risen:", risen),
    ...section("The same score, for something else:", changed),
    ...list("New:", added),
    ...list("Missing, and the old score counts:", missing),
    ``,
  ].join("\n");
}

function section(title: string, rows: readonly Regraded[]): string[] {
  return rows.length === 0 ? [] : ["", title, ...rows.flatMap(describe)];
}

function list(title: string, all: readonly Results[]): string[] {
  const each = all.map(({file, student, score}) => `  ${who(file, student)}: ${score}`);
  return each.length === 0 ? [] : ["", title, ...each];
}

function describe(row: Regraded): string[] {
  const {file, student, before, after, maxBefore, maxScore, override, counts, another} = row;
  const hand = override === null ? "" : ", set by hand";
  return [
    `  ${who(file, student)}: ${before} of ${maxBefore} -> ${after} of ${maxScore}; ${counts} counts${hand}`,
    ...(another ? ["    another file than before"] : []),
    ...row.changes.map(
      ({id, before, after}) => `    ${id}: ${sayJudged(before)} -> ${sayJudged(after)}`,
    ),
  ];
}

function who(file: string, student: string): string {
  return student ? `${student} (${file})` : file;
}

function sayJudged(judged: Judged | null): string {
  if (!judged) return "nothing";
  return `${WORDS[judged.status]}, ${judged.earned} of ${sayPoints(judged.points)}`;
}

// -------------------------------------------------------------------------------------------------------- as CSV

/** Of all submissions, a row each; what was set by hand stands in it, for the next time. */
export function regradeCsv(
  {risen, fallen, same, added, missing}: Regrade,
  overrides: ReadonlyMap<string, number> = new Map(),
): string {
  const groups = [
    ["fallen", fallen] as const,
    ["risen", risen] as const,
    ["same", same] as const,
  ];
  const judgedTwice = groups.flatMap(([change, rows]) =>
    rows.map(({file, student, before, after, maxScore, counts, override, changes}) => [
      ...[file, student, change, before, after, maxScore, counts, override ?? ""],
      changes.map(({id}) => id).join(" "),
    ]),
  );
  const judgedOnce = [["new", added] as const, ["missing", missing] as const].flatMap(
    ([change, all]) =>
      all.map(({file, student, score, maxScore}) => {
        const override = overrides.get(file);
        const scores = change === "new" ? ["", score] : [score, ""];
        return [
          file,
          student,
          change,
          ...scores,
          maxScore,
          override ?? score,
          override ?? "",
          "",
        ];
      }),
  );
  const header = [
    "file",
    "student",
    "change",
    "before",
    "after",
    "maxScore",
    "score",
    "override",
  ];
  return writeTable([...header, "properties"], [...judgedTwice, ...judgedOnce]);
}

/** What teachers have set by hand: the columns `file` and `override` of any CSV of ours. */
export function readOverrides(text: string, what = "the table of scores"): Map<string, number> {
  const {header, rows} = readTable(text, what);
  for (const name of ["file", "override"])
    if (!header.includes(name)) throw new UserError(`${what} has no column "${name}"`);
  const overrides = new Map<string, number>();
  for (const {line, cells} of rows) {
    const said = cells.get("override")!;
    if (said === "") continue;
    const score = Number(said.replace(",", "."));
    if (!Number.isFinite(score) || score < 0)
      throw new UserError(`${what}, line ${line}: "${said}" is no score`, {line});
    overrides.set(cells.get("file")!, score);
  }
  return overrides;
}
