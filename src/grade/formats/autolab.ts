// What Autolab reads from standard output: the last line, and the line before it where feedback is to be laid out.

import {asText} from "../blocks.ts";
import {propertyFeedback} from "../feedback.ts";
import type {Links} from "../links.ts";
import type {PropertyResult, Results} from "../results.ts";
import {hiddenOf, nameHidden, shownOf} from "../shown.ts";

/** What the problem is called that the points of hidden properties go to. No id has a blank in it. */
export const HIDDEN_PROBLEM = "hidden checks";
const STAGE = "Checks";

export type AutolabScores = {
  /** By problem: the assessment must have one for each, called so. */
  readonly scores: Readonly<Record<string, number>>;
  readonly scoreboard?: readonly number[];
};

export type AutolabTest = {readonly passed: boolean; readonly hint?: string};

export type AutolabPresentation = {
  readonly _presentation: "semantic";
  readonly stages: readonly [typeof STAGE];
  readonly [STAGE]: Readonly<Record<string, AutolabTest>>;
};

export type AutolabOptions = {
  readonly links?: Links;
  /** Also write the line of feedback. */
  readonly semantic?: boolean;
  /** Students see each other's scores. */
  readonly scoreboard?: boolean;
};

/** The last line, or the last two: nothing may be printed after them. */
export function autolab(
  results: Results,
  {links = new Map(), semantic = false, scoreboard = false}: AutolabOptions = {},
): string {
  const scores = scoresOf(results);
  const last: AutolabScores = {scores, ...(scoreboard ? {scoreboard: [results.score]} : {})};
  const lines = semantic ? [presentation(results, links), last] : [last];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function scoresOf(results: Results): AutolabScores["scores"] {
  const hidden = hiddenOf(results);
  return Object.fromEntries([
    ...shownOf(results).map(({id, earned}) => [id, earned]),
    ...(hidden ? [[HIDDEN_PROBLEM, hidden.earned]] : []),
  ]);
}

function presentation(results: Results, links: Links): AutolabPresentation {
  const hidden = hiddenOf(results);
  const tests = shownOf(results).map((property) => [
    `${property.id}: ${property.title}`,
    testOf(property, links.get(property.id)),
  ]);
  const together = hidden ? [[nameHidden(hidden), {passed: hidden.passed}]] : [];
  return {
    _presentation: "semantic",
    stages: [STAGE],
    [STAGE]: Object.fromEntries([...tests, ...together]),
  };
}

function testOf(property: PropertyResult, link?: string): AutolabTest {
  if (property.status === "pass") return {passed: true};
  return {passed: false, hint: asText(propertyFeedback(property, link))};
}
