// The result of one step of GitHub Classroom's autograding. Its reporter wants it in base64, which is left to the caller, and says nothing at all
// where max_score is 0.

import {asText} from "../blocks.ts";
import {hiddenFeedback, propertyFeedback, replayOf} from "../feedback.ts";
import type {Links} from "../links.ts";
import type {PropertyResult, Results} from "../results.ts";
import {hiddenOf, nameHidden, shownOf} from "../shown.ts";
import {isError} from "../status.ts";

export type ClassroomStatus = "pass" | "fail" | "error";

export type ClassroomTest = {
  readonly name: string;
  readonly status: ClassroomStatus;
  readonly score: number;
  readonly message: string;
  /** What shows it again. */
  readonly test_code: string;
  readonly filename: string;
  readonly line_no: number;
  /** Always 0: the same submission gives the same bytes. */
  readonly duration: number;
};

export type Classroom = {
  readonly version: 1;
  readonly status: ClassroomStatus;
  readonly max_score: number;
  readonly tests: readonly ClassroomTest[];
};

export function githubClassroom(results: Results, links: Links = new Map()): Classroom {
  const {file} = results;
  return {
    version: 1,
    status: statusOfAll(results),
    max_score: results.maxScore,
    tests: [
      ...shownOf(results).map((property) => testOf(property, file, links.get(property.id))),
      ...hiddenTests(results),
    ],
  };
}

/** An error where nothing could be judged; otherwise one that fails makes all fail. */
function statusOfAll({properties}: Results): ClassroomStatus {
  if (properties.every(({status}) => isError(status))) return "error";
  return properties.every(({status}) => status === "pass") ? "pass" : "fail";
}

function testOf(property: PropertyResult, file: string, link?: string): ClassroomTest {
  const {title, status, earned, counterexample} = property;
  return {
    name: title,
    status: isError(status) ? "error" : status === "pass" ? "pass" : "fail",
    score: earned,
    message: asText(propertyFeedback(property, link)),
    test_code: counterexample ? replayOf(counterexample) : "",
    filename: file,
    line_no: 0,
    duration: 0,
  };
}

function hiddenTests(results: Results): ClassroomTest[] {
  const hidden = hiddenOf(results);
  if (!hidden) return [];
  return [
    {
      name: nameHidden(hidden),
      status: hidden.passed ? "pass" : "fail",
      score: hidden.earned,
      message: asText(hiddenFeedback(results)),
      test_code: "",
      filename: results.file,
      line_no: 0,
      duration: 0,
    },
  ];
}
