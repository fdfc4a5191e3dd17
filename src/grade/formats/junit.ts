// JUnit XML, which every CI server reads. It knows no points, so they stand among the properties. No time is written: the same submissions give
// the same bytes.

import {asText} from "../blocks.ts";
import {hiddenFeedback, propertyFeedback} from "../feedback.ts";
import type {Links} from "../links.ts";
import {escapeMarkup} from "../markup.ts";
import {sum} from "../points.ts";
import type {PropertyResult, Results} from "../results.ts";
import {hiddenOf, nameHidden, shownOf} from "../shown.ts";
import {isError} from "../status.ts";

/** One suite for each submission, one case for each property. `linksOf` gives the links of a submission. */
export function junit(
  all: readonly Results[],
  linksOf: (results: Results) => Links = () => new Map(),
): string {
  const suites = all.map((results) => ({results, cases: casesOf(results, linksOf(results))}));
  const counts = countsOf(suites.flatMap(({cases}) => cases));
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites${attributes({name: "tailpage", ...counts})}>`,
    ...suites.flatMap(({results, cases}) => writeSuite(results, cases)),
    `</testsuites>`,
    ``,
  ].join("\n");
}

type Case = {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  readonly message: string;
  /** The word for what became of it. */
  readonly type: string;
  readonly output: string;
  readonly properties: Readonly<Record<string, string | number>>;
};

function casesOf(results: Results, links: Links): Case[] {
  if (results.properties.length === 0) return [unreadCase(results)];
  const shown = shownOf(results).map((property) => caseOf(property, links.get(property.id)));
  const hidden = hiddenOf(results);
  if (!hidden) return shown;
  const {count, points, earned, passed} = hidden;
  const together: Case = {
    name: nameHidden(hidden),
    outcome: passed ? "passed" : "failure",
    message: passed ? "" : asText(hiddenFeedback(results)).trim(),
    type: passed ? "pass" : "fail",
    output: "",
    properties: {points: earned, max_points: points, hidden: count},
  };
  return [...shown, together];
}

/** Of no assignment: without a case that fails, a server would take it for right. */
function unreadCase({file, notes}: Results): Case {
  const message = notes.join("\n");
  return {name: file, outcome: "error", message, type: "error", output: "", properties: {}};
}

function caseOf(property: PropertyResult, link?: string): Case {
  const {id, title, status, message, points, earned} = property;
  return {
    name: title,
    outcome: outcomeOf(property),
    message,
    type: status,
    output: asText(propertyFeedback(property, link)),
    properties: {id, points: earned, max_points: points},
  };
}

function outcomeOf({status}: PropertyResult): Case["outcome"] {
  if (status === "pass") return "passed";
  if (status === "not_attempted") return "skipped";
  return isError(status) ? "error" : "failure";
}

function countsOf(cases: readonly Case[]) {
  const count = (outcome: Case["outcome"]) =>
    sum(cases.map((one) => (one.outcome === outcome ? 1 : 0)));
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    assertions: cases.length,
  };
}

function writeSuite(results: Results, cases: readonly Case[]): string[] {
  const {assignment, edition, file, student, receipt, score, maxScore, notes} = results;
  const name = [assignment, student || file].filter(Boolean).join(": ");
  const about = {student, receipt, edition, points: score, max_points: maxScore};
  return [
    `  <testsuite${attributes({name, ...countsOf(cases), file})}>`,
    ...writeProperties(about, "    "),
    ...cases.flatMap((one) => writeCase(one, assignment, file)),
    ...(notes.length > 0 ? [`    ${element("system-err", {}, notes.join("\n"))}`] : []),
    `  </testsuite>`,
  ];
}

function writeCase(one: Case, classname: string, file: string): string[] {
  const {name, outcome, message, type, output, properties} = one;
  return [
    `    <testcase${attributes({name, classname, assertions: 1, file})}>`,
    ...writeProperties(properties, "      "),
    ...(outcome === "passed" ? [] : [`      ${writeOutcome(outcome, message, type)}`]),
    ...(output ? [`      ${element("system-out", {}, output)}`] : []),
    `    </testcase>`,
  ];
}

function writeOutcome(
  outcome: Exclude<Case["outcome"], "passed">,
  message: string,
  type: string,
): string {
  return `<${outcome}${attributes(outcome === "skipped" ? {message} : {message, type})}/>`;
}

function writeProperties(
  properties: Readonly<Record<string, string | number>>,
  indent: string,
): string[] {
  if (Object.keys(properties).length === 0) return [];
  const each = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property${attributes({name, value})}/>`,
  );
  return [`${indent}<properties>`, ...each, `${indent}</properties>`];
}

function element(
  name: string,
  values: Readonly<Record<string, string | number>>,
  text: string,
): string {
  return `<${name}${attributes(values)}>${escapeMarkup(text)}</${name}>`;
}

/** A reader of XML would make a blank of a line break that stands in an attribute as it is. */
function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${writeAttribute(String(value))}"`)
    .join("");
}

function writeAttribute(text: string): string {
  return escapeMarkup(text).replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}
