// What grading gives, in the forms that others want.

import {packShared} from "../src/book/shared_link.ts";
import {
  autolab,
  coderunner,
  csv,
  feedbackMarkdown,
  githubClassroom,
  gradescope,
  junit,
  linksOf,
  prairielearn,
  type Lateness,
  type Links,
  type Results,
} from "../src/grade/index.ts";
import {CliError} from "./errors.ts";

/** Of one submission. */
const ONE: Readonly<Record<string, (results: Results, links: Links) => string>> = {
  gradescope: (results, links) => json(gradescope(results, {links})),
  prairielearn: (results, links) => json(prairielearn(results, links)),
  autolab: (results, links) => `${autolab(results, {links})}\n`,
  "github-classroom": (results, links) => json(githubClassroom(results, links)),
  coderunner: (results, links) => json(coderunner(results, links)),
  feedback: (results, links) => feedbackMarkdown(results, links),
};

/** Of all together. */
const ALL = ["csv", "junit"];

export function checkFormat(name: string): void {
  if (Object.hasOwn(ONE, name) || ALL.includes(name)) return;
  const known = [...Object.keys(ONE), ...ALL].sort().join(", ");
  throw new CliError(`there is no format "${name}": it is one of ${known}`);
}

/** A text, and what it is called if it becomes a file. */
export type Text = {readonly name: string; readonly text: string};

export async function formatted(
  format: string,
  all: readonly Results[],
  {book, lateness}: {book: string; lateness: ReadonlyMap<string, Lateness>},
): Promise<Text[]> {
  if (format === "csv") return [{name: "grades.csv", text: csv(all, {lateness})}];
  const links = new Map<Results, Links>();
  for (const results of all) links.set(results, await linksOf(results, book, packShared));
  if (format === "junit")
    return [{name: "junit.xml", text: junit(all, (results) => links.get(results)!)}];
  const ending = format === "feedback" ? "feedback.md" : `${format}.json`;
  return all.map((results) => ({
    name: `${stemOf(results)}.${ending}`,
    text: ONE[format](results, links.get(results)!),
  }));
}

export function stemOf({file}: Results): string {
  return file.replace(/\.html?$/, "");
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
