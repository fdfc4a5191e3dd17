// What the cells of a chapter use when the book is checked: the model itself, and words where the page would draw.

import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {Barriers} from "../src/barriers/index.ts";
import type {BuiltinsFor} from "../src/book/run-chapter.ts";
import {unpack, type Comparison, type Packed} from "../src/compare/index.ts";
import {
  grouped,
  memoryAt,
  stepOf,
  stepsOf,
  type Report,
  type Trace,
} from "../src/explore/index.ts";
import type {SequenceRun, Statement} from "../src/recorded/index.ts";
import {assemble, races} from "../src/races/index.ts";
import {answer, type Answer, type Request} from "../site/answering.ts";
import {rowsOf, type TableOptions} from "../site/comparison-rows.ts";
import {costs} from "../site/costs.ts";
import {createKernel} from "../site/create-kernel.ts";
import {smapsText, tablesText} from "../site/sequence-words.ts";
import {verdictText} from "../site/verdict.ts";
import {countCrashes} from "./crashes.ts";

export function builtinsOf(root: string): BuiltinsFor {
  const packed = readFileSync(join(root, "src/compare/comparison.json"), "utf8");
  const comparison = unpack(JSON.parse(packed) as Packed);
  const crashes = countCrashes(root);
  const said = readFileSync(join(root, "src/recorded/fidelity.json"), "utf8");
  const fidelity = JSON.parse(said) as Statement;
  const table = readFileSync(join(root, "src/barriers/barriers.json"), "utf8");
  const barriers = JSON.parse(table) as Barriers;
  return (edits) => ({
    ...WORDS,
    ...{races, crashes, comparison, comparisonTable, costs, fidelity, barriers},
    ...{grouped, memoryAt, stepOf, stepsOf},
    kernel: createKernel(edits, ask),
    atomics: () => Promise.resolve(null),
    variant: () => ({}),
    check: () => "a check",
  });
}

/** Asks the model here and now. */
function ask<A>(request: Request): Promise<A> {
  return new Promise((answered, refused) => {
    const hear = (said: Answer): void => {
      if (said.kind === "answered") answered(said.value as A);
      if (said.kind === "refused") refused(new Error(said.refusal.message));
    };
    void answer(request, assemble, hear);
  });
}

const WORDS = {
  verdict: (report: Report) => verdictText(report),
  timeline: (trace: Trace) => `a timeline of ${onThisCode(trace).steps.length} steps`,
  memory: (trace: Trace) => `a drawing of memory in ${onThisCode(trace).race}`,
  compareTimelines: () => "two timelines",
  smaps: smapsText,
  tables: tablesText,
  walkthrough: ({steps}: SequenceRun) => `a walk through ${steps.length} operations`,
};

/** A schedule that the text gives must be one of the code that the book has. */
function onThisCode(trace: Trace): Trace {
  if (trace.warning !== null) throw new Error(`the run of ${trace.race}: ${trace.warning}`);
  return trace;
}

/** The table, as if its first answer that has a schedule had been pressed. */
function comparisonTable(all: Comparison, {race, set = {}, questions, fixes}: TableOptions) {
  const rows = rowsOf(all, {race, set, fixes});
  const sizes = new Set(rows.map(({parameters}) => JSON.stringify(parameters)));
  if (sizes.size !== 1) throw new Error(`${race}: ${sizes.size} sizes in one table`);
  const absent = fixes?.find((fix) => !rows.some((row) => row.fix === fix));
  if (absent) throw new Error(`${race}: there is nothing about ${absent}`);
  const answers = rows.flatMap(({fix, verdict}) =>
    questions.map((question) => {
      const found = verdict.answers.find((one) => one.question === question);
      if (!found) throw new Error(`${fix} on ${race}: nobody has asked “${question}”`);
      return {fix, race, ...found};
    }),
  );
  const value = answers.find((found) => "schedule" in found) ?? null;
  return {value, toString: () => `a table of ${rows.length} fixes`};
}
