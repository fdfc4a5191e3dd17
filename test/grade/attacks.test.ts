// Attacks on the grader, handed in as submissions: none gets a point that it did not earn, none stops it, and each is reported as one of the statuses.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {existsSync} from "node:fs";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {beforeAll, describe, expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";
import {judge, type Engine, type Results} from "../../src/grade/index.ts";
import {loadQuickJS} from "../../src/oracle/index.ts";
import {solutionsOf, starterOf, submissionOf} from "../notebooks/solutions.ts";
import {answerWith, attacks} from "./attacks.ts";

const NAME = "06-try-get-compound-head";
const assignment = assignments.find(({name}) => name === NAME)!;
const course = {assignment, starter: starterOf(NAME), edition: "test"};
const STATUSES = [
  "pass",
  "fail",
  "hang",
  "memory",
  "error",
  "nondeterministic",
  "not_attempted",
];

let engine: Engine;
beforeAll(async () => {
  engine = {sources, guest, quickjs: await loadQuickJS(variant)};
});

function grade(cell: string): Results {
  const text = submissionOf(NAME, {cells: new Map([[20, cell]])});
  return judge({file: "attack.html", text}, course, engine);
}

describe("an attack", () => {
  let honest: Results;
  beforeAll(() => {
    honest = grade(answerWith({name: "none", body: ""}));
  });

  it.each(attacks)("$name: earns nothing", (attack) => {
    const results = grade(answerWith(attack));
    const said = results.properties.map(
      ({id, status, message}) => `${id}: ${status} ${message}`,
    );
    for (const [i, {id, status, earned}] of results.properties.entries()) {
      expect(STATUSES).toContain(status);
      expect(earned, `${id}\n${said.join("\n")}`).toBeLessThanOrEqual(
        honest.properties[i].earned,
      );
    }
    expect(existsSync("/tmp/tailpage-attack")).toBe(false);
  });

  it("leaves the next submission as it is", () => {
    const reference = solutionsOf(NAME)[0].cells.get(20)!;
    const {score, maxScore} = grade(reference);
    const cells = assignment.properties.filter(({needs}) =>
      needs.includes("try_get_compound_head"),
    );
    expect(score).toBe(cells.reduce((sum, {points}) => sum + points, 0));
    expect(score).toBeLessThanOrEqual(maxScore);
  });
});
