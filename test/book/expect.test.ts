import {expect, it} from "vitest";
import {expectationsOf, unmet} from "../../src/book/expect.ts";
import {print} from "../../src/book/print.ts";

it("a line // → says how what was displayed prints", () => {
  expect(expectationsOf("display(a)\n// → 1\n  // → [2, 3]")).toEqual([
    {line: 2, text: "1"},
    {line: 3, text: "[2, 3]"},
  ]);
});

it("is met in the order of the text; displays without one are passed over", () => {
  const source = "f()\n// → 1\n// → 3";
  expect(unmet(source, ["1", "2", "3"])).toEqual([]);
  expect(unmet(source, ["3", "1"])).toEqual([
    'line 3 of the cell says it shows "3", but it shows nothing',
  ]);
});

it("a string may be written without its quotes, and … stands for anything", () => {
  expect(unmet("// → 2 findings", [print("2 findings")])).toEqual([]);
  expect(unmet("// → Found. … steps", ["Found. In 3 states. 30 steps"])).toEqual([]);
  expect(unmet("// → Found. …", ["Holds."])).toHaveLength(1);
});

it("values print as a reader would write them", () => {
  expect(print({a: [1, "x"], b: null, c: new Map([[1, new Set([2])]])})).toBe(
    '{a: [1, "x"], b: null, c: Map {1 => Set [2]}}',
  );
  expect(print([-0, 3n, undefined, function* f() {}])).toBe(
    "[-0, 3n, undefined, function* f()]",
  );
});
