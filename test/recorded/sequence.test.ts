// A sequence that somebody has written, run and looked at.

import {describe, expect, it} from "vitest";
import {runSequence, type SequenceRun} from "../../src/recorded/index.ts";
import {operationText, parseSequence} from "../../src/recorded/parse_sequence.ts";
import {smapsText, tablesText, type LookOptions} from "../../site/sequence-words.ts";
import {link} from "../../src/livepatch/index.ts";
import {sources} from "virtual:kernel-source";

const run = (text: string, pages = 4): SequenceRun => runSequence(link(sources), text, {pages});

/** Frames counted from the first that is named: which one the allocator begins with is its own matter. */
function tables(sequence: SequenceRun, options: LookOptions = {}): string[] {
  const text = tablesText(sequence, options);
  const frames = [...text.matchAll(/page\[(\d+)/g)].map(([, frame]) => Number(frame));
  const first = Math.min(...frames);
  return text
    .replace(/page\[(\d+)(?:\.\.(\d+))?\]/g, (_, from, to) =>
      [`page[${from - first}`, ...(to ? [`${to - first}`] : [])].join("..").concat("]"),
    )
    .split("\n");
}

describe("a sequence is read", () => {
  it("a line an operation; remarks and empty lines are none", () => {
    const text = "mmap 0 8\n\n  child1: fork   # a child\nchild1: mprotect 1 2 1";
    const ops = parseSequence(text);
    expect(ops).toEqual([
      {proc: "parent", name: "mmap", a: 0, b: 8, c: 0},
      {proc: "child1", name: "fork", a: 0, b: 0, c: 0},
      {proc: "child1", name: "mprotect", a: 1, b: 2, c: 1},
    ]);
    expect(ops.map(operationText)).toEqual([
      "mmap 0 8",
      "child1: fork",
      "child1: mprotect 1 2 1",
    ]);
  });

  it.each([
    ["mmap 0 -8", 'line 1, "mmap 0 -8", is no operation'],
    ["mmap 0 8\nmumble 1", "line 2: there is no operation mumble"],
    ["nobody: mmap 0 8", "line 1: there is no process nobody"],
    ["child1: write 0 1", 'child1 is not there: is "child1: fork" missing before write?'],
    ["child1: fork\nchild1: fork", "child1 is there already"],
    ["exit\nwrite 0 1", "parent is not there"],
    [`${"mmap 0 8\n".repeat(201)}`, "at most 200 operations"],
  ])("%j is told what is wrong", (text, message) => {
    expect(() => parseSequence(text)).toThrow(message);
  });
});

describe("a sequence is run", () => {
  const huge = run("mmap 0 8\nmadv_hugepage 0 8\nwrite 0 1");

  it("smaps is printed as /proc prints it", () => {
    const lines = smapsText(huge).split("\n");
    expect(lines[0]).toMatch(/^[0-9a-f]+-[0-9a-f]+ rw-p 00000000 00:00 0 $/);
    expect(lines).toContain("AnonHugePages:        16 kB");
  });

  it("a huge page is one entry, a head, and tails that are alike", () => {
    expect(tables(huge)).toEqual([
      "0..3 huge -> page[0..3] rw young dirty",
      "page[0] head: refcount 1, mapcount 0, whole 1, uptodate|lru|head|swapbacked",
      "page[1..3] tail: refcount 0, mapcount 0, none",
    ]);
  });

  it("all of a huge page is shown, also what nobody maps any more", () => {
    const part = run("mmap 0 8\nmadv_hugepage 0 8\nwrite 0 1\nmunmap 0 3");
    expect(tables(part)).toEqual([
      expect.stringContaining("3 page -> page[3] rw young"),
      expect.stringContaining("page[0] head: refcount 1, mapcount 0, whole 0"),
      "page[1..2] tail: refcount 0, mapcount 0, none",
      "page[3] tail: refcount 0, mapcount 1, none",
    ]);
    expect(part.steps[3].vmstat).toMatchObject({thp_split_pmd: 1});
  });

  it("each process is looked at, and each step", () => {
    const forked = run("mmap 0 1\nwrite 0 1\nchild1: fork\nchild1: write 0 1\nchild1: exit");
    expect(forked.steps.map(({processes}) => Object.keys(processes).length)).toEqual([
      1, 1, 2, 2, 1,
    ]);
    expect(tables(forked, {at: 2})[1]).toContain("refcount 2, mapcount 2");
    const own = (process: string) => tablesText(forked, {at: 3, process}).split("\n")[0];
    expect(own("child1")).not.toBe(own("parent"));
    expect(tablesText(forked, {process: "child1"})).toBe("there is no such process");
  });

  it("zero pages and slots of swap space are told apart from pages", () => {
    const other = run("mmap 0 8\nread 0 2\nwrite 4 2\nmadv_pageout 4 2");
    expect(tablesText(other).split("\n").slice(0, 2)).toEqual([
      "0..1 zero -> the zero page r young",
      "4..5 swap -> slot 1..2",
    ]);
  });

  it("what fails says so, and what the model has not is unsupported", () => {
    const failed = run("mprotect 0 1 1\nmadv_remove 0 1");
    expect(failed.steps.map(({ret, err}) => [ret, err])).toEqual([
      [-1, "ENOMEM"],
      [-1, "unsupported"],
    ]);
  });

  it("a huge page of no size that there is", () => {
    expect(() => run("mmap 0 8", 3)).toThrow("a huge page of 3 parts cannot be");
  });
});
