// Edits as a file: what was put in comes out again, and a file of somebody else's is refused.

import {beforeEach, describe, expect, it} from "vitest";
import {conflicts, exportEdits, importEdits, parseEdits} from "../../site/keepsake.ts";
import {allEdits, readEdit, removeEdit, writeEdit} from "../../site/storage.ts";

beforeEach(() => {
  for (const {chapter, id} of allEdits()) removeEdit(chapter, id);
});

describe("edits as a file", () => {
  it("come out as they went in, also with colons and quotes in them", () => {
    writeEdit("11-the-thread", "kernel/get_page", {text: 'a: "b"', original: "c"});
    writeEdit("00-start-here", "cpus", {text: "const cpus = 3;", original: "const cpus = 2;"});
    const file = exportEdits();
    for (const {chapter, id} of allEdits()) removeEdit(chapter, id);
    expect(allEdits()).toEqual([]);
    importEdits(parseEdits(file));
    expect(allEdits()).toHaveLength(2);
    expect(readEdit("11-the-thread", "kernel/get_page")).toEqual({
      text: 'a: "b"',
      original: "c",
    });
  });

  it("that run over another one are told", () => {
    writeEdit("00-start-here", "cpus", {text: "const cpus = 3;", original: "const cpus = 2;"});
    const edits = parseEdits(exportEdits());
    expect(conflicts(edits)).toEqual([]);
    writeEdit("00-start-here", "cpus", {text: "const cpus = 4;", original: "const cpus = 2;"});
    expect(conflicts(edits)).toHaveLength(1);
  });
});

describe("a file that is none of ours", () => {
  it.each([
    ["", "no JSON"],
    ["{", "no JSON"],
    ["null", "no edits"],
    ["[]", "no edits"],
    ['{"format": "tailpage edits"}', "no edits"],
    ['{"format": "tailpage edits", "edits": [{"chapter": "a", "id": 1}]}', "no edits"],
    [" ".repeat(5_000_001), "too large"],
  ])("is refused in a sentence", (text, words) => {
    expect(() => parseEdits(text)).toThrow(words);
  });
});
