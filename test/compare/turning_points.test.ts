// The turning points of the story, as they come out of the comparison: what the book tells, in the order in which it tells it.
// That the comparison is what runs say is tested beside (comparison.test.ts).

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {NOTHING, unpack, type Packed} from "../../src/compare/index.ts";
import {fixes} from "../../src/fixes/index.ts";

const file = "src/compare/comparison.json";
const comparison = unpack(JSON.parse(readFileSync(file, "utf8")) as Packed);

type Set = Record<string, string | number>;

/** The answers about a fix on a race, by question. */
function answers(fix: string, race: string, set: Set = {}): Record<string, string> {
  const row = comparison.find(
    ({parameters, ...one}) =>
      one.fix === fix &&
      one.race === race &&
      Object.entries(set).every(([name, value]) => parameters[name] === value),
  );
  expect(row, `${fix} on ${race}`).toBeDefined();
  return Object.fromEntries(
    row!.verdict.answers.map(({question, answer}) => [question, answer]),
  );
}

const LOST = {"wrong page": "yes", "reference lost": "yes", "use after free": "yes"};
const KEPT_COUNTS = {BUG: "no", "reference lost": "no", "use after free": "no"};
const KEPT = {...KEPT_COUNTS, "wrong page": "no"};

describe("a reference without a recheck", () => {
  it("avoids the BUG under the lock of the page table, and sits on the wrong page", () => {
    for (const set of [{pages: 4}, {mms: 2}, {pgflags: "off"}] as Set[]) {
      expect(answers("reference_without_recheck", "smaps_vs_split", set)).toMatchObject({
        BUG: "no",
        "torn mapcount": "no",
        "wrong page": "yes",
      });
    }
  });

  it("is a use after free in GUP-fast, where nobody is interrupted for a flush", () => {
    expect(answers(NOTHING, "gup_fast_vs_split", {ipi: "off"})).toMatchObject(LOST);
    expect(answers(NOTHING, "gup_fast_vs_split", {ipi: "on"})).toMatchObject(KEPT);
    expect(answers(NOTHING, "gup_fast_vs_free", {ipi: "off"})).toMatchObject({
      "wrong page": "yes",
      "reference lost": "yes",
    });
  });
});

describe("the recheck", () => {
  it("ends both", () => {
    expect(answers("reference_recheck_skip", "smaps_vs_split")).toMatchObject(KEPT);
    expect(answers("gup_recheck_head", "gup_fast_vs_split", {ipi: "off"})).toMatchObject(KEPT);
    expect(answers("gup_recheck_head", "gup_fast_vs_split", {use: "pin"})).toMatchObject(KEPT);
    expect(answers("gup_recheck_head", "gup_fast_vs_free", {ipi: "off"})).toMatchObject(KEPT);
  });

  it("of the head alone leaves the count of pins open, and the recheck of the PMD leaves the head", () => {
    expect(answers("reference_recheck_skip", "gup_fast_vs_split", {use: "pin"})).toMatchObject({
      "wrong page": "no",
      "reference lost": "yes",
    });
    expect(answers("gup_recheck_pmd", "gup_fast_vs_split", {ipi: "off"})).toMatchObject(LOST);
  });

  it("of the head does not help against khugepaged, and that of the PMD does", () => {
    const race = "gup_fast_vs_collapse";
    expect(answers(NOTHING, race, {ipi: "off"})["data lost"]).toBe("yes");
    expect(answers("gup_recheck_head", race, {ipi: "off"})["data lost"]).toBe("yes");
    expect(answers("gup_recheck_pmd", race, {ipi: "off"})["data lost"]).toBe("no");
    expect(answers(NOTHING, race, {ipi: "on"})["data lost"]).toBe("no");
  });

  it("with a retry leaves no page out, and nobody gets stuck", () => {
    expect(answers("reference_recheck_retry", "smaps_vs_split")).toMatchObject({
      ...KEPT,
      stuck: "no",
      "Rss, least": "16 kB",
      "Rss, most": "16 kB",
    });
    expect(answers("reference_recheck_skip", "smaps_vs_split")["Rss, least"]).toBe("0 kB");
  });
});

