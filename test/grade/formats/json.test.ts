// PrairieLearn, Autolab, GitHub Classroom and CodeRunner: field by field, and no word of what is hidden.

import {describe, expect, it} from "vitest";
import {
  autolab,
  coderunner,
  coderunnerTest,
  githubClassroom,
  prairielearn,
} from "../../../src/grade/index.ts";
import {
  all,
  awkward,
  errors,
  full,
  nothing,
  partial,
  SECRETS,
  unread,
  zero,
} from "../examples.ts";

const each = all.map((results) => [results.file, results] as const);
const keys = (value: object): string[] => Object.keys(value).sort();

it.each(each)("%j: the same every time, whatever the system", (_, results) => {
  for (const write of [prairielearn, githubClassroom, coderunner])
    expect(JSON.stringify(write(results))).toBe(JSON.stringify(write(results)));
  expect(autolab(results, {semantic: true})).toBe(autolab(results, {semantic: true}));
});

describe("PrairieLearn", () => {
  it.each(each)("%j has every field, and a score from 0 to 1", (_, results) => {
    const written = prairielearn(results);
    expect(keys(written)).toEqual([
      ...["format_errors", "gradable", "images", "message", "output", "score", "tests"],
    ]);
    expect(written.score).toBeGreaterThanOrEqual(0);
    expect(written.score).toBeLessThanOrEqual(1);
    for (const test of written.tests) {
      expect(keys(test)).toEqual([
        ...["description", "images", "max_points", "message", "name", "output", "points"],
      ]);
      expect(test.points).toBeLessThanOrEqual(test.max_points);
    }
  });

  it("full marks are 1, parts are a part", () => {
    expect(prairielearn(full).score).toBe(1);
    expect(prairielearn(partial).score).toBe(0.3);
    expect(prairielearn(errors).score).toBe(0);
    expect(prairielearn(zero).score).toBe(0);
    expect(prairielearn(nothing).score).toBe(0);
  });

  it("a file that cannot be read is not gradable, and says why", () => {
    const {gradable, format_errors} = prairielearn(unread);
    expect([gradable, format_errors]).toEqual([false, ["this is no notebook"]]);
    expect(prairielearn(full).gradable).toBe(true);
  });

  it("hidden properties are one test, without a word of them", () => {
    const written = prairielearn(partial);
    expect(
      written.tests.map(({name, points, max_points}) => [name, points, max_points]),
    ).toEqual([
      ["The title of right.", 0, 4],
      ["The title of cheap.", 1, 1],
      ["2 hidden checks, worth 5 points", 2, 5],
    ]);
    expect(JSON.stringify(written)).not.toMatch(SECRETS);
  });
});

describe("Autolab", () => {
  it("the last line is the scores by problem", () => {
    expect(autolab(full)).toBe(`{"scores":{"right":4,"cheap":1}}\n`);
    expect(autolab(partial)).toBe(`{"scores":{"right":0,"cheap":1,"hidden checks":2}}\n`);
    expect(autolab(full, {scoreboard: true})).toBe(
      `{"scores":{"right":4,"cheap":1},"scoreboard":[5]}\n`,
    );
  });

  it.each(each)("%j: the line before it is the feedback, in stages", (_, results) => {
    const lines = autolab(results, {semantic: true}).split("\n");
    expect(lines).toHaveLength(3);
    const {_presentation, stages, ...rest} = JSON.parse(lines[0]) as Record<string, unknown>;
    expect([_presentation, stages, Object.keys(rest)]).toEqual([
      "semantic",
      ["Checks"],
      ["Checks"],
    ]);
    const tests = Object.values(
      rest.Checks as Record<string, {passed: boolean; hint?: string}>,
    );
    for (const {passed, hint} of tests) {
      expect(typeof passed).toBe("boolean");
      expect(["string", "undefined"]).toContain(typeof hint);
    }
    expect(keys(JSON.parse(lines[1]) as object)).toEqual(["scores"]);
    expect(lines.join("\n")).not.toMatch(SECRETS);
  });

  it("a hint has the run", () =>
    expect(autolab(partial, {semantic: true})).toContain("tailpage replay gup_fast_vs_split~"));
});

