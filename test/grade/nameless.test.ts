// `tailpage grade --anonymise`: other names, the same verdicts.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, expect, it} from "vitest";
import {solutionsOf, submissionOf} from "../notebooks/solutions.ts";
import {gradeFolder} from "./command.ts";

/** Here answers depend on who gives them. */
const NAME = "01-lost-update";
const folder = mkdtempSync(join(tmpdir(), "tailpage-named-"));
const out = mkdtempSync(join(tmpdir(), "tailpage-nameless-"));
afterAll(() => [folder, out].forEach((each) => rmSync(each, {recursive: true})));

it("without names everybody has the score that they have with them", async () => {
  const [right, ...others] = solutionsOf(NAME);
  for (const solution of [right, others.find(({loses}) => loses.length > 0)!])
    writeFileSync(
      join(folder, `${solution.student}-${solution.loses.length}.html`),
      submissionOf(NAME, solution),
    );
  const named = await gradeFolder(folder);
  const salted = ["--anonymise", "--salt", "a-secret-of-this-course", "--out", out];
  const nameless = await gradeFolder(folder, salted);
  const scores = ({results}: typeof named) => results.map(({score}) => score).sort();
  expect(scores(nameless)).toEqual(scores(named));
  expect(scores(named)).toContain(named.results[0].maxScore);
  const keys = readFileSync(join(out, "keys.csv"), "utf8");
  expect(JSON.stringify(nameless)).not.toContain(right.student + "-0");
  expect(keys).toContain(`${right.student}-0.html`);
}, 120_000);