describe("every fix that takes a reference", () => {
  it.each([
    "reference_without_recheck",
    "yang_shi_draft",
    "reference_recheck_skip",
    "reference_recheck_retry",
    "get_page_unless_zero",
    "try_get_page",
    "wait_for_migration_entry",
  ])("%s can make a split fail when its work is done", (fix) => {
    const said = answers(fix, "smaps_vs_split", {mms: 2});
    expect(said["split undone"]).toBe("yes");
    expect(said["work undone"]).toMatch(/^[1-9]\d* accesses done, [1-9]\d* to undo them$/);
  });
});

describe("other ways to take it", () => {
  it("get_page_unless_zero(page) never counts a tail", () => {
    const said = answers("get_page_unless_zero", "smaps_vs_split", {splitter: "pmd"});
    expect(said["Rss, least"]).toBe("0 kB");
    expect(answers(NOTHING, "smaps_vs_split", {splitter: "pmd"})["Rss, least"]).toBe("12 kB");
    expect(said.BUG).toBe("no");
  });

  it("try_get_page() crashes the kernel by itself, and warns", () => {
    expect(answers("try_get_page", "smaps_vs_split")).toMatchObject({
      BUG: "yes",
      WARN: "yes",
      "reference lost": "yes",
      "use after free": "yes",
    });
    expect(answers(NOTHING, "freeze_vs_try_get_page")).toMatchObject({
      BUG: "yes",
      "use after free": "yes",
    });
    expect(answers(NOTHING, "freeze_vs_get")).toMatchObject({
      BUG: "no",
      "use after free": "no",
    });
  });

  it("Yang Shi's draft prints more Rss than Pss for a process that shares nothing", () => {
    const said = answers("yang_shi_draft", "smaps_vs_split");
    expect([said["Rss, least"], said["Pss, least"]]).toEqual(["16 kB", "0 kB"]);
  });
});

describe("a page that is found by its number", () => {
  it("is got from its head, which can make a split fail, and never from a tail", () => {
    expect(answers(NOTHING, "freeze_vs_get", {page: "head"})).toMatchObject({
      ...KEPT_COUNTS,
      "split undone": "yes",
    });
    expect(answers(NOTHING, "freeze_vs_get", {page: "tail"})).toMatchObject({
      ...KEPT_COUNTS,
      "split refused": "no",
      "split undone": "no",
    });
  });
});

describe("counting a migration entry as one mapping", () => {
  it("never makes a split or a migration fail", () => {
    for (const set of [{pages: 4}, {mms: 2}] as Set[]) {
      expect(answers("count_migration_entries_once", "smaps_vs_split", set)).toMatchObject({
        ...KEPT,
        "torn mapcount": "no",
        "split refused": "no",
        "split undone": "no",
      });
    }
    expect(
      answers("count_migration_entries_once", "smaps_vs_migration")["migration fails"],
    ).toBe("no");
  });

  it("overstates Pss of a page that two processes share, and calls it private", () => {
    expect(answers("count_migration_entries_once", "smaps_vs_split", {mms: 2})).toMatchObject({
      "Pss, when nothing moves": "4 kB",
      "Pss, most": "8 kB",
      "Private, when nothing moves": "0 kB",
      "Private, most": "8 kB",
    });
  });
});

describe("the other files of /proc", () => {
  it("have the bug too, and the fix of smaps leaves kpagecount open", () => {
    for (const race of ["pagemap_vs_split", "kpagecount_vs_split", "smaps_rollup_vs_split"])
      expect(answers(NOTHING, race).BUG).toBe("yes");
    expect(answers("count_migration_entries_once", "pagemap_vs_split").BUG).toBe("no");
    for (const fix of ["count_migration_entries_once", "maybe_shared"])
      expect(answers(fix, "kpagecount_vs_split").BUG).toBe("yes");
    expect(answers("snapshot_page", "kpagecount_vs_split")).toMatchObject({
      BUG: "no",
      "torn mapcount": "no",
      "split undone": "no",
    });
  });
});

describe("silence", () => {
  it("no check, or no double map: no crash, and the count is as torn as it was", () => {
    for (const fix of ["no_double_map_check", "no_double_map"]) {
      expect(answers(fix, "smaps_vs_split")).toMatchObject({BUG: "no", "torn mapcount": "yes"});
    }
  });
});

it("every fix of the book is held against some race", () => {
  const held = new Set(comparison.map(({fix}) => fix));
  expect(fixes.map(({name}) => name).filter((name) => !held.has(name))).toEqual([]);
  expect(fixes.every(({text}) => typeof text === "string" && text.length > 0)).toBe(true);
});