describe("GitHub Classroom", () => {
  it.each(each)("%j has every field", (_, results) => {
    const written = githubClassroom(results);
    expect(keys(written)).toEqual(["max_score", "status", "tests", "version"]);
    expect(written.version).toBe(1);
    expect(written.max_score).toBe(results.maxScore);
    for (const test of written.tests) {
      expect(keys(test)).toEqual([
        ...[
          "duration",
          "filename",
          "line_no",
          "message",
          "name",
          "score",
          "status",
          "test_code",
        ],
      ]);
      expect(["pass", "fail", "error"]).toContain(test.status);
      expect(test.filename).toBe(results.file);
    }
    expect(written.tests.reduce((sum, {score}) => sum + score, 0)).toBe(results.score);
    expect(JSON.stringify(written)).not.toMatch(SECRETS);
  });

  it("is a pass, a failure, or an error where nothing could be judged", () => {
    const statusOf = (i: number) => githubClassroom(all[i]).status;
    expect([0, 1, 2, 3, 4].map(statusOf)).toEqual(["pass", "fail", "fail", "fail", "error"]);
    expect(githubClassroom(nothing).status).toBe("error");
    expect(githubClassroom(errors).tests.map(({status}) => status)).toEqual([
      ...["error", "error", "error", "error", "fail"],
    ]);
  });

  it("what shows it again is the code of the test", () =>
    expect(githubClassroom(partial).tests.map(({test_code}) => test_code)).toEqual([
      "tailpage replay gup_fast_vs_split~pages-2~1w74qjh1~a14b11a5 --livepatch answer.ts",
      ...["", ""],
    ]));
});

describe("CodeRunner", () => {
  it.each(each)("%j has every field, and rows as wide as the header", (_, results) => {
    const written = coderunner(results);
    expect(keys(written)).toEqual([
      ...["epiloguehtml", "fraction", "prologuehtml", "showdifferences", "showoutputonly"],
      "testresults",
    ]);
    const [header, ...rows] = written.testresults;
    expect(header).toEqual(["iscorrect", "Check", "Points", "What is wrong", "ishidden"]);
    expect(rows).toHaveLength(results.properties.length);
    for (const row of rows) expect(row).toHaveLength(header.length);
    expect(written.fraction).toBeGreaterThanOrEqual(0);
    expect(written.fraction).toBeLessThanOrEqual(1);
  });

  it("keeps rows from students, and tells them how many", () => {
    const {testresults, epiloguehtml, prologuehtml} = coderunner(partial);
    expect(testresults.slice(1).map((row) => [row[0], row[4]])).toEqual([
      ...[
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    ]);
    expect(epiloguehtml).toContain(
      "There are 2 hidden checks, worth 5 points: 2 points earned.",
    );
    expect(epiloguehtml + prologuehtml).not.toMatch(SECRETS);
    expect(JSON.stringify(testresults)).not.toMatch(/secret_race|secret step/);
  });

  it("HTML of ours has no tag of a student", () => {
    const {epiloguehtml, prologuehtml} = coderunner(awkward);
    expect(epiloguehtml + prologuehtml).not.toMatch(/<script/);
    expect(epiloguehtml).toContain(
      "J\u00fcrgen, &quot;J\u00fc&quot; &lt;script&gt;alert(&#39;1&#39;)",
    );
  });

  it("one property as one test, hidden ones without a word", () => {
    const tests = partial.properties.map((property) => coderunnerTest(property));
    for (const test of tests)
      expect(keys(test)).toEqual(["abort", "comment", "expected", "fraction", "got"]);
    expect(tests.map(({fraction}) => fraction)).toEqual([0, 1, 1, 0]);
    expect(tests[0].comment).toContain("the head is gone");
    expect(JSON.stringify(tests)).not.toMatch(SECRETS);
    expect(zero.properties.map((one) => coderunnerTest(one).fraction)).toEqual([1, 0]);
  });
});
