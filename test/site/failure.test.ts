// What a reader is told of an error, and in whose text it stands.

import {RuntimeError} from "@observablehq/runtime";
import {describe, expect, it} from "vitest";
import {compileCell} from "../../src/book/cell.ts";
import {placeIn} from "../../src/book/frames.ts";
import {failureOf, placeOfName} from "../../site/failure.ts";

const makeUpstream = RuntimeError as unknown as new (message: string, input: string) => Error;
const cell = compileCell("here", "const a = 1;\nconst b = couter + a;");
const giver = compileCell("there", "const counter = 1;");
const tell = (error: unknown) => failureOf(cell, error, [cell, giver], ["kernel"]);

describe("an error of the runtime", () => {
  it("a name that nobody has stands at its place, with what may have been meant", () => {
    expect(tell(new makeUpstream("couter is not defined", "couter"))).toEqual({
      message:
        "couter is not defined: no cell of this chapter declares it (did you mean counter?)",
      line: 2,
      column: 11,
    });
  });

  it("a name like no other is to be declared", () => {
    expect(tell(new makeUpstream("zzz is not defined", "zzz")).message).toContain(
      "declare it in a cell",
    );
  });

  it("an error of another cell makes this one wait", () => {
    expect(tell(new makeUpstream("no such race", "counter"))).toMatchObject({
      message: "waits for counter, which has an error: no such race",
      isUpstream: true,
    });
  });
});

it("an error in a function of another cell stands at the call, and says where it arose", () => {
  const error = new Error("too far");
  error.stack = "Error: too far\n at f (cells/there.ts:4:9)\n at eval (cells/here.ts:3:1)";
  const before = placeIn({id: "here"}, error).line!;
  expect(tell(error)).toMatchObject({line: before});
  expect(tell(error).message).toMatch(/^too far \(at line \d of the cell of counter\)$/);
});

it("a loop that was stopped in another cell's function is no place of this one", () => {
  const stopped = Object.assign(new Error("too long"), {line: 7, cell: "there"});
  stopped.stack = "";
  expect(tell(stopped)).toEqual({message: "too long (at line 7 of the cell of counter)"});
});

it("an error of the kernel names its function", () => {
  expect(tell({message: "unknown name", name: "page_mapcount", line: 3})).toMatchObject({
    function: "page_mapcount",
    line: 3,
  });
});

it("a name is looked for outside of comments, of texts, and of what is read from something", () => {
  const source = `// n\nconst a = "n" + o.n + 'n'; /* n */\n  n;`;
  expect(placeOfName(source, "n")).toEqual({line: 3, column: 3});
  expect(placeOfName("m", "n")).toEqual({});
});
