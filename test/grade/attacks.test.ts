// Attacks on the grader, handed in as submissions: none gets a point that it did not earn, none stops it, and each is reported as one of the statuses.

import {existsSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Results} from "../../src/grade/index.ts";
import {solutionsOf, submissionOf} from "../notebooks/solutions.ts";
import {answerWith, attacks} from "./attacks.ts";
import {gradeFolder} from "./command.ts";

const NAME = "06-try-get-compound-head";
const STATUSES = [
  "pass",
  "fail",
  "hang",
  "memory",
  "error",
  "nondeterministic",
  "not_attempted",
];

const folder = mkdtempSync(join(tmpdir(), "tailpage-attacks-"));
afterAll(() => rmSync(folder, {recursive: true}));

function handIn(file: string, cell: string): void {
  const text = submissionOf(NAME, {cells: new Map([[20, cell]])});
  writeFileSync(join(folder, `${file}.html`), text);
}

describe("an attack", () => {
  let all: readonly Results[];
  const of = (file: string) => all.find((each) => each.file === `${file}.html`)!;

  beforeAll(async () => {
    attacks.forEach((attack, i) => handIn(`attack-${i}`, answerWith(attack)));
    handIn("honest", answerWith({name: "none", body: ""}));
    handIn("reference", solutionsOf(NAME)[0].cells.get(20)!);
    const {results, code} = await gradeFolder(folder, ["--seconds", "20"]);
    expect(code).toBe(0);
    all = results;
  }, 600_000);

  it.each(attacks.map(({name}, i) => ({name, i})))("$name: earns nothing", ({i}) => {
    const honest = of("honest").properties;
    const {properties} = of(`attack-${i}`);
    const said = properties.map(({id, status, message}) => `${id}: ${status} ${message}`);
    expect(properties.length).toBe(honest.length);
    for (const [j, {id, status, earned}] of properties.entries()) {
      expect(STATUSES).toContain(status);
      expect(earned, `${id}\n${said.join("\n")}`).toBeLessThanOrEqual(honest[j].earned);
    }
  });

  it("leaves others as they are, and this machine", () => {
    const {properties} = of("reference");
    const mine = properties.filter(({status}) => status !== "not_attempted");
    expect(mine.map(({status}) => status)).toEqual(mine.map(() => "pass"));
    expect(mine.length).toBeGreaterThan(3);
    expect(existsSync("/tmp/tailpage-attack")).toBe(false);
  });
});
