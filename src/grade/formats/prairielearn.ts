// The `results.json` of PrairieLearn: what a grading container leaves in /grade/results.

import {asText} from "../blocks.ts";
import {hiddenFeedback, propertyFeedback} from "../feedback.ts";
import type {Links} from "../links.ts";
import {shareOf} from "../points.ts";
import type {PropertyResult, Results} from "../results.ts";
import {hiddenOf, nameHidden, shownOf} from "../shown.ts";
import {WORDS} from "../status.ts";

export type PrairieLearnImage = {readonly label: string; readonly url: string};

export type PrairieLearnTest = {
  readonly name: string;
  readonly description: string;
  readonly points: number;
  readonly max_points: number;
  readonly message: string;
  readonly output: string;
  readonly images: readonly PrairieLearnImage[];
};

export type PrairieLearn = {
  /** A file that cannot be read costs no attempt. */
  readonly gradable: boolean;
  readonly format_errors: readonly string[];
  /** From 0 to 1. */
  readonly score: number;
  readonly message: string;
  readonly output: string;
  readonly images: readonly PrairieLearnImage[];
  readonly tests: readonly PrairieLearnTest[];
};

export function prairielearn(results: Results, links: Links = new Map()): PrairieLearn {
  const {receipt, notes, score, maxScore} = results;
  const gradable = receipt !== "";
  return {
    gradable,
    format_errors: gradable ? [] : notes,
    score: shareOf(results),
    message: [`${score} of ${maxScore}`, ...notes].join("\n"),
    output: receipt ? `Receipt: ${receipt}\n` : "",
    images: [],
    tests: [
      ...shownOf(results).map((property) => testOf(property, links.get(property.id))),
      ...hiddenTests(results),
    ],
  };
}

function testOf(property: PropertyResult, link?: string): PrairieLearnTest {
  const {id, title, points, earned, status} = property;
  return {
    name: title,
    description: id,
    points: earned,
    max_points: points,
    message: WORDS[status],
    output: asText(propertyFeedback(property, link)),
    images: [],
  };
}

function hiddenTests(results: Results): PrairieLearnTest[] {
  const hidden = hiddenOf(results);
  if (!hidden) return [];
  return [
    {
      name: nameHidden(hidden),
      description: "hidden",
      points: hidden.earned,
      max_points: hidden.points,
      message: hidden.passed ? WORDS.pass : WORDS.fail,
      output: asText(hiddenFeedback(results)),
      images: [],
    },
  ];
}
