// What came of recorded sequences, in words for a terminal: first what differs, then where to begin.

import {UNCLAIMED, type Comparison, type Disagreement} from "../src/recorded/index.ts";
import type {Recorded} from "./recorded.ts";

/** Of a sequence, disagreements that are shown where not all are asked for. */
const SHOWN = 5;

/** What one file's sequences say, each that does not agree. */
export function describeDetails(
  {path, traces, comparison}: Recorded & {readonly comparison: Comparison},
  all: boolean,
): string {
  const lines = traces.sequences.flatMap(({name}) => describeSequence(name, comparison, all));
  return [`${path}: Linux ${traces.kernel}`, ...lines, ""].join("\n");
}

function describeSequence(name: string, comparison: Comparison, all: boolean): string[] {
  const differs = comparison.disagreements.filter(({sequence}) => sequence === name);
  const unsupported = comparison.unsupported.filter(({sequence}) => sequence === name);
  const shown = all ? differs : differs.slice(0, SHOWN);
  const rest = differs.length - shown.length;
  const lines = [
    ...shown.map(describeDisagreement),
    ...(rest > 0 ? [`and ${rest} more: --sequence ${name} shows them`] : []),
    ...unsupported.map(({step, op}) => `step ${step}: the model does not do ${op}`),
  ];
  return lines.length > 0 ? [name, ...lines.map((line) => `  ${line}`)] : [];
}

function describeDisagreement({step, op, path, kernel, model, page}: Disagreement): string {
  const where = page === undefined ? "" : ` from page ${page} on`;
  return `step ${step}, ${op}: ${path}${where}: kernel ${kernel ?? "none"}, model ${model ?? "none"}`;
}

export function describeComparison(comparison: Comparison): string {
  const {sequences, agreed, steps, stepsAgreed, operations, fields} = comparison;
  const kinds = Object.values(fields);
  const compared = kinds.reduce((sum, {of}) => sum + of, 0);
  const same = kinds.reduce((sum, kind) => sum + kind.agreed, 0);
  return [
    ...table("steps that agree", Object.entries(operations)),
    ...table("fields that agree", Object.entries(fields)),
    `not claimed: ${Object.keys(UNCLAIMED).join(", ")}`,
    `${agreed} of ${sequences} sequences agree, ${stepsAgreed} of ${steps} steps, ${number(same)} of ${number(compared)} fields`,
  ].join("\n");
}

type Row = readonly [name: string, tally: {readonly agreed: number; readonly of: number}];

/** Where most is missing comes first; what agrees everywhere is not shown. */
function table(title: string, rows: readonly Row[]): string[] {
  const missing = ([, {agreed, of}]: Row): number => of - agreed;
  const open = rows.filter((row) => missing(row) > 0);
  if (open.length === 0) return [];
  const sorted = open.toSorted((a, b) => missing(b) - missing(a));
  const width = Math.max(...sorted.map(([name]) => name.length)) + 2;
  return [
    `${title}, where not all do:`,
    ...sorted.map(([name, {agreed, of}]) => `  ${name.padEnd(width)}${agreed} of ${of}`),
    "",
  ];
}

function number(value: number): string {
  return value.toLocaleString("en");
}
