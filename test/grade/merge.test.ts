// Parts of a grading make the whole, in whatever order they come.

import {expect, it} from "vitest";
import {mergeResults} from "../../src/grade/index.ts";
import {full, nothing, property, resultsOf} from "./examples.ts";

const of = (file: string, said = {}) => ({...full, file, ...said});
const part = (name: string, ...results: ReturnType<typeof of>[]) => ({name, results});

it("by file, whatever the order of the parts", () => {
  const [a, b] = [part("1.json", of("c"), of("a")), part("2.json", of("b"))];
  expect(mergeResults([a, b]).map(({file}) => file)).toEqual(["a", "b", "c"]);
  expect(JSON.stringify(mergeResults([b, a]))).toBe(JSON.stringify(mergeResults([a, b])));
  expect(mergeResults([part("3.json", nothing), a])).toHaveLength(3);
  expect(mergeResults([])).toEqual([]);
  expect(mergeResults([part("1.json"), b]).map(({file}) => file)).toEqual(["b"]);
});

it.each([
  [of("a"), "a is there twice: in 1.json and in 2.json"],
  [
    of("b", {assignment: "07"}),
    "2.json, b: the assignment is 07, and 06-try-get-compound-head in 1.json",
  ],
  [of("b", {edition: "new"}), "2.json, b: the edition is new, and k3f9x2ab in 1.json"],
  [of("b", {version: 2}), "2.json, b: the version of its format is 2, and 1 in 1.json"],
  [
    resultsOf([property("right")], {file: "b"}),
    "2.json, b: what is asked for is right 4, and right 4, cheap 1 in 1.json",
  ],
])("%#: not of one grading", (other, message) =>
  expect(() => mergeResults([part("1.json", of("a")), part("2.json", other)])).toThrow(message),
);
