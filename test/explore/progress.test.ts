// How much is left: never less than is said.

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
    ["checker_scenario", {shape: "SRRG", mode: "noassert"}, v5_13],
    ["smaps_vs_split", {}, v5_13],
    ["smaps_vs_split", {}, fixed],
    ["smaps_vs_split", {pages: 2, mms: 2}, v5_13],
  ] as const)("%s %j: of states, is as many at least as wait", (race, set, linked) => {
    let states = 0;
    const all = estimates((onProgress) => {
      states = exploreRace(race, set, linked, {onProgress}).counts.states!;
    }).filter(({unit}) => unit === "states");
    expect(all.length).toBeGreaterThan(10);
    for (const {done, from} of all) expect(states - done).toBeGreaterThanOrEqual(from);
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
