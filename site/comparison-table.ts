// The table of the fixes, for cells: a row for each fix, a column for each question. An answer that has a schedule is a button, and
// what was pressed last is the table's value, so that a cell below can show the schedule.

import type {Answer, Verdict} from "../src/compare/cells.ts";
import type {Comparison} from "../src/compare/comparison.ts";
import {grouped} from "../src/explore/progress_text.ts";
import {rowsOf, type TableOptions} from "./comparison-rows.ts";
import {element} from "./html.ts";
import {near} from "./near.ts";
import {orQuiet} from "./quiet.ts";

export type Chosen = {
  readonly fix: string;
  readonly race: string;
  readonly question: string;
  readonly answer: string;
  readonly schedule: string;
};

/** As `view` wants it. */
type Choice = HTMLElement & {readonly value: Chosen | null};

/** About as high as they are on a wide page: a row, and the first with the sentence below the table. Until it is drawn, so much room is kept for it. */
const ROW_REM = 2.3;
const AROUND_REM = 7;

/** Drawn when somebody is about to look: a chapter has many, and they are large. */
export function comparisonTable(
  comparison: Comparison,
  {race, set = {}, questions, fixes}: TableOptions,
): Choice {
  const rows = rowsOf(comparison, {race, set, fixes});
  let chosen: Chosen | null = null;
  const root = element("div", {class: "table comparison"});
  const choose: Choose = (one, pressed) => {
    chosen = {race, ...one};
    for (const other of root.querySelectorAll("[aria-pressed]"))
      other.setAttribute("aria-pressed", String(other === pressed));
    root.dispatchEvent(new Event("input"));
  };
  root.style.minHeight = `${ROW_REM * rows.length + AROUND_REM}rem`;
  void orQuiet(near([root])).then(() => {
    root.style.minHeight = "";
    root.append(tableOf(rows, questions, choose), sayBound(rows));
  });
  return Object.defineProperty(root, "value", {get: () => chosen}) as unknown as Choice;
}

type Choose = (one: Omit<Chosen, "race">, pressed: HTMLElement) => void;

function tableOf(
  rows: Comparison,
  questions: readonly string[],
  choose: Choose,
): HTMLTableElement {
  const head = element("tr", {}, element("th", {scope: "col"}, "fix"));
  head.append(...questions.map((question) => element("th", {scope: "col"}, question)));
  const body = element("tbody", {});
  for (const {fix, verdict} of rows) {
    const cells = questions.map((question) =>
      answerCell(answerTo(question, verdict), (answer, pressed) =>
        choose({fix, question, ...answer}, pressed),
      ),
    );
    body.append(element("tr", {}, element("th", {scope: "row"}, nameOf(fix)), ...cells));
  }
  return element("table", {}, element("thead", {}, head), body);
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
