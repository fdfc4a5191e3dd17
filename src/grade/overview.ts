// A class at a glance: one page of HTML that needs nothing else, neither script nor server. For teachers: hidden properties are in it.

import {STYLE} from "./overview_style.ts";
import {replayOf} from "./feedback.ts";
import type {Joined} from "./join.ts";
import {latenessByFile} from "./join.ts";
import type {Lateness} from "./lateness.ts";
import {escapeMarkup as escape} from "./markup.ts";
import {sayCount, sayPoints, shareOf, sum} from "./points.ts";
import type {Counterexample, PropertyResult, Results} from "./results.ts";
import type {Person} from "./roster.ts";
import {SIGNS, WORDS} from "./status.ts";

export type OverviewOptions = {
  /** What the page is called; the assignment's name, if it is not said. */
  readonly title?: string;
  /** Where there is a roster, its order, its names, who is late and who is absent. */
  readonly joined?: Joined;
  /** To be said at the top. */
  readonly notes?: readonly string[];
};

/** `all` are the results of one assignment. */
export function overview(
  all: readonly Results[],
  {title = nameOf(all), joined, notes = []}: OverviewOptions = {},
): string {
  const rows = joined ? rowsOf(joined) : all.map((results) => ({results}));
  const counted = rows.flatMap(({results}) => (results ? [results] : []));
  const properties = propertiesOf(counted);
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<main>`,
    `<h1>${escape(title)}</h1>`,
    ...notes.map((note) => `<p>${escape(note)}</p>`),
    ...writeTotals(rows, counted),
    ...writeMatrix(rows, properties),
    ...writeProperties(properties, counted),
    ...writeGroups(counted),
    ...writeNotes(counted),
    `</main>`,
    `</html>`,
    ``,
  ].join("\n");
}

/** What cannot be read is of no assignment. */
function nameOf(all: readonly Results[]): string {
  return all.find(({assignment}) => assignment !== "")?.assignment ?? "Nothing was handed in";
}

/** A student, or a submission that belongs to none whom the roster has. */
type Row = {
  readonly person?: Person;
  readonly results: Results | null;
  readonly lateness?: Lateness | null;
  readonly unknown?: boolean;
  readonly more?: number;
};

function rowsOf(joined: Joined): Row[] {
  const lateness = latenessByFile(joined);
  return [
    ...joined.entries.map(({person, results, others}) => ({
      ...{person, results, more: others.length},
      lateness: (results && lateness.get(results.file)) ?? null,
    })),
    ...joined.unknown.map((results) => ({results, unknown: true})),
  ];
}

/** Of all of them, each once, in the order of the assignment. */
function propertiesOf(all: readonly Results[]): PropertyResult[] {
  const first = new Map<string, PropertyResult>();
  for (const {properties} of all)
    for (const property of properties)
      if (!first.has(property.id)) first.set(property.id, property);
  return [...first.values()];
}

// --------------------------------------------------------------------------------------------------------- totals

function writeTotals(rows: readonly Row[], counted: readonly Results[]): string[] {
  const scores = counted.map(({score}) => score);
  const most = Math.max(0, ...counted.map(({maxScore}) => maxScore));
  const full = counted.filter((results) => shareOf(results) === 1).length;
  const late = rows.filter(({lateness}) => lateness?.late).length;
  const absent = rows.filter(({results}) => !results).length;
  const unknown = rows.filter((row) => row.unknown).length;
  const said = [
    sayCount(counted.length, "submission"),
    ...(scores.length > 0
      ? [
          `average ${decimal(averageOf(scores))} of ${sayPoints(most)}`,
          `median ${decimal(medianOf(scores))}`,
          `${full} with all points`,
        ]
      : []),
    ...(late > 0 ? [`${late} late`] : []),
    ...(absent > 0 ? [`${absent} absent`] : []),
    ...(unknown > 0 ? [`${unknown} of nobody in the roster`] : []),
  ];
  return [`<ul class="totals">`, ...said.map((one) => `<li>${escape(one)}</li>`), `</ul>`];
}

function averageOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** At most one digit behind the point. */
function decimal(number: number): string {
  return String(Math.round(number * 10) / 10);
}

// --------------------------------------------------------------------------------------------------------- matrix

function writeMatrix(rows: readonly Row[], properties: readonly PropertyResult[]): string[] {
  const columns = properties.map(
    ({id, title}) => `<th scope="col" title="${escape(title)}">${escape(id)}</th>`,
  );
  return [
    `<h2 id="students">Students</h2>`,
    `<div class="wide" role="region" aria-labelledby="students" tabindex="0">`,
    `<table>`,
    `<thead><tr><th scope="col">Student</th><th scope="col">Score</th>${columns.join("")}</tr></thead>`,
    `<tbody>`,
    ...rows.map((row) => writeRow(row, properties)),
    `</tbody>`,
    `</table>`,
    `</div>`,
  ];
}

function writeRow(row: Row, properties: readonly PropertyResult[]): string {
  const {results} = row;
  const head = `<th scope="row">${writeWho(row)}</th>`;
  if (!results)
    return `<tr class="absent">${head}<td colspan="${properties.length + 1}">– absent</td></tr>`;
  const judged = new Map(results.properties.map((property) => [property.id, property]));
  const cells = properties.map(({id}) => writeCell(judged.get(id)));
  return `<tr>${head}<td class="score">${results.score} of ${results.maxScore}</td>${cells.join("")}</tr>`;
}

function writeWho({person, results, lateness, unknown = false, more = 0}: Row): string {
  const id = person?.id ?? (results?.student || "(no name)");
  const marks = [
    ...(unknown ? ["not in the roster"] : []),
    ...(lateness?.late ? [`late: ${sayCount(lateness.minutes, "minute")}`] : []),
    ...(more > 0 ? [`${more} more handed in`] : []),
  ];
  const lines = [person?.name ?? "", results?.file ?? ""].filter(Boolean);
  return [
    `<bdi>${escape(id)}</bdi>`,
    ...lines.map((line) => `<small><bdi>${escape(line)}</bdi></small>`),
    ...marks.map((mark) => `<small class="mark">${escape(mark)}</small>`),
  ].join("");
}

function writeCell(property: PropertyResult | undefined): string {
  if (!property) return `<td>not judged</td>`;
  const {status, points, earned} = property;
  return `<td class="${status}"><span aria-hidden="true">${SIGNS[status]}</span> ${WORDS[status]}<small>${earned} of ${points}</small></td>`;
}

// ----------------------------------------------------------------------------------------------------- properties

function writeProperties(
  properties: readonly PropertyResult[],
  counted: readonly Results[],
): string[] {
  const rows = properties.map((property) => {
    const {id, title, hidden} = property;
    const judged = counted.flatMap((results) => results.properties.filter((p) => p.id === id));
    const passed = judged.filter(({status}) => status === "pass").length;
    const average = decimal(averageOf(judged.map(({earned}) => earned)));
    const mark = hidden ? `<small class="mark">hidden from students</small>` : "";
    return `<tr><th scope="row">${escape(id)}<small>${escape(title)}</small>${mark}</th><td>${passed} of ${judged.length} passed</td><td>${average} of ${property.points}</td></tr>`;
  });
  return [
    `<h2 id="properties">Properties</h2>`,
    `<div class="wide" role="region" aria-labelledby="properties" tabindex="0">`,
    `<table>`,
    `<thead><tr><th scope="col">Property</th><th scope="col">Passed</th><th scope="col">Average</th></tr></thead>`,
    `<tbody>`,
    ...rows,
    `</tbody>`,
    `</table>`,
    `</div>`,
  ];
}

// ------------------------------------------------------------------------------------------------ what goes wrong

/** Submissions that fail the same property with the same message. */
type Group = {
  readonly property: PropertyResult;
  readonly who: string[];
  /** The shortest that there is. */
  shortest: Counterexample | null;
};

const MOST_GROUPS = 25;
const MOST_STEPS = 40;

function writeGroups(counted: readonly Results[]): string[] {
  const groups = groupsOf(counted);
  if (groups.length === 0) return [];
  const left = groups.length - MOST_GROUPS;
  return [
    `<h2>What goes wrong most often</h2>`,
    ...groups.slice(0, MOST_GROUPS).map(writeGroup),
    ...(left > 0 ? [`<p>${left} more, each less often, are left out.</p>`] : []),
  ];
}

function groupsOf(counted: readonly Results[]): Group[] {
  const groups = new Map<string, Group>();
  for (const {file, student, properties} of counted)
    for (const property of properties) {
      const {id, status, message, counterexample} = property;
      if (status === "pass" || status === "not_attempted") continue;
      const key = JSON.stringify([id, status, message]);
      const group = groups.get(key) ?? {property, who: [], shortest: null};
      group.who.push(student || file);
      group.shortest = shorter(group.shortest, counterexample);
      groups.set(key, group);
    }
  // Equal ones stay in the order in which they came.
  return [...groups.values()].sort((a, b) => b.who.length - a.who.length);
}

function shorter(a: Counterexample | null, b: Counterexample | null): Counterexample | null {
  if (!a || !b) return a ?? b;
  return b.steps.length < a.steps.length ? b : a;
}

function writeGroup({property, who, shortest}: Group): string {
  const {id, status, message} = property;
  const names = who.map((name) => `<bdi>${escape(name)}</bdi>`).join(", ");
  return [
    `<section class="group">`,
    `<h3>${who.length} × ${escape(id)}: ${WORDS[status]}</h3>`,
    `<p>${escape(message)}</p>`,
    `<p><small>${names}</small></p>`,
    ...(shortest ? writeRun(shortest) : []),
    `</section>`,
  ].join("\n");
}

function writeRun(counterexample: Counterexample): string[] {
  const {steps} = counterexample;
  const left = Math.max(0, steps.length - MOST_STEPS);
  const lines = [
    ...(left > 0 ? [`(${sayCount(left, "earlier step")} left out)`] : []),
    ...steps.slice(left),
  ];
  return [
    `<details><summary>A run of ${sayCount(steps.length, "step")}</summary>`,
    `<pre>${escape(lines.join("\n"))}</pre>`,
    `<pre>${escape(replayOf(counterexample))}</pre>`,
    `</details>`,
  ];
}

// ---------------------------------------------------------------------------------------------------------- notes

function writeNotes(counted: readonly Results[]): string[] {
  const notes = counted.flatMap(({file, notes}) =>
    notes.map((note) => `<li><bdi>${escape(file)}</bdi>: ${escape(note)}</li>`),
  );
  return notes.length === 0 ? [] : [`<h2>Notes</h2>`, `<ul>`, ...notes, `</ul>`];
}
