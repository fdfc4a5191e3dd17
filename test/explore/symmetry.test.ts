// Of equal threads it does not matter which is which: looking at one of each such states loses nothing.

import {describe, expect, it} from "vitest";
import {explore, runToEnd, search, Space, type Program} from "../../src/explore/index.ts";
import {program} from "../support.ts";

const BUDGET = {maxStates: Infinity, maxSeconds: Infinity};

function found(fresh: () => Program): {states: number; said: unknown} {
  const space = new Space(fresh(), 20_000);
  const {complete, states} = runToEnd(search(space, BUDGET));
  const {sightings, outcomes, dataRaces} = space;
  const sets = [[...sightings.keys()], [...outcomes.keys()], [...dataRaces.found.keys()]];
  return {states, said: {complete, sets: sets.map((set) => set.sort())}};
}

/** The same threads, and none is equal to another. */
function different(fresh: () => Program): () => Program {
  return () => {
    const all = fresh();
    return {
      ...all,
      threads: all.threads.map(({run, ...thread}) => ({...thread, run: () => run()})),
    };
  };
}

describe("symmetry", () => {
  it.each([
    ["lost_update", {cpus: 4}],
    ["checker_scenario", {shape: "SRR", mode: "buggy"}],
    ["checker_scenario", {shape: "SRRG", mode: "noassert", pages: 2}],
    ["checker_scenario", {shape: "SRGG", mode: "noassert", pages: 2}],
    ["smaps_vs_split", {readers: 2, pages: 2}],
    ["smaps_vs_split", {readers: 2, pages: 2, pgflags: "off"}],
    ["smaps_vs_split", {readers: 2, pages: 2, mms: 2}],
  ] as const)(
    "%s %j: the same findings, outcomes and data races in fewer states",
    (race, set) => {
      const fresh = program(race, set);
      const equal = found(fresh);
      const unequal = found(different(fresh));
      expect(equal.said).toEqual(unequal.said);
      expect(equal.states).toBeLessThan(unequal.states * 0.7);
    },
  );

  it("schedules are those of real threads: they show what they are said to show", () => {
    const {findings} = explore(program("smaps_vs_split", {readers: 2, pages: 2}), {});
    const {findings: alone} = explore(
      different(program("smaps_vs_split", {readers: 2, pages: 2})),
      {},
    );
    const told = (all: typeof findings) =>
      all.map(({id, steps, fewestPreemptions}) => [id, steps, fewestPreemptions.preemptions]);
    expect(told(findings)).toEqual(told(alone));
  });
});
