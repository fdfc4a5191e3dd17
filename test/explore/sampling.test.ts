import {describe, expect, it} from "vitest";
import {Space} from "../../src/explore/space.ts";
import {runToEnd} from "../../src/explore/watch.ts";
import {sample, type Sampler} from "../../src/explore/sampling.ts";
import {program} from "../support.ts";

const SAMPLING = {seed: 1, runs: 2000, depth: 3, maxStates: 1e6, maxSeconds: 60};

function draw(sampler: Sampler, race: string, set: Record<string, string | number>, seed = 1) {
  const space = new Space(program(race, set)(), 10_000);
  const runs = runToEnd(sample(space, sampler, {...SAMPLING, seed}));
  return {
    runs,
    findings: [...space.sightings.keys()],
    outcomes: [...space.outcomes.keys()].sort(),
  };
}

describe.each(["random", "pct", "pos"] as const)("%s", (sampler) => {
  it("finds the lost update", () => {
    expect(draw(sampler, "lost_update", {}).outcomes).toEqual(["counter 1", "counter 2"]);
  });

  it("finds the BUG of the scenario in two thousand schedules", () => {
    expect(draw(sampler, "checker_scenario", {}).findings).toHaveLength(1);
  });

  it("draws the same for the same seed, and other schedules for another", () => {
    const states = (seed: number) => {
      const space = new Space(program("checker_scenario", {shape: "SRG"})(), 10_000);
      runToEnd(sample(space, sampler, {...SAMPLING, runs: 20, seed}));
      return space.size;
    };
    expect(states(7)).toBe(states(7));
    expect(new Set([1, 2, 3, 4, 5].map(states)).size).toBeGreaterThan(1);
  });
});

it("a sample of what holds finds nothing", () => {
  expect(draw("pos", "checker_scenario", {mode: "fix"}).findings).toEqual([]);
});
