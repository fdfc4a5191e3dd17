// The comparison for a terminal: a table for each race, and below it the schedules that its answers rest on.

import {grouped} from "../explore/index.ts";
import {sayParameters} from "../races/index.ts";
import type {Answer, Verdict} from "./cells.ts";
import {NOTHING, type Comparison} from "./comparison.ts";
import {buffers, ELSE, questions} from "./questions.ts";

/** How a schedule is shown: what to type, or a link. */
export type Show = (schedule: string, fix: string) => string;

const LEGEND = `Every schedule of every race was explored, unless it says otherwise. "yes [1]": the shortest schedule is below the table.
"3..8 (4)": the least and the most that is printed on any schedule, and what is printed when nothing moves.
"21 to 109": what reading costs alone in the first state, and on the worst schedule; "no bound": somebody may wait in a loop.
`;

export function tableText(comparison: Comparison, show: Show): string {
  const arenas = new Map<string, Row[]>();
  for (const row of comparison) {
    const name = `${row.race} (${sayParameters(row.parameters)})`;
    arenas.set(name, [...(arenas.get(name) ?? []), row]);
  }
  const parts = [...arenas].map(([name, rows]) => [name, "", ...arenaText(rows, show), ""]);
  return [LEGEND, ...parts.map((lines) => lines.join("\n"))].join("\n");
}

type Row = Comparison[number];

function arenaText(rows: readonly Row[], show: Show): string[] {
  const notes = new Notes(show);
  const asked = [...questions, ELSE, ...buffers]
    .map(({name}) => name)
    .filter((name) => isAsked(name, rows));
  const verdicts = rows.map((row) => [
    row.fix + (isUnchanged(row, rows) ? " *" : ""),
    ...asked.map((name) => notes.say(row.fix, answerTo(name, row.verdict))),
    sayStates(row.verdict),
  ]);
  const numbers = numbersOf(rows[0].verdict);
  const prints = rows.map((row) => [
    row.fix,
    ...numbers.map((name) => rangeText(name, row.verdict)),
  ]);
  return [
    ...columns([["", ...asked, "states"], ...verdicts]),
    "",
    ...columns([["", ...numbers.map((name) => headOf(name, rows[0].verdict))], ...prints]),
    "",
    ...(rows.some((row) => isUnchanged(row, rows)) ? [UNCHANGED] : []),
    ...notes.lines,
  ];
}

const UNCHANGED = "  * changes nothing of what this race runs";

/** What a race is asked, all its fixes are asked. */
function isAsked(name: string, rows: readonly Row[]): boolean {
  return rows.some(({verdict}) => answerTo(name, verdict) !== undefined);
}

function answerTo(name: string, {answers}: Verdict): Answer | undefined {
  return answers.find(({question}) => question === name);
}

function isUnchanged({fix, code}: Row, rows: readonly Row[]): boolean {
  return fix !== NOTHING && rows.some((row) => row.fix === NOTHING && row.code === code);
}

/** How much was looked at. */
function sayStates({complete, states}: Verdict): string {
  return `${complete ? "" : "only "}${grouped(states)}`;
}

/** The schedules below the table, each once. */
class Notes {
  readonly lines: string[] = [];
  private readonly known = new Map<string, number>();
  private readonly show: Show;

  constructor(show: Show) {
    this.show = show;
  }

  say(fix: string, answer: Answer | undefined): string {
    if (!answer) return "";
    if (answer.answer !== "yes" || !("schedule" in answer)) return answer.answer;
    const text = this.show(answer.schedule, fix);
    const number = this.known.get(text) ?? this.lines.length + 1;
    if (!this.known.has(text)) this.lines.push(`  [${number}] ${text}`);
    this.known.set(text, number);
    return `yes [${number}]`;
  }
}

const LEAST = ", least";
const ALONE = ", alone";

/** Numbers that are printed, and costs, by name. */
function numbersOf({answers}: Verdict): string[] {
  return [LEAST, ALONE].flatMap((end) =>
    answers
      .filter(({question}) => question.endsWith(end))
      .map(({question}) => question.slice(0, -end.length)),
  );
}

/** Numbers that are printed are in kB, costs are counted. */
function headOf(name: string, verdict: Verdict): string {
  return answerTo(`${name}${LEAST}`, verdict)?.answer.endsWith(" kB") ? `${name} kB` : name;
}

/** `4..8 (4)`: least, most, and when nothing moves; of a cost `21 to 109`: alone and at the most. */
function rangeText(name: string, verdict: Verdict): string {
  const answer = (question: string): string =>
    (answerTo(question, verdict)?.answer ?? "").replace(" kB", "");
  const alone = answer(`${name}${ALONE}`);
  if (alone !== "") return `${alone} to ${answer(`${name}, at the most`)}`;
  const least = answer(`${name}${LEAST}`);
  const most = answer(`${name}, most`);
  const quiet = answer(`${name}, when nothing moves`);
  const range = least === most ? least : `${least}..${most}`;
  return range === quiet || range === "" ? range : `${range} (${quiet})`;
}

/** The first row is the head; its words stand below each other, so that columns are narrow. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const [head, ...body] = rows;
  const words = head.map((name) => name.split(" "));
  const lines = Math.max(...words.map((w) => w.length));
  const heads = Array.from({length: lines}, (_, i) =>
    words.map((w) => w[i - (lines - w.length)] ?? ""),
  );
  const all = [...heads, ...body];
  const widths = head.map((_, c) => Math.max(...all.map((row) => row[c].length)));
  return all.map((row) =>
    `  ${row.map((text, c) => text.padEnd(widths[c])).join("  ")}`.trimEnd(),
  );
}
