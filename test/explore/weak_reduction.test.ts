// The search under store buffers leaves steps out. Here it is held against one that leaves out nothing, and must do without the
// schedules that it draws first, which in a small program show all that it may miss.

import fc from "fast-check";
import {describe, expect, it, vi} from "vitest";
import {runToEnd, type MemoryModel, type Program} from "../../src/explore/index.ts";
import {shortest} from "../../src/explore/paths.ts";
import {Watch} from "../../src/explore/watch.ts";
import {program, type Set as Setting} from "../support.ts";
import {NO_LIMIT, searched, spaceOf} from "./searched.ts";
import {weakPlans, weakProgram} from "./weak_plan.ts";

vi.mock("../../src/explore/sampling.ts", () => ({
  *sample() {
    return 0;
  },
}));

/** All there is, breadth first: what comes out, and the least number of steps to what goes wrong. */
function everything(fresh: () => Program, model: MemoryModel) {
  const space = spaceOf(fresh, model);
  const steps = new Map([[0, 0]]);
  const least = new Map<string, number>();
  const look = (place: number, length: number): void => {
    for (const id of space.sightedAt.get(place) ?? [])
      least.set(id, Math.min(length, least.get(id) ?? Infinity));
  };
  for (const [state, length] of steps) {
    const movers = space.enabledThreads(state);
    if (movers.length === 0) space.judgeEnd(state);
    look(-1 - state, length);
    for (const mover of movers) {
      const next = space.successor(state, mover);
      look(state * space.movers + mover, length + 1);
      if (next >= 0 && !steps.has(next)) steps.set(next, length + 1);
    }
  }
  return {space, least};
}

function reduced(fresh: () => Program, model: MemoryModel) {
  const {space, states} = searched(fresh, model);
  const ids = new Set(space.sightings.keys());
  const found = runToEnd(shortest(space, ids, new Watch(space, NO_LIMIT)));
  return {space, states, least: new Map([...found].map(([id, path]) => [id, path.length]))};
}

const sorted = (keys: Iterable<string>): string[] => [...keys].sort();

function expectSame(fresh: () => Program, model: MemoryModel): number {
  const all = everything(fresh, model);
  const some = reduced(fresh, model);
  expect(sorted(some.space.outcomes.keys())).toEqual(sorted(all.space.outcomes.keys()));
  expect(sorted(some.space.dataRaces.found.keys())).toEqual(
    sorted(all.space.dataRaces.found.keys()),
  );
  expect(new Map([...some.least].sort())).toEqual(new Map([...all.least].sort()));
  expect(some.states).toBeLessThanOrEqual(all.space.size);
  return all.space.size - some.states;
}

describe.each(["tso", "pso"] as const)("the reduction loses nothing under %s", (model) => {
  it("of a thousand random programs", () => {
    let saved = 0;
    fc.assert(
      fc.property(
        fc.boolean().chain((watched) => weakPlans(3, watched)),
        (plan) => {
          saved += expectSame(() => weakProgram(plan), model);
        },
      ),
      {numRuns: 1000, seed: 3},
    );
    expect(saved).toBeGreaterThan(10_000);
  });

  const races: (readonly [race: string, set: Setting])[] = [
    ["lost_update", {}],
    ["lost_update", {cpus: 3}],
    ["freeze_vs_get", {}],
    ...["SB", "MP", "LB", "IRIW", "2+2W", "R", "S", "CoRR", "CoWW", "WRC", "RWC"].map(
      (name) => [`litmus_${name}`, {}] as const,
    ),
  ];
  it.each(races)("of %s %j", (race, set) => {
    expectSame(program(race, set), model);
  });
});

describe("the reduction loses nothing of races of pages, with all their monitors", () => {
  it.each([
    ["smaps_vs_split", {pages: 2}, "tso"],
    ["smaps_vs_split", {pages: 2}, "pso"],
    ["smaps_vs_migration", {pages: 2}, "pso"],
    ["gup_fast_vs_split", {pages: 2}, "tso"],
    ["gup_fast_vs_split", {pages: 2, ipi: "on"}, "pso"],
    ["split_vs_pin", {pages: 2}, "tso"],
  ] as const)("%s %j under %s", (race, set, model) => {
    expectSame(program(race, set), model);
  });
});
