// What the picture of memory says: what a struct page is just now, whose it is, and which line of a listing a step stands on. And two
// runs beside each other.

import {describe, expect, it} from "vitest";
import {standIn} from "../../site/standing.ts";
import {
  align,
  firstDifference,
  sayDifference,
  unequalWords,
} from "../../site/timeline-align.ts";
import {held} from "../../site/timeline-held.ts";
import {stateAt} from "../../site/timeline-state.ts";
import {claimsOn, namedBy, roleOf, structPages, tables} from "../../site/timeline-story.ts";
import {plain} from "../../site/timeline-words.ts";
import {execute, type Trace} from "../../src/explore/index.ts";
import {fixed, follow, program} from "../support.ts";

const fresh = program("smaps_vs_split");
const split = execute(fresh(), follow(fresh, [[1, Infinity]]), {});
const pages = structPages(split);
const all = held(split);

/** The first step of which `isIt` holds. */
function at(
  trace: Trace,
  isIt: (text: string, functions: readonly string[]) => boolean,
): number {
  return trace.steps.findIndex(({text, places}) =>
    isIt(
      text,
      places.map((place) => place.function),
    ),
  );
}

const frozen = at(
  split,
  (text, inside) => text.includes("cmpxchg") && inside.includes("page_ref_freeze"),
);
const torn = at(split, (text) => text === "page[3].compound_head = NULL");

describe("the struct pages", () => {
  it("are known by their role: a head, its tails, and in the end each on its own", () => {
    const roles = (step: number) => pages.map((page) => roleOf(page, stateAt(split, step)));
    expect(roles(0)).toEqual(["head", "tail of page[0]", "tail of page[0]", "tail of page[0]"]);
    expect(roles(torn)[3]).toBe("on its own");
    expect(new Set(roles(split.steps.length - 1))).toEqual(new Set(["on its own"]));
  });

  it("say who has frozen or locked them, or has a reference", () => {
    const claims = (step: number) => claimsOn(pages[0], split, all, step);
    expect(claims(0)).toEqual([]);
    expect(claims(frozen - 1)).toEqual(["locked by CPU 1", "CPU 1 has a reference"]);
    expect(claims(frozen)).toEqual(["frozen by CPU 1", "locked by CPU 1"]);
  });

  it("say which entries name them, and that a migration entry is one", () => {
    expect(tables(split).map(({name, ptes}) => [name, ptes.length])).toEqual([["mm0", 4]]);
    expect(namedBy("page[0]", split, stateAt(split, 0))).toEqual(["mm0.pmd"]);
    expect(namedBy("page[3]", split, stateAt(split, torn))).toEqual([
      "mm0.pte[3], a migration entry",
    ]);
  });
});

describe("the line of a listing", () => {
  const listing = {
    name: "f",
    file: "src/mm/util.ts",
    firstLine: 10,
    code: "// f\nfunction* f() {\n}",
  };
  const place = (line: number, file = "src/mm/util.ts") => ({function: "f", file, line});

  it("is that of the access, or of the call that has led to it", () => {
    const stand = (...places: ReturnType<typeof place>[]) =>
      standIn(listing, {places, thread: 1}, false);
    expect(stand(place(11))).toEqual({line: 2, isHere: true, thread: 1});
    expect(stand(place(3), place(12))).toEqual({line: 3, isHere: false, thread: 1});
    expect([stand(place(9)), stand(place(13)), stand(place(11, "src/mm/mm.ts"))]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("is a line of the reader's own text where the function is edited", () => {
    expect(standIn(listing, {places: [place(7, "f")], thread: 0}, true)).toEqual({
      line: 7,
      isHere: true,
      thread: 0,
    });
    expect(standIn(listing, {places: [place(11)], thread: 0}, true)).toBeNull();
  });
});

describe("two kernels on one schedule", () => {
  const threads = follow(fresh, [
    [1, 253],
    [0, 93],
    [1, Infinity],
  ]);
  const before = execute(fresh(), threads, {});
  const after = execute(
    program("smaps_vs_split", {}, fixed)(),
    threads,
    {},
    {leaveOut: true, runOn: [1, 0]},
  );
  const rows = align(before, after);

  it("every step of both stands in one row, in its order", () => {
    const column = (side: "before" | "after") =>
      rows.map((row) => row[side]).filter((i) => i >= 0);
    expect(column("before")).toEqual([...before.steps.keys()]);
    expect(column("after")).toEqual([...after.steps.keys()]);
  });

  it("no row has steps of two CPUs", () => {
    const mixed = rows.filter(
      ({before: i, after: j}) =>
        i >= 0 && j >= 0 && before.steps[i].thread !== after.steps[j].thread,
    );
    expect(mixed).toEqual([]);
  });

  it("what comes before the first difference is the same, and it is told what each does there", () => {
    const parting = firstDifference(before, after, rows);
    expect(parting).toBeGreaterThan(253);
    expect(unequalWords(before, after, rows, parting - 1)).toEqual([]);
    expect(plain(sayDifference(before, after, rows))).toMatch(
      /^At step \d+, after \d+ that are the same, v5\.13 does .* for page_mapcount; count_migration_entries_once does /,
    );
  });

  it("the same run has no difference", () => {
    const same = align(before, before);
    expect(firstDifference(before, before, same)).toBe(-1);
    expect(plain(sayDifference(before, before, same))).toMatch(
      /make the same steps, all \d+\.$/,
    );
  });
});
