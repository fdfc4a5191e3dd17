// Data races: two threads before accesses to the same bytes, one of which writes, and one of which is plain.

import {describe, expect, it} from "vitest";
import {explore, runToEnd, Space, strategies, type Program} from "../../src/explore/index.ts";
import {cell} from "../../src/sim/index.ts";
import {program} from "../support.ts";
import {programOf} from "./tiny.ts";

const OPTIONS = {maxStates: Infinity, maxSeconds: Infinity, seed: 1, runs: 1, depth: 1};

function racesOf(fresh: () => Program, strategy: "stateful" | "dpor" = "stateful"): string[] {
  return explore(fresh, {}, {strategy}).dataRaces.map(({id}) => id);
}

describe("a data race", () => {
  it("is a plain access beside another, marked or not", () => {
    const both = programOf(1, ({kernel, word: [x]}) => [
      () => kernel.store(x, 1),
      () => kernel.READ_ONCE(x),
    ]);
    expect(racesOf(both)).toEqual([
      "data race: READ_ONCE of shared.word0 and plain store of shared.word0",
    ]);
  });

  it("is not between marked accesses, between reads, or under one lock", () => {
    const marked = programOf(1, ({kernel, word: [x]}) => [
      () => kernel.WRITE_ONCE(x, 1),
      () => kernel.atomic_inc(x),
    ]);
    const reads = programOf(1, ({kernel, word: [x]}) => [
      () => kernel.load(x),
      () => kernel.load(x),
    ]);
    const locked = programOf(2, ({kernel, word: [x, lock]}) => {
      function* update() {
        yield* kernel.spin_lock(lock);
        const value = yield* kernel.load(x);
        yield* kernel.store(x, value + 1);
        yield* kernel.spin_unlock(lock);
      }
      return [update, update];
    });
    for (const fresh of [marked, reads, locked]) expect(racesOf(fresh)).toEqual([]);
  });

  it("is with a compare-and-swap that writes, not with one that fails", () => {
    const with_cmpxchg = (expected: number) =>
      programOf(1, ({kernel, word: [x]}) => [
        () => kernel.load(x),
        () => kernel.atomic_cmpxchg(x, expected, 9),
      ]);
    expect(racesOf(with_cmpxchg(0))).toHaveLength(1);
    expect(racesOf(with_cmpxchg(5))).toEqual([]);
  });

  it("is about bytes: half of a long word races with the whole, its neighbour does not", () => {
    const overlaid = (offset: number, bytes: 1 | 4) =>
      programOf(1, ({kernel, machine}) => {
        const address = machine.memory.allocate(8);
        const whole = cell("shared", "whole", address, offset < 4 && bytes === 1 ? 1 : 8);
        const part = cell("shared", "part", address + offset, bytes);
        return [() => kernel.store(whole, 1), () => kernel.load(part)];
      });
    expect(racesOf(overlaid(4, 4))).toHaveLength(1);
    expect(racesOf(overlaid(0, 4))).toHaveLength(1);
    expect(racesOf(overlaid(0, 1))).toHaveLength(1);
    expect(racesOf(overlaid(1, 1))).toEqual([]);
  });

  it("decides the verdict only where that is asked for", () => {
    const racy = programOf(1, ({kernel, word: [x]}) => [
      () => kernel.store(x, 1),
      () => kernel.store(x, 1),
    ]);
    expect(explore(racy, {}).verdict).toBe("holds");
    const {verdict, findings} = explore(racy, {}, {checkRaces: true});
    expect(verdict).toBe("violated");
    expect(findings.map(({invariant, steps}) => ({invariant, steps}))).toEqual([
      {invariant: "no data race", steps: 0},
    ]);
  });
});

/** Looks at every state there is. */
function racesAnywhere(fresh: () => Program): string[] {
  const space = new Space(fresh(), 20_000);
  for (let state = 0; state < space.size; state++) {
    for (let t = 0; t < space.threads; t++) space.successor(state, t);
  }
  return [...space.dataRaces.found.keys()].sort();
}

describe("no data race is lost", () => {
  it.each([
    ["lost_update", {cpus: 3}],
    ["smaps_vs_split", {pages: 2}],
    ["smaps_vs_split", {pages: 2, mms: 2}],
  ] as const)("%s %j: by a reduction, or by looking at each trace once", (race, set) => {
    const fresh = program(race, set);
    const all = racesAnywhere(fresh);
    expect(all.length).toBeGreaterThan(0);
    expect(racesOf(fresh)).toEqual(all);
    if (race === "lost_update") expect(racesOf(fresh, "dpor")).toEqual(all);
  });

  it("its schedule leads to where both threads stand before their accesses", () => {
    for (const strategy of ["stateful", "dpor"] as const) {
      const space = new Space(program("lost_update", {cpus: 2})(), 20_000);
      runToEnd(strategies[strategy](space, OPTIONS));
      for (const {state, accesses} of space.dataRaces.found.values()) {
        const kinds = [0, 1].map((t) => space.node(state, t).watched!.kind);
        expect(kinds.sort()).toEqual(accesses.map(({kind}) => kind).sort());
      }
    }
  });
});
