// Gradescope: every field has a value that the specification knows.

import MarkdownIt from "markdown-it";
import {describe, expect, it} from "vitest";
import {gradescope} from "../../../src/grade/index.ts";
import {all, awkward, full, partial, SECRETS, zero} from "../examples.ts";

const VISIBILITIES = ["hidden", "after_due_date", "after_published", "visible"];
const FORMATS = ["text", "html", "simple_format", "md", "ansi"];

describe.each(all.map((results) => [results.file, results] as const))("%j", (_, results) => {
  const written = gradescope(results);

  it("has a field only if Gradescope knows it", () => {
    expect(Object.keys(written).sort()).toEqual(
      [
        ...["extra_data", "output", "output_format", "score", "stdout_visibility"],
        ...["test_name_format", "test_output_format", "tests", "visibility"],
      ].sort(),
    );
    expect(FORMATS).toContain(written.output_format);
    expect(FORMATS).toContain(written.test_output_format);
    expect(FORMATS).toContain(written.test_name_format);
    expect(VISIBILITIES).toContain(written.visibility);
    expect(VISIBILITIES).toContain(written.stdout_visibility);
    expect(typeof written.output).toBe("string");
  });

  it("has tests whose points sum up to its score", () => {
    const sum = written.tests.reduce((score, test) => score + test.score, 0);
    expect([written.score, sum]).toEqual([results.score, results.score]);
  });

  it.each(written.tests.map((test) => [test.extra_data.id, test] as const))("%s", (_, test) => {
    expect(Object.keys(test).sort()).toEqual(
      [
        ...["score", "max_score", "status", "name", "name_format", "number", "output"],
        ...["output_format", "tags", "visibility", "extra_data"],
      ].sort(),
    );
    expect(["passed", "failed"]).toContain(test.status);
    expect(FORMATS).toContain(test.name_format);
    expect(FORMATS).toContain(test.output_format);
    expect(VISIBILITIES).toContain(test.visibility);
    expect(test.score).toBeLessThanOrEqual(test.max_score);
    expect(test.tags.every((tag) => typeof tag === "string")).toBe(true);
  });

  it("is the same every time", () =>
    expect(JSON.stringify(gradescope(results))).toBe(JSON.stringify(written)));
});

it("full marks: each test passes, and there is nothing to say", () => {
  const {score, tests} = gradescope(full);
  expect(score).toBe(5);
  expect(tests.map(({status, output, number}) => [number, status, output])).toEqual([
    ["1", "passed", ""],
    ["2", "passed", ""],
  ]);
});

it("no points to be had: what fails is still a failure", () =>
  expect(gradescope(zero).tests.map(({status}) => status)).toEqual(["passed", "failed"]));

describe("hidden properties", () => {
  it("are hidden, each with its run for the teacher, and their number is told", () => {
    const {output, tests} = gradescope(partial);
    expect(tests.map(({visibility}) => visibility)).toEqual([
      ...["visible", "visible", "hidden", "hidden"],
    ]);
    expect(tests[3].output).toContain("secret_race");
    expect(output).toContain("Not shown to you: 2 hidden checks, worth 5 points.");
    expect(JSON.stringify([output, tests.slice(0, 2)])).not.toMatch(SECRETS);
  });

  it("show no run where students see them after grades are published", () => {
    const {output, tests} = gradescope(partial, {hidden: "after_published"});
    expect(tests[3].visibility).toBe("after_published");
    expect(tests[3].output).toContain("the secret message");
    expect(JSON.stringify(tests)).not.toMatch(/secret_race|secret step/);
    expect(output).toContain("until grades are published: 2 hidden checks");
  });
});

it("a test that fails has the link to its run", () => {
  const links = new Map([["right", "https://book.example/06.html#shared=abc"]]);
  expect(gradescope(partial, {links}).tests[0].output).toContain(
    "[Open this run in the book](<https://book.example/06.html#shared=abc>)",
  );
});

it("time and leaderboard are there if they are asked for", () => {
  const {execution_time, leaderboard} = gradescope(full, {seconds: 1.5, leaderboard: true});
  expect(execution_time).toBe(1.5);
  expect(leaderboard).toEqual([{name: "Score", value: 5}]);
});

it("nothing of a student becomes markup", () => {
  const [{output}] = gradescope(awkward).tests;
  expect(new MarkdownIt({html: true}).render(output)).not.toMatch(/<(?!\/?(p|pre|code)>)/);
});
