// Every assignment: the reference solution scores full marks, and every wrong one loses exactly what its note names, each time with a schedule
// that shows it again.

import variant from "@jitl/quickjs-wasmfile-release-sync";
import {guest} from "virtual:oracle-guest";
import {sources} from "virtual:kernel-source";
import {beforeAll, describe, expect, it} from "vitest";
import {assignments} from "../../notebooks/index.ts";
import {
  judge,
  withHidden,
  type Engine,
  type Property,
  type Results,
} from "../../src/grade/index.ts";
import {loadQuickJS} from "../../src/oracle/index.ts";
import {solutionsOf, starterOf, submissionOf} from "./solutions.ts";

let engine: Engine;

beforeAll(async () => {
  engine = {sources, guest, quickjs: await loadQuickJS(variant)};
});

function lost({properties}: Results): string[] {
  return properties.filter(({earned, points}) => earned < points).map(({id}) => id);
}

describe.each(assignments)("$name", (assignment) => {
  const {name} = assignment;
  const course = {assignment, starter: starterOf(name), edition: "test"};
  const solutions = solutionsOf(name);

  it("what is handed out scores nothing", () => {
    const text = submissionOf(name, {cells: new Map()});
    const {score, properties} = judge({file: "starter.html", text}, course, engine);
    expect(score).toBe(0);
    expect(new Set(properties.map(({status}) => status))).toEqual(new Set(["not_attempted"]));
  });

  it.each(solutions)("$name loses exactly: $loses", (solution) => {
    const text = submissionOf(name, solution);
    const results = judge({file: "solution.html", text}, course, engine);
    const said = results.properties.map(
      ({id, status, message}) => `${id}: ${status} ${message}`,
    );
    expect(lost(results), said.join("\n")).toEqual(
      assignment.properties.map(({id}) => id).filter((id) => solution.loses.includes(id)),
    );
    expect(JSON.stringify(judge({file: "solution.html", text}, course, engine))).toBe(
      JSON.stringify(results),
    );
  });

  it("the right solutions pass the example hidden checks, and some wrong one fails one of them", async () => {
    const path = `../../notebooks/${name}/teacher/hidden.ts`;
    const {hidden} = (await import(/* @vite-ignore */ path)) as {hidden: readonly Property[]};
    const all = {...course, assignment: withHidden(assignment, hidden)};
    const lostBy = solutions.map((solution) =>
      lost(judge({file: "a.html", text: submissionOf(name, solution)}, all, engine)),
    );
    const ids = hidden.map(({id}) => id);
    const isRight = ({loses}: (typeof solutions)[number]) => loses.length === 0;
    expect(lostBy.filter((_, i) => isRight(solutions[i])).flat()).toEqual([]);
    expect(lostBy.flat().filter((id) => ids.includes(id))).not.toEqual([]);
  }, 300_000);

  it("has at least six wrong solutions, each with its reason", () => {
    const wrong = solutions.filter((solution) => solution.name.startsWith("wrong/"));
    expect(wrong.length).toBeGreaterThanOrEqual(6);
    expect(wrong.filter(({loses, because}) => loses.length === 0 || because === "")).toEqual(
      [],
    );
  });
});
