// The statement of fidelity, for whoever reads the repository.

import type {
  Agreement,
  Counted,
  FunctionRow,
  KernelFunction,
  Statement,
  Unstable,
} from "../src/recorded/index.ts";

export function fidelityText(statement: Statement): string {
  return [
    opening(statement),
    fields(statement),
    operations(statement),
    notCompared(statement),
    versions(statement),
    functions(statement.functions),
  ].join("\n\n");
}

function opening({kernel, agreement, disagree}: Statement): string {
  return `# How true the model is

The build writes this file from a run (\`npm run fidelity\`); nothing here is typed by hand, and a test fails where it is not what a run
gives. Appendix F of the book says what it means.

Linux ${kernel} did ${count(agreement.steps, "operation")} in ${count(agreement.sequences, "sequence")} and said after each what \`/proc\` says (\`evidence/\`). The model did the same, on a
machine with huge pages of 512 parts, and was asked the same.

${agreementTable([["", agreement]])}

${disagree.length === 0 ? "Every sequence agrees in every field." : `Where it does not agree: ${disagree.map(code).join(", ")}.`}

v5.13, which the races are about, is close to ${kernel} and not the same: \`evidence/README.md\` says in what. Where both differ the model does as ${kernel} on the
machine that was recorded, and as v5.13 where threads race.`;
}

function agreementTable(
  rows: readonly (readonly [of: string, agreement: Agreement])[],
): string {
  return table(
    ["", "sequences", "steps", "fields"],
    rows.map(([of, {sequences, agreed, steps, stepsAgreed, fields: all, fieldsAgreed}]) => [
      of || "agree",
      `${agreed} of ${sequences}`,
      `${stepsAgreed} of ${steps}`,
      `${number(fieldsAgreed)} of ${number(all)}`,
    ]),
  );
}

function fields({groups}: Statement): string {
  const rows = groups.map(({source, kinds}) => {
    const [agreed, all] = [sum(kinds, "agreed"), sum(kinds, "of")];
    return [source, kinds.map(kindText).join(", "), `${number(agreed)} of ${number(all)}`];
  });
  return `## Fields that are compared

${table(["where", "which", "agree"], rows)}`;
}

/** How many do not agree is said where any do not. */
function kindText({name, agreed, of}: Counted): string {
  return agreed === of ? code(name) : `${code(name)} (${number(of - agreed)} differ)`;
}

function operations({operations: all}: Statement): string {
  return `## Operations

Steps with each, and how many of them agree in every field: ${all
    .map(({name, agreed, of}) => `${code(name)} ${agreed === of ? of : `${agreed} of ${of}`}`)
    .join(", ")}.`;
}

function notCompared({leftOut, unstable, kernel, newer}: Statement): string {
  return `## What is left out

What the model does not claim (\`src/recorded/claims.ts\`):

${table(
  ["field", "reason", `in ${kernel}`, `in ${newer.kernel}`],
  leftOut.map(({kind, reason, fields: [older, later]}) => [
    code(kind),
    reason,
    `${number(older)} fields`,
    `${number(later)} fields`,
  ]),
)}

What a recording itself calls unstable, since its runs did not agree in it or since it depends on a TLB:

${table(["recording", "field", "steps"], unstable.map(unstableRow))}

Counters of vmstat are compared if they changed anywhere in the file: a recording does not say which others it looked at.`;
}

function unstableRow({kernel, kind, steps}: Unstable): string[] {
  return [kernel, code(kind), String(steps)];
}

function versions({kernel, newer}: Statement): string {
  const rows = newer.causes.map(({number: at, about, fields: all, sequences}) => [
    at === null ? "" : String(at),
    about,
    number(all),
    sequences.map(code).join(", "),
  ]);
  return `## Where ${newer.kernel} differs

The same sequences were recorded on ${newer.kernel}. Which of them agree, field by field:

${agreementTable([
  [`${kernel} and ${newer.kernel}`, newer.agreement],
  [`the model and ${newer.kernel}`, newer.model],
])}

What differs between the two kernels, by its number in the list of \`evidence/README.md\`. What has no number is not in that list; the comparison found it, or the machine was
another. A field that goes on to differ counts for what made it differ first.

${table(["", "what", "fields", "sequences"], rows)}`;
}

// Functions

function functions(rows: readonly FunctionRow[]): string {
  const files = [...new Set(rows.map(({file}) => file))];
  const tables = files.map((file) => {
    const those = rows.filter((row) => row.file === file);
    return `### ${file}\n\n${table(["model", "kernel", "file"], those.map(functionRow))}`;
  });
  return `## Functions

Each function that \`src/mm\` exports, and the function of v5.13 that it models: the one of the same name, or of another; or those of which it is a part. What stands
for nothing of the kernel is the model's own. Names and files were looked up in a tree of v5.13-rc6; a later version is said.

${tables.join("\n\n")}
`;
}

function functionRow({name, how, of}: FunctionRow): string[] {
  const files = [...new Set(of.map(fileText))].join(", ");
  const names = of.map((one) => code(`${one.name}()`)).join(", ");
  if (how === "own") return [code(`${name}()`), "the model's own", ""];
  return [code(`${name}()`), how === "part" ? `part of ${names}` : names, files];
}

function fileText({file, version}: KernelFunction): string {
  return version ? `${file}, ${version}` : file;
}

// Words

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function sum(kinds: readonly Counted[], key: "agreed" | "of"): number {
  return kinds.reduce((all, kind) => all + kind[key], 0);
}

function count(n: number, what: string): string {
  return `${number(n)} ${what}${n === 1 ? "" : "s"}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
