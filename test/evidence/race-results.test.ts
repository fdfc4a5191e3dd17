// The model against a real kernel: every BUG that Linux 5.14.2 was recorded to hit, through smaps, smaps_rollup or pagemap, is
// one that the model reaches through the same file, dumped page and backtrace included; and no schedule of the fixed kernel hits any.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {exploreRace, fixed, v5_13} from "../support.ts";

/** One boot, as evidence/README.md describes it. */
type Boot = {
  readonly config: string;
  readonly trial: number;
  readonly bug: 0 | 1;
  readonly page: {readonly refcount: number; readonly mapcount: number; readonly subpage: number; readonly flags: readonly string[]; readonly why: string};
  readonly rip: string;
  readonly callTrace: readonly string[];
};

const boots = JSON.parse(readFileSync("evidence/race-results.json", "utf8")) as Boot[];
const bugs = boots.filter(({bug}) => bug === 1);
const through = (reader: string) => bugs.filter(({callTrace}) => callTrace.includes(reader));

/** A way in which the BUG fires: what was dumped, in which state, and who was asking. */
function wayOf(why: string, page: string, refcount: number, mapcount: number, flags: readonly string[], functions: readonly string[]): string {
  return [why, page, `refcount ${refcount}`, `mapcount ${mapcount}`, [...flags].sort().join("|"), functions.join(" < ")].join("; ");
}

/** The walk down to the PMD is left out of the model: a VMA is one huge page's range. */
const WALK = ["__walk_page_range", "walk_page_vma", "walk_page_range"];

/** Who reads, and the race in which the model does. */
const READERS: Readonly<Record<string, string>> = {
  show_smap: "smaps_vs_split",
  show_smaps_rollup: "smaps_rollup_vs_split",
  pagemap_read: "pagemap_vs_split",
};

function recordedWay({page, rip, callTrace}: Boot): string {
  const reader = callTrace.findIndex((name) => name in READERS);
  const callers = callTrace.slice(0, reader + 1).filter((name) => !WALK.includes(name));
  const functions = [rip.replace(/\+.*/, ""), ...callers];
  const flags = page.flags.filter((flag) => !/^(node|zone)=/.test(flag));
  const was = page.subpage === 0 ? "the former head" : "a former tail";
  return wayOf(page.why, was, page.refcount, page.mapcount, flags, functions);
}

/** These are inlined by the compiler, or are a part of pagemap_read() that has a name in the model only: a backtrace of the real kernel does not have them. */
const INLINED = [
  "PageDoubleMap",
  "page_mapcount",
  "smaps_pte_entry",
  "smap_gather_stats",
  "pte_to_pagemap_entry",
  "is_mapped_once",
  "pagemap_of",
];

const OUTCOME = /^BUG (.*); page\[\d+\] (.*); refcount (-?\d+); mapcount (-?\d+); flags (.*); in (.*)$/;

function modelWay(outcome: string): string {
  const [, why, was, refcount, mapcount, flags, stack] = OUTCOME.exec(outcome)!;
  const functions = stack.split(" < ").filter((name) => !INLINED.includes(name));
  return wayOf(why, was, Number(refcount), Number(mapcount), flags.split("|"), functions);
}

function bugsOf(linked: typeof v5_13): string[] {
  const outcomes = [
    ...Object.values(READERS).flatMap((race) => exploreRace(race, {}, linked).outcomes),
    ...exploreRace("smaps_vs_split", {mms: 2}, linked).outcomes,
  ];
  return outcomes.filter((outcome) => outcome.startsWith("BUG "));
}

const reached = new Set(bugsOf(v5_13).map(modelWay));

describe("the recordings", () => {
  it("are 91 boots, 77 of them with a BUG, each through one of three files", () => {
    expect([boots.length, bugs.length]).toEqual([91, 77]);
    expect(Object.keys(READERS).map((reader) => through(reader).length)).toEqual([55, 10, 12]);
  });

  it("are of former tails and of former heads", () => {
    const ways = new Set(bugs.map((boot) => recordedWay(boot).split("; ")[1]));
    expect([...ways].sort()).toEqual(["a former tail", "the former head"]);
  });

  it("of boots with the fix have no BUG", () => {
    const withFix = boots.filter(({config}) => config.includes("fixed"));
    expect(withFix.length).toBeGreaterThan(0);
    expect(withFix.filter(({bug}) => bug === 1)).toEqual([]);
  });
});

describe("the model", () => {
  it.each(bugs.map((boot) => [boot.config, boot.trial, boot.page.subpage, boot] as const))(
    "reaches the BUG of %s, trial %i, sub-page %i",
    (_config, _trial, _subpage, boot) => expect([...reached]).toContain(recordedWay(boot)),
  );

  it("with the fix reaches no BUG at all", () => expect(bugsOf(fixed)).toEqual([]));

  it("does not reach just anything: BUGs that nobody recorded are told apart", () => {
    const [boot] = bugs;
    const {page} = boot;
    const doctored: Boot[] = [
      {...boot, page: {...page, refcount: 2}},
      {...boot, page: {...page, mapcount: 1}},
      {...boot, page: {...page, flags: [...page.flags, "head"]}},
      {...boot, page: {...page, flags: page.flags.filter((flag) => flag !== "locked")}},
      {...boot, page: {...page, why: "VM_BUG_ON_PAGE(PageTail(page))"}},
      {...boot, callTrace: ["smaps_pte_range", "show_smap"]},
      {...boot, rip: "total_mapcount+0x88/0x90"},
    ];
    for (const record of doctored) expect([...reached], recordedWay(record)).not.toContain(recordedWay(record));
  });
});
