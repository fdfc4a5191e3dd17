import {expect, it} from "vitest";
import {parseChapter} from "../../src/book/chapter.ts";
import {compileCell} from "../../src/book/cell.ts";
import {placeIn} from "../../src/book/frames.ts";
import {complaints, runChapter} from "../../src/book/run-chapter.ts";

function chapterOf(...cells: string[]) {
  const text = ["# T", ...cells.map((cell) => "```ts\n" + cell + "\n```")].join("\n\n");
  const cut = () => {
    throw new Error("no kernel here");
  };
  return parseChapter({name: "01-t.md", text}, {cut, highlight: (code) => code});
}

it("cells run in the order of what they need, not of the page", async () => {
  const runs = await runChapter(chapterOf("a + 1\n// → 42", "const a = 41;"));
  expect(complaints("t", runs)).toEqual([]);
  expect(runs[0]!.displayed).toEqual(["42"]);
});

it("a button counts as pressed once, and a control gives its value to other cells", async () => {
  const chapter = chapterOf(
    'const n = view(button("go"));',
    "const m = view(range([0, 10], {value: 7}));",
    "n + m",
  );
  expect((await runChapter(chapter))[2]!.displayed).toEqual(["8"]);
});

it("promises are awaited between cells, and generators give their latest value", async () => {
  const runs = await runChapter(
    chapterOf(
      "const a = Promise.resolve(2);",
      "const b = (function* () { yield 3; })();",
      "a * b",
    ),
  );
  expect(runs[2]!.displayed).toEqual(["6"]);
});

it("builtins are handed in", async () => {
  const kernel = {explore: async (race: string) => ({race, findings: [1, 2]})};
  const verdict = ({race, findings}: {race: string; findings: unknown[]}) =>
    `Found. ${findings.length} in ${race}`;
  const chapter = chapterOf(
    'verdict(await kernel.explore("lost_update"))\n// → Found. 2 in lost_update',
  );
  expect(complaints("t", await runChapter(chapter, {builtins: {kernel, verdict}}))).toEqual([]);
});

it("a cell that goes wrong is told with its place, and so is one that waits for it", async () => {
  const runs = await runChapter(chapterOf("const a: number = nothing.x;", "a", "1\n// → 2"));
  expect(complaints("01-t.md", runs)).toEqual([
    "01-t.md, cell-1 (line 4): nothing is not defined",
    "01-t.md, cell-2 (line 8): nothing is not defined",
    '01-t.md, cell-3 (line 12): line 2 of the cell says it shows "2", but it shows 1',
  ]);
});

it("an error at run time is placed at its line of the cell", async () => {
  const source = "type A = {\n  a: number;\n};\n\nconst a: A = (null as unknown as {b: A}).b;";
  const cell = compileCell("cell-9", source);
  const AsyncFunction = (async () => {}).constructor as new (
    ...names: string[]
  ) => () => Promise<unknown>;
  const run = new AsyncFunction("__turn", `${cell.body}\n//# sourceURL=cells/cell-9.ts`);
  const error: unknown = await run().catch((e: unknown) => e);
  expect(placeIn(cell, error).line).toBe(5);
});
