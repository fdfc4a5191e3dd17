// Grading again: what changes is told, and no score falls in silence.

import {describe, expect, it} from "vitest";
import {
  describeRegrade,
  readOverrides,
  regrade,
  regradeCsv,
  type Results,
} from "../../src/grade/index.ts";
import {nothing, property, resultsOf} from "./examples.ts";

const graded = (file: string, right: boolean, cheap: boolean, said: Partial<Results> = {}) =>
  resultsOf(
    [
      property("right", {points: 4, status: right ? "pass" : "fail"}),
      property("cheap", {points: 1, status: cheap ? "pass" : "hang"}),
    ],
    {file: `${file}.html`, student: file, ...said},
  );

const old = [
  graded("rises", false, true),
  graded("falls", true, true),
  graded("same", true, false),
  graded("gone", true, true),
];
const now = [
  graded("rises", true, false),
  graded("falls", false, true),
  graded("same", true, false),
  graded("new", false, true),
];
const files = (rows: readonly {file: string}[]) => rows.map(({file}) => file);

describe("each submission is told once", () => {
  const {risen, fallen, same, added, missing} = regrade(old, now);

  it("risen, fallen, the same, new, missing", () =>
    expect([risen, fallen, same, added, missing].map(files)).toEqual([
      ...[["rises.html"], ["falls.html"], ["same.html"], ["new.html"], ["gone.html"]],
    ]));

  it("with what has changed of its properties, and that only", () => {
    expect(risen[0].changes).toEqual([
      {
        ...{id: "right", title: "The title of right."},
        before: {earned: 0, points: 4, status: "fail"},
        after: {earned: 4, points: 4, status: "pass"},
      },
      {
        ...{id: "cheap", title: "The title of cheap."},
        before: {earned: 1, points: 1, status: "pass"},
        after: {earned: 0, points: 1, status: "hang"},
      },
    ]);
    expect(same[0].changes).toEqual([]);
  });

  it("a score that would fall stays, unless it is told otherwise", () => {
    const {before, after, counts} = fallen[0];
    expect([before, after, counts]).toEqual([5, 1, 5]);
    expect(regrade(old, now, {lower: true}).fallen[0].counts).toBe(1);
    expect(risen[0].counts).toBe(4);
  });
});

it("what is set by hand counts, even where scores may fall", () => {
  const overrides = new Map([["falls.html", 3]]);
  for (const lower of [false, true]) {
    const [fallen] = regrade(old, now, {overrides, lower}).fallen;
    expect([fallen.override, fallen.counts]).toEqual([3, 3]);
  }
  const none = new Map([["falls.html", 0]]);
  expect(regrade(old, now, {overrides: none}).fallen[0].counts).toBe(0);
});

it("another file, and an assignment that has changed, are told", () => {
  const other = resultsOf([property("right"), property("new")], {
    file: "same.html",
    receipt: "x",
  });
  const {risen} = regrade(old, [other]);
  expect([risen[0].another, risen[0].maxBefore, risen[0].maxScore]).toEqual([true, 5, 8]);
  expect(risen[0].changes.map(({id, before, after}) => [id, !!before, !!after])).toEqual([
    ...[
      ["new", false, true],
      ["cheap", true, false],
    ],
  ]);
});

it("what could not be read, and now can be, rises", () => {
  const [rises] = regrade([{...nothing, file: "rises.html"}], now).risen;
  expect([rises.before, rises.after, rises.maxBefore, rises.maxScore]).toEqual([0, 4, 0, 5]);
});

it("as text: those that would fall first", () =>
  expect(describeRegrade(regrade(old, now))).toBe(
    `1 risen, 1 fallen, 1 the same, 1 new, 1 missing

Would fall, and keep what they had unless it says otherwise here:
  falls (falls.html): 5 of 5 -> 1 of 5; 5 counts
    right: passed, 4 of 4 points -> failed, 0 of 4 points

Risen:
  rises (rises.html): 1 of 5 -> 4 of 5; 4 counts
    right: failed, 0 of 4 points -> passed, 4 of 4 points
    cheap: passed, 1 of 1 point -> did not end, 0 of 1 point

New:
  new (new.html): 1

Missing, and the old score counts:
  gone (gone.html): 5
`,
  ));

it("as CSV: a row for each, and what was set by hand is there again", () => {
  const overrides = new Map([
    ["falls.html", 3],
    ["gone.html", 2.5],
  ]);
  const text = regradeCsv(regrade(old, now, {overrides}), overrides);
  expect(text.split("\r\n")).toEqual([
    "file,student,change,before,after,maxScore,score,override,properties",
    "falls.html,falls,fallen,5,1,5,3,3,right",
    "rises.html,rises,risen,1,4,5,4,,right cheap",
    "same.html,same,same,4,4,5,4,,",
    "new.html,new,new,,1,5,1,,",
    "gone.html,gone,missing,5,,5,2.5,2.5,",
    "",
  ]);
  expect(readOverrides(text)).toEqual(overrides);
});

describe("what cannot be compared", () => {
  it.each([
    [[old[0], old[0]], now, "rises.html is there twice"],
    [old, [{...now[0], assignment: "07"}], "rises.html is of 07, and rises.html of 06-try"],
  ])("%#", (a, b, message) => expect(() => regrade(a, b)).toThrow(message));

  it.each([
    ["file,score\na,1", 'the table of scores has no column "override"'],
    ["file,override\na,1\nb,much", 'the table of scores, line 3: "much" is no score'],
    ["file,override\na,-1", 'the table of scores, line 2: "-1" is no score'],
  ])("%j", (text, message) => expect(() => readOverrides(text)).toThrow(message));
});
