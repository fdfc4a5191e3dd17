// The `results.json` of Gradescope: what `run_autograder` leaves in /autograder/results.

import {asMarkdown} from "../blocks.ts";
import {propertyFeedback} from "../feedback.ts";
import type {Links} from "../links.ts";
import type {PropertyResult, Results, Status} from "../results.ts";
import {hiddenOf, nameHidden} from "../shown.ts";
import {WORDS} from "../status.ts";

export type Visibility = "hidden" | "after_due_date" | "after_published" | "visible";
export type OutputFormat = "text" | "html" | "simple_format" | "md" | "ansi";

export type GradescopeTest = {
  readonly score: number;
  readonly max_score: number;
  /** Said, since Gradescope would make it from the points, and there may be none. */
  readonly status: "passed" | "failed";
  readonly name: string;
  readonly name_format: OutputFormat;
  readonly number: string;
  readonly output: string;
  readonly output_format: OutputFormat;
  readonly tags: readonly string[];
  readonly visibility: Visibility;
  readonly extra_data: {readonly id: string; readonly status: Status};
};

export type Gradescope = {
  /** Takes the place of the sum of the tests; the same, here. */
  readonly score: number;
  /** In seconds. */
  readonly execution_time?: number;
  readonly output: string;
  readonly output_format: OutputFormat;
  readonly test_output_format: OutputFormat;
  readonly test_name_format: OutputFormat;
  readonly visibility: Visibility;
  readonly stdout_visibility: Visibility;
  readonly extra_data: Pick<
    Results,
    "version" | "assignment" | "edition" | "file" | "student" | "receipt"
  >;
  readonly tests: readonly GradescopeTest[];
  readonly leaderboard?: readonly GradescopeLeader[];
};

export type GradescopeLeader = {
  readonly name: string;
  readonly value: number;
  /** Without it, most is best. */
  readonly order?: "asc";
};

export type GradescopeOptions = {
  readonly links?: Links;
  /** Students never see hidden properties, or do when grades are published; a counterexample they do not see even then. */
  readonly hidden?: "hidden" | "after_published";
  readonly seconds?: number;
  /** Students see each other's scores. */
  readonly leaderboard?: boolean;
};

export function gradescope(
  results: Results,
  {links = new Map(), hidden = "hidden", seconds, leaderboard = false}: GradescopeOptions = {},
): Gradescope {
  const {version, assignment, edition, file, student, receipt, score} = results;
  return {
    score,
    ...(seconds === undefined ? {} : {execution_time: seconds}),
    output: outputOf(results, hidden),
    output_format: "md",
    test_output_format: "md",
    test_name_format: "text",
    visibility: "visible",
    stdout_visibility: "hidden",
    extra_data: {version, assignment, edition, file, student, receipt},
    tests: results.properties.map((property, i) => testOf(property, i, {links, hidden})),
    ...(leaderboard ? {leaderboard: [{name: "Score", value: score}]} : {}),
  };
}

/** Students read it: nothing of how hidden checks came out, which Gradescope keeps from them. */
function outputOf(results: Results, visibility: GradescopeOptions["hidden"]): string {
  const {receipt, notes} = results;
  const hidden = hiddenOf(results);
  const when = visibility === "after_published" ? "until grades are published" : "to you";
  const said = [
    ...(receipt ? [`Receipt: ${receipt}`] : []),
    ...notes.map((note) => `Note: ${note}`),
    ...(hidden ? [`Not shown ${when}: ${nameHidden(hidden)}.`] : []),
  ];
  return asMarkdown(said.map((text) => ({kind: "text", text})));
}

function testOf(
  property: PropertyResult,
  i: number,
  {links, hidden}: Required<Pick<GradescopeOptions, "links" | "hidden">>,
): GradescopeTest {
  const {id, title, points, earned, status} = property;
  const isSecret = property.hidden && hidden !== "hidden";
  const told = isSecret ? {...property, counterexample: null} : property;
  return {
    score: earned,
    max_score: points,
    status: status === "pass" ? "passed" : "failed",
    name: title,
    name_format: "text",
    number: String(i + 1),
    output: asMarkdown(propertyFeedback(told, links.get(id))),
    output_format: "md",
    tags: [WORDS[status]],
    visibility: property.hidden ? hidden : "visible",
    extra_data: {id, status},
  };
}
