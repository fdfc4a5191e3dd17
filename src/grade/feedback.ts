// What a student reads: for each property whether it holds, what it cost, what went wrong in a sentence, the run in which it did, and how to
// see that run again.

import {asMarkdown, asText, type Block} from "./blocks.ts";
import type {Links} from "./links.ts";
import {sayPoints} from "./points.ts";
import type {Counterexample, PropertyResult, Results} from "./results.ts";
import {hiddenOf, nameHidden, shownOf} from "./shown.ts";
import {SIGNS, WORDS} from "./status.ts";

/** What goes wrong is at the end of a run. */
const MOST_STEPS = 40;
/** Where `tailpage replay` is to find what the student wrote: a name of ours, since a schedule does not know one. */
const ANSWER = "answer.ts";

export function feedbackMarkdown(results: Results, links: Links = new Map()): string {
  return asMarkdown(feedback(results, links));
}

export function feedbackText(results: Results, links: Links = new Map()): string {
  return asText(feedback(results, links));
}

export function feedback(results: Results, links: Links): Block[] {
  const {assignment, file, student, receipt, score, maxScore, notes} = results;
  const whose = [
    ...(student ? [`Student: ${student}.`] : []),
    ...(receipt ? [`Receipt: ${receipt}.`] : []),
  ];
  return [
    heading(`${assignment || file}: ${score} of ${sayPoints(maxScore)}`),
    ...(whose.length > 0 ? [text(whose.join(" "))] : []),
    ...notes.map((note) => text(`Note: ${note}`)),
    ...shownOf(results).flatMap((property) => [
      heading(headingOf(property)),
      ...propertyFeedback(property, links.get(property.id)),
    ]),
    ...hiddenFeedback(results),
  ];
}

function headingOf({title, status, points, earned}: PropertyResult): string {
  return `${SIGNS[status]} ${title} (${WORDS[status]}, ${earned} of ${sayPoints(points)})`;
}

/** Without what it is called. */
export function propertyFeedback(
  {status, message, points, earned, counterexample}: PropertyResult,
  link?: string,
): Block[] {
  if (status === "pass") return [];
  const lost = points - earned;
  return [
    ...(lost > 0 ? [text(`Points lost: ${lost}.`)] : []),
    ...(message ? [text(message)] : []),
    ...(counterexample ? counterexampleFeedback(counterexample, link) : []),
  ];
}

function counterexampleFeedback(counterexample: Counterexample, link?: string): Block[] {
  const {steps, livepatches} = counterexample;
  return [
    text("It happens when the steps come in this order:"),
    {kind: "code", lines: lastOf(steps)},
    text(
      livepatches.length > 0
        ? `To see it again, with what you wrote in ${ANSWER}:`
        : "To see it again:",
    ),
    {kind: "code", lines: [replayOf(counterexample)]},
    ...(link === undefined
      ? []
      : [{kind: "link" as const, text: "Open this run in the book", url: link}]),
  ];
}

function lastOf(steps: readonly string[]): string[] {
  const left = steps.length - MOST_STEPS;
  if (left <= 0) return [...steps];
  const said = left === 1 ? "1 earlier step is" : `${left} earlier steps are`;
  return [`(${said} left out)`, ...steps.slice(left)];
}

/** A line for a shell. */
export function replayOf({schedule, livepatches}: Counterexample): string {
  return `tailpage replay ${schedule}${livepatches.length > 0 ? ` --livepatch ${ANSWER}` : ""}`;
}

/** That there are hidden checks, and what they came to; nothing where there are none. */
export function hiddenFeedback(results: Results): Block[] {
  const hidden = hiddenOf(results);
  if (!hidden) return [];
  const are = hidden.count === 1 ? "There is" : "There are";
  return [text(`${are} ${nameHidden(hidden)}: ${sayPoints(hidden.earned)} earned.`)];
}

function heading(said: string): Block {
  return {kind: "heading", text: said};
}

function text(said: string): Block {
  return {kind: "text", text: said};
}
