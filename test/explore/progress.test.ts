// How much is left: at least so much is true always, and at most so much nearly always.

import {describe, expect, it} from "vitest";
import type {Estimate, Progress} from "../../src/explore/index.ts";
import {exploreRace, fixed, v5_13} from "../support.ts";

function estimates(run: (onProgress: (progress: Progress) => boolean) => void): Estimate[] {
  const all: Estimate[] = [];
  run(({left}) => {
    if (left) all.push(left);
    return true;
  });
  return all;
}

describe("what is left", () => {
  it.each([
    ["checker_scenario", {shape: "SRRGG", mode: "fix"}, v5_13],
    ["checker_scenario", {shape: "SRRG", mode: "noassert"}, v5_13],
    ["smaps_vs_split", {}, v5_13],
    ["smaps_vs_split", {}, fixed],
    ["smaps_vs_split", {pages: 8}, v5_13],
    ["smaps_vs_split", {pages: 2, readers: 2}, v5_13],
    ["smaps_vs_split", {pages: 2, mms: 2}, v5_13],
  ] as const)("%s %j: in states, lies in what was said", (race, set, linked) => {
    let states = 0;
    const all = estimates((onProgress) => {
      states = exploreRace(race, set, linked, {onProgress}).counts.states!;
    }).filter(({unit}) => unit === "states");
    for (const {done, from} of all) expect(states - done).toBeGreaterThanOrEqual(from);
    const bounded = all.filter(({to}) => to !== null);
    const wrong = bounded.filter(({done, to}) => states - done > to!);
    expect(bounded.length).toBeGreaterThan(all.length / 5);
    expect(wrong.length).toBeLessThanOrEqual(bounded.length / 10);
  });

  it("of traces, is as many at least as sequences wait", () => {
    let executions = 0;
    const all = estimates((onProgress) => {
      const report = exploreRace(
        "checker_scenario",
        {shape: "SRG", pages: 2, mode: "noassert"},
        v5_13,
        {strategy: "dpor", onProgress},
      );
      executions = report.counts.executions!;
    });
    expect(all.some(({from}) => from > 0)).toBe(true);
    for (const {done, from} of all) expect(executions - done).toBeGreaterThanOrEqual(from);
  });

  it("of samples, is known", () => {
    const all = estimates((onProgress) => {
      exploreRace("lost_update", {}, v5_13, {strategy: "pos", runs: 100, onProgress});
    });
    for (const {done, from, to} of all) expect([from, to]).toEqual([100 - done, 100 - done]);
  });
});
