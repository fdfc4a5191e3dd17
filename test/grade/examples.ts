// Results of every kind, as judge() gives them.

import {
  type Counterexample,
  type PropertyResult,
  type Results,
  type Status,
} from "../../src/grade/index.ts";
import {VERSION} from "../../src/grade/results.ts";

export const counterexample: Counterexample = {
  schedule: "gup_fast_vs_split~pages-2~1w74qjh1~a14b11a5",
  steps: ["GUP: page[3].compound_head -> page[0] | 1", "split: page[0]._refcount <- 0"],
  livepatches: [{name: "cell 20", text: "function* try_get_compound_head(page, refs) {}"}],
};

/** A counterexample of the hidden property: no student may ever read a word of it. */
export const secret: Counterexample = {
  schedule: "secret_race~1w74qjh1~a3b4",
  steps: ["secret step"],
  livepatches: [],
};

export function property(id: string, said: Partial<PropertyResult> = {}): PropertyResult {
  const {points = 4, status = "pass"} = said;
  return {
    id,
    title: `The title of ${id}.`,
    points,
    earned: status === "pass" ? points : 0,
    status,
    message: "",
    counterexample: null,
    hidden: false,
    ...said,
  };
}

export function resultsOf(
  properties: readonly PropertyResult[],
  said: Partial<Results> = {},
): Results {
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    version: VERSION,
    assignment: "06-try-get-compound-head",
    edition: "k3f9x2ab",
    file: "s1.html",
    student: "s1",
    receipt: "0abc1230def456",
    score: sum(properties.map(({earned}) => earned)),
    maxScore: sum(properties.map(({points}) => points)),
    properties,
    notes: [],
    ...said,
  };
}

export const full = resultsOf([property("right", {points: 4}), property("cheap", {points: 1})]);

/** A fail with its run, and two hidden properties: one that holds, one that does not. */
export const partial = resultsOf(
  [
    property("right", {status: "fail", message: "the head is gone", counterexample}),
    property("cheap", {points: 1}),
    property("deep", {points: 2, hidden: true, title: "The secret title."}),
    property("deeper", {
      ...{points: 3, hidden: true, title: "The secret title.", status: "fail"},
      ...{message: "the secret message", counterexample: secret},
    }),
  ],
  {notes: ["handed in from edition old, judged by k3f9x2ab"]},
);

const ERRORS: readonly Status[] = [
  ...(["hang", "memory", "error", "nondeterministic", "not_attempted"] as const),
];

export const errors = resultsOf(
  ERRORS.map((status) =>
    property(status.replace("_", "-"), {status, message: `it is ${status}`}),
  ),
  {file: "s2.html", student: "s2"},
);

/** Nothing can be earned. */
export const zero = resultsOf(
  [property("free", {points: 0}), property("lost", {points: 0, status: "fail", message: "no"})],
  {file: "s3.html", student: "s3"},
);

export const unread = resultsOf(
  [property("right", {status: "error", message: "no notebook"})],
  {
    ...{file: "s4.html", student: "", receipt: "", notes: ["this is no notebook"]},
  },
);

/** So far from being a submission that nobody knows of what. */
export const nothing = resultsOf([], {
  ...{assignment: "", edition: "", file: "notes.pdf", student: "", receipt: ""},
  ...{notes: ["this is no notebook of an assignment"]},
});

const AWKWARD = `Jürgen, "Jü" <script>alert('1')</script> & \u0000 ] | * _x_ \`\`\`\nzwei`;

export const awkward = resultsOf(
  [
    property("right", {
      title: AWKWARD,
      status: "fail",
      message: AWKWARD,
      counterexample: {...counterexample, steps: [AWKWARD, "`````"]},
    }),
  ],
  {file: `=HYPERLINK("x"),ü\n.html`, student: `=cmd|' /C calc'!A0`, notes: [AWKWARD]},
);

export const all = [full, partial, errors, zero, unread, awkward, nothing];

/** Words that only stand in hidden properties. */
export const SECRETS = /secret|deep/;
