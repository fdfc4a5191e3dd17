// What a template of CodeRunner (Moodle) prints: for a whole question (a combinator template grader), or for one of its tests.

import {asHtml, asText} from "../blocks.ts";
import {hiddenFeedback, propertyFeedback} from "../feedback.ts";
import type {Links} from "../links.ts";
import {sayPoints, shareOf} from "../points.ts";
import type {PropertyResult, Results} from "../results.ts";
import {shownOf} from "../shown.ts";
import {SIGNS, WORDS} from "../status.ts";

/** CodeRunner draws a mark for `iscorrect`, and keeps a row from students where `ishidden` is 1. It escapes the cells. */
const HEADER = ["iscorrect", "Check", "Points", "What is wrong", "ishidden"] as const;

export type CodeRunnerRow = readonly [
  iscorrect: number,
  check: string,
  points: string,
  wrong: string,
  ishidden: 0 | 1,
];

export type CodeRunner = {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly prologuehtml: string;
  /** The header is the first of its rows. */
  readonly testresults: readonly [typeof HEADER, ...CodeRunnerRow[]];
  readonly epiloguehtml: string;
  readonly showoutputonly: boolean;
  readonly showdifferences: boolean;
};

export function coderunner(results: Results, links: Links = new Map()): CodeRunner {
  const {receipt, notes, properties} = results;
  const said = [
    ...(receipt ? [`Receipt: ${receipt}`] : []),
    ...notes.map((note) => `Note: ${note}`),
  ];
  return {
    fraction: shareOf(results),
    prologuehtml: asHtml(said.map((text) => ({kind: "text", text}))),
    testresults: [HEADER, ...properties.map(rowOf)],
    epiloguehtml: asHtml(epilogueOf(results, links)),
    showoutputonly: false,
    showdifferences: false,
  };
}

function rowOf({
  title,
  status,
  points,
  earned,
  message,
  hidden,
}: PropertyResult): CodeRunnerRow {
  const isCorrect = status === "pass" ? 1 : 0;
  return [isCorrect, title, `${earned} of ${points}`, message, hidden ? 1 : 0];
}

/** Students see it, so hidden properties are counted and no more. */
function epilogueOf(results: Results, links: Links) {
  const lost = shownOf(results).filter(({counterexample}) => counterexample !== null);
  return [
    ...lost.flatMap((property) => [
      {kind: "heading" as const, text: property.title},
      ...propertyFeedback(property, links.get(property.id)),
    ]),
    ...hiddenFeedback(results),
  ];
}

export type CodeRunnerTest = {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly got: string;
  readonly expected: string;
  readonly comment: string;
  /** Whether the tests that follow are left out: each is judged for itself, so never. */
  readonly abort: boolean;
};

/** One property as one test. Of a hidden one it says whether it holds, and no more: hide the test in the question as well. */
export function coderunnerTest(property: PropertyResult, link?: string): CodeRunnerTest {
  const {title, status, points, earned, hidden} = property;
  return {
    fraction: points > 0 ? earned / points : status === "pass" ? 1 : 0,
    got: `${SIGNS[status]} ${WORDS[status]}, ${earned} of ${sayPoints(points)}`,
    expected: hidden ? "" : title,
    comment: hidden ? "" : asText(propertyFeedback(property, link)),
    abort: false,
  };
}
