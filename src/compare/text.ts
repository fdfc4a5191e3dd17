// The comparison for a terminal: a table for each race, and below it the schedules that its answers rest on.

import type {Cell, Comparison} from "./compare.ts";
import {sayParameters} from "./cells.ts";
import {ELSE, questions} from "./questions.ts";

/** How a schedule is shown: what to type, or a link. */
export type Show = (schedule: string, fix: string) => string;

export function tableText({fixes, cells, explored}: Comparison, show: Show): string {
  const arenas = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = `${cell.race} (${sayParameters(cell.parameters)})`;
    arenas.set(name, [...(arenas.get(name) ?? []), cell]);
  }
  const unchanged = unchangedIn(explored);
  const parts = [...arenas].map(([name, own]) =>
    [name, "", ...arenaText(fixes, own, show, unchanged, statesIn(explored, own[0])), ""].join(
      "\n",
    ),
  );
  return [LEGEND, ...parts].join("\n");
}

const LEGEND = `Every schedule of every race was explored, unless it says otherwise. "yes [1]": the shortest schedule is below the table.
"3..8 (4)": the least and the most that is printed on any schedule, and what is printed when nothing moves.
"21 to 109": what reading costs alone in the first state, and on the worst schedule; "no bound": somebody may wait in a loop.
`;

/** How much was looked at for the answers about a fix. */
function statesIn(
  explored: Comparison["explored"],
  {race, parameters}: Pick<Cell, "race" | "parameters">,
): (fix: string) => string {
  return (fix) => {
    const one = explored.find((e) => keyOf(e) === keyOf({fix, race, parameters}))!;
    return `${one.complete ? "" : "only "}${one.states.toLocaleString("en")}`;
  };
}

/** Fixes that do not change what a race runs, as `fix race parameters`. */
function unchangedIn(explored: Comparison["explored"]): ReadonlySet<string> {
  const keys = explored.filter(({fix, race, parameters, code}) => {
    const as_it_was = explored.find(
      (other) =>
        other.race === race &&
        sayParameters(other.parameters) === sayParameters(parameters) &&
        other.fix === "nothing",
    );
    return fix !== "nothing" && as_it_was?.code === code;
  });
  return new Set(keys.map(keyOf));
}

function keyOf({fix, race, parameters}: Pick<Cell, "fix" | "race" | "parameters">): string {
  return `${fix} ${race} ${sayParameters(parameters)}`;
}

function arenaText(
  fixes: readonly string[],
  cells: readonly Cell[],
  show: Show,
  unchanged: ReadonlySet<string>,
  statesOf: (fix: string) => string,
): string[] {
  const rows = fixes.filter((fix) => cells.some((cell) => cell.fix === fix));
  const notes: string[] = [];
  const answerOf = (fix: string, question: string): Cell | undefined =>
    cells.find((cell) => cell.fix === fix && cell.question === question);
  const noted = (cell: Cell | undefined): string => {
    if (!cell) return "";
    if (cell.answer !== "yes" || !("schedule" in cell)) return cell.answer;
    const text = show(cell.schedule, cell.fix);
    const known = notes.indexOf(text);
    const at = known < 0 ? notes.push(text) : known + 1;
    return `yes [${at}]`;
  };
  const yesOrNo = [...questions, ELSE]
    .map(({name}) => name)
    .filter((name) => rows.some((fix) => answerOf(fix, name)));
  const table = rows.map((fix) => [
    fix + (unchanged.has(keyOf({...cells[0], fix})) ? " *" : ""),
    ...yesOrNo.map((question) => noted(answerOf(fix, question))),
    statesOf(fix),
  ]);
  const numbers = numbersOf(cells);
  const second = rows.map((fix) => [
    fix,
    ...numbers.map((name) => rangeText(name, (question) => answerOf(fix, question)?.answer)),
  ]);
  return [
    ...columns([["", ...yesOrNo, "states"], ...table]),
    "",
    ...columns([["", ...numbers.map((name) => headOf(name, cells))], ...second]),
    "",
    ...(unchanged.size > 0 && rows.some((fix) => unchanged.has(keyOf({...cells[0], fix})))
      ? ["  * changes nothing that this race runs"]
      : []),
    ...notes.map((text, i) => `  [${i + 1}] ${text}`),
  ];
}

const LEAST = ", least";
const ALONE = ", alone";

/** Numbers and costs that the cells know, by name. */
function numbersOf(cells: readonly Cell[]): string[] {
  const names = cells.flatMap(({question}) =>
    [LEAST, ALONE]
      .filter((end) => question.endsWith(end))
      .map((end) => question.slice(0, -end.length)),
  );
  return [...new Set(names)];
}

/** Numbers that are printed are in kB, costs are counted. */
function headOf(name: string, cells: readonly Cell[]): string {
  return cells.some(({question}) => question === `${name}${LEAST}`) ? `${name} kB` : name;
}

/** `4..8 (4)`: least, most, and when nothing moves; of a cost `21 to 109`: alone and at the most. */
function rangeText(name: string, answer: (question: string) => string | undefined): string {
  const alone = answer(`${name}${ALONE}`);
  if (alone !== undefined) return `${alone} to ${answer(`${name}, at the most`)}`;
  const number = (question: string) => (answer(question) ?? "").replace(" kB", "");
  const least = number(`${name}${LEAST}`);
  const most = number(`${name}, most`);
  const quiet = number(`${name}, when nothing moves`);
  if (least === "") return "";
  const range = least === most ? least : `${least}..${most}`;
  return range === quiet ? range : `${range} (${quiet})`;
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
