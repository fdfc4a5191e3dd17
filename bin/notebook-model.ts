// What a notebook imports when it is opened by other tools than the book: every name of the kernel, and the check of its assignment. Names are
// there so that cells are whole; what is written is judged as text, put into a kernel of its own.

import variantOfQuickJS from "@jitl/quickjs-wasmfile-release-sync";
import wasmLocation from "@jitl/quickjs-wasmfile-release-sync/wasm?url";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {notebooks} from "virtual:notebooks";
import {knownAssignment} from "../notebooks/index.ts";
import type {Answer, Variant} from "../src/grade/assignment.ts";
import {judge} from "../src/grade/judge.ts";
import {withValues, writeNotebook} from "../src/grade/notebook.ts";
import type {Counterexample, PropertyResult} from "../src/grade/results.ts";
import {SIGNS, WORDS} from "../src/grade/status.ts";
import {WHO} from "../src/grade/submission.ts";
import {variantOf} from "../src/grade/variant.ts";
import {link} from "../src/livepatch/index.ts";
import {loadQuickJS} from "../src/oracle/index.ts";

/** Every function and constant of the kernel, on a machine with 4 sub-pages: exported one by one (model.vite.config.ts). */
export const kernel = link(sources).boot({pages: 4, pgflags: true}).kernel;

/** Who was last asked for: a notebook draws its variant before it is checked. */
let who = "";

/** A student's own variant of an assignment: whole numbers by name. */
export function variant(name: string, student: string): Variant {
  who = student;
  return variantOf(knownAssignment(name), student.trim());
}

/** Judges the answers, by what they are called, on the public properties. */
export async function check(
  name: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<HTMLElement> {
  const assignment = knownAssignment(name);
  const {starter, edition} = notebooks[name];
  const cells = assignment.answers.map(
    (answer) => [answer.cell, textOf(answer, answers)] as const,
  );
  const values = new Map([[WHO, `const student = ${JSON.stringify(who)};`], ...cells]);
  const text = writeNotebook(withValues(starter, values));
  const quickjs = await loadQuickJS(variantOfQuickJS, {wasmLocation});
  const course = {assignment, starter, edition};
  const {properties} = judge({file: `${name}.html`, text}, course, {sources, guest, quickjs});
  return listOf(properties);
}

/** What stands in the cell, as far as that can be told from its values. */
function textOf({kind, defines}: Answer, answers: Readonly<Record<string, unknown>>): string {
  const texts = defines.map((each) =>
    kind === "functions"
      ? String(answers[each])
      : `const ${each} = ${JSON.stringify(answers[each])};`,
  );
  return texts.join("\n\n");
}

function listOf(properties: readonly PropertyResult[]): HTMLElement {
  const list = document.createElement("ol");
  for (const {title, status, points, earned, message, counterexample} of properties) {
    const item = document.createElement("li");
    const why = message === "" ? "" : `: ${message}`;
    item.textContent = `${SIGNS[status]} ${title} ${WORDS[status]}, ${earned} of ${points}${why}`;
    if (counterexample) item.append(scheduleOf(counterexample));
    list.append(item);
  }
  return list;
}

/** Folded away: the steps, a line each. */
function scheduleOf({steps}: Counterexample): HTMLElement {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `a schedule on which it goes wrong, in ${steps.length} steps`;
  const lines = document.createElement("pre");
  lines.textContent = steps.join("\n");
  details.append(summary, lines);
  return details;
}
