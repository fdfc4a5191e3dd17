// The table of the fixes, for cells: a row for each fix, a column for each question. An answer that has a schedule is a button, and
// what was pressed last is the table's value, so that a cell below can show the schedule.

import type {Answer, Verdict} from "../src/compare/cells.ts";
import {NOTHING, type Comparison} from "../src/compare/comparison.ts";
import {grouped} from "../src/explore/progress_text.ts";
import {element} from "./html.ts";

export type Chosen = {
  readonly fix: string;
  readonly race: string;
  readonly question: string;
  readonly answer: string;
  readonly schedule: string;
};

/** As `view` wants it. */
type Choice = HTMLElement & {readonly value: Chosen | null};

type Set = Readonly<Record<string, string | number>>;

export type TableOptions = {
  readonly race: string;
  /** Parameters that tell which size is meant, where there are several. */
  readonly set?: Set;
  readonly questions: readonly string[];
  /** Without it, those that change anything of what this race runs. */
  readonly fixes?: readonly string[] | undefined;
};

export function comparisonTable(
  comparison: Comparison,
  {race, set = {}, questions, fixes}: TableOptions,
): Choice {
  const rows = rowsOf(comparison, {race, set, fixes});
  let chosen: Chosen | null = null;
  const root = element("div", {class: "table comparison"});
  const choose = (one: Chosen, pressed: HTMLElement): void => {
    chosen = one;
    for (const other of root.querySelectorAll("[aria-pressed]"))
      other.setAttribute("aria-pressed", String(other === pressed));
    root.dispatchEvent(new Event("input"));
  };
  const head = element("tr", {}, element("th", {scope: "col"}, "fix"));
  head.append(...questions.map((question) => element("th", {scope: "col"}, question)));
  const body = element("tbody", {});
  for (const {fix, verdict} of rows) {
    const cells = questions.map((question) =>
      answerCell(answerTo(question, verdict), (answer, pressed) =>
        choose({fix, race, question, ...answer}, pressed),
      ),
    );
    body.append(element("tr", {}, element("th", {scope: "row"}, nameOf(fix)), ...cells));
  }
  root.append(element("table", {}, element("thead", {}, head), body), sayBound(rows));
  return Object.defineProperty(root, "value", {get: () => chosen}) as unknown as Choice;
}

export function rowsOf(
  comparison: Comparison,
  {race, set = {}, fixes}: Omit<TableOptions, "questions">,
): Comparison {
  const all = comparison.filter((row) => row.race === race && isOfSize(row.parameters, set));
  const before = all.find((row) => row.fix === NOTHING);
  return all.filter((row) =>
    fixes ? fixes.includes(row.fix) : row === before || row.code !== before?.code,
  );
}

function isOfSize(parameters: Set, set: Set): boolean {
  return Object.entries(set).every(
    ([name, value]) => String(parameters[name]) === String(value),
  );
}

function answerTo(question: string, {answers}: Verdict): Answer | undefined {
  return answers.find((answer) => answer.question === question);
}

/** Names break after their underscores. */
function nameOf(fix: string): HTMLElement {
  const parts = fix
    .split("_")
    .flatMap((part, i) => (i > 0 ? ["_", element("wbr"), part] : [part]));
  return element("code", {}, ...parts);
}

type Shown = {readonly answer: string; readonly schedule: string};

function answerCell(
  answer: Answer | undefined,
  choose: (answer: Shown, pressed: HTMLElement) => void,
): HTMLElement {
  if (!answer) return element("td", {}, "");
  const kind = answer.answer === "yes" ? "yes" : answer.answer === "no" ? "no" : "number";
  if (!("schedule" in answer)) {
    return element("td", {class: kind, title: answer.bound}, answer.answer);
  }
  const press = element("button", {type: "button", "aria-pressed": "false"}, answer.answer);
  press.title = "show the schedule";
  press.addEventListener("click", () => choose(answer, press));
  return element("td", {class: kind}, press);
}

function sayBound(rows: Comparison): HTMLElement {
  const states = rows.map(({verdict}) => verdict.states);
  const least = grouped(Math.min(...states));
  const most = grouped(Math.max(...states));
  const all = rows.every(({verdict}) => verdict.complete)
    ? "All schedules"
    : "Not all schedules";
  const [{parameters}] = rows;
  const size = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return element(
    "p",
    {class: "bound"},
    `${all} were explored: ${least} to ${most} states a row, with ${size.join(", ")}.`,
  );
}
