// Cells that cannot be put into an order, and what their readers are told.

import {expect, it} from "vitest";
import {compileCell} from "../../src/book/cell.ts";
import {cellName, dataflowProblems} from "../../src/book/graph.ts";

const problemsOf = (...sources: string[]) => [
  ...dataflowProblems(sources.map((source, i) => compileCell(`cell-${i + 1}`, source))),
];

it("a circle names every cell and every name that makes it", () => {
  expect(problemsOf("const a = b, other = 1;", "const b = a;", "b + other")).toEqual([
    [
      "cell-1",
      expect.stringMatching(
        /^circular definition: the cell of a, other needs b, the cell of b needs a \(/,
      ),
    ],
    [
      "cell-2",
      expect.stringMatching(
        /^circular definition: the cell of b needs a, the cell of a, other needs b \(/,
      ),
    ],
  ]);
});

it("a name that is given twice names the other cell by how it begins", () => {
  expect(problemsOf("const a = 1;", "const a = 2;")).toEqual([
    [
      "cell-1",
      expect.stringContaining(
        "a is defined more than once, here and in the cell that begins “const a = 2;”",
      ),
    ],
    ["cell-2", expect.stringContaining("“const a = 1;”")],
  ]);
});

it("cells that fit together have no problem", () => {
  expect(problemsOf("const a = 1;", "const b = a;", "a + b")).toEqual([]);
});

it("a cell is known by what it gives, or by how it begins", () => {
  expect(cellName({outputs: ["a", "b"], source: ""})).toBe("the cell of a, b");
  const long = "x".repeat(50);
  expect(cellName({outputs: [], source: `\n${long}\nmore`})).toBe(
    `the cell that begins “${"x".repeat(39)}…”`,
  );
});
