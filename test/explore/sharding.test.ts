// A search in parts says what one search says, however many parts there are.

import {describe, expect, it} from "vitest";
import {
  explore,
  merge,
  Space,
  whyNotMerged,
  type ExploreOptions,
  type Program,
  type Report,
} from "../../src/explore/index.ts";
import {divided} from "../../src/explore/sharding.ts";
import {runToEnd} from "../../src/explore/watch.ts";
import {fixed, program, v5_13, type Set} from "../support.ts";
import {programOf} from "./plan_program.ts";
import {randomPlan} from "./random_plan.ts";

/** The parts of one search. */
function partsOf(fresh: () => Program, of: number, options: ExploreOptions = {}): Report[] {
  return Array.from({length: of}, (_, i) =>
    explore(fresh, {}, {...options, shard: {index: i + 1, of}}),
  );
}

const namesOf = (parts: readonly Report[]) => parts.map((_, i) => `file ${i + 1}`);

/** Everything that is said of the race, without how it came to be known. */
function said({verdict, complete, findings, outcomes, dataRaces}: Report) {
  const stories = findings.map(({id, steps, shortest, fewestPreemptions}) => {
    const {preemptions, steps: longer} = fewestPreemptions;
    return {id, steps, shortest, fewest: {preemptions, steps: longer}};
  });
  return {verdict, complete, stories, outcomes, dataRaces: dataRaces.map(({id}) => id)};
}

const statesOf = ({counts}: Report): number => counts.states ?? 0;

const RACES: [race: string, set: Set][] = [
  ["lost_update", {}],
  ["checker_scenario", {shape: "SR", pages: 3}],
  ["checker_scenario", {shape: "SRG", pages: 2}],
  ["checker_scenario", {shape: "SRRG", pages: 2, mode: "fix"}],
  ["smaps_vs_split", {pages: 2}],
  ["smaps_vs_split", {pages: 4}],
];

describe.each(RACES)("%s %o", (race, set) => {
  const kernels = race === "smaps_vs_split" ? {"v5.13": v5_13, fixed} : {"v5.13": v5_13};

  describe.each(Object.entries(kernels))("%s", (_name, linked) => {
    const fresh = program(race, set, linked);
    const whole = explore(fresh, {});

    it.each([1, 2, 3, 5])("in parts, %i of them", (of) => {
      const parts = partsOf(fresh, of);
      expect(whyNotMerged(parts, namesOf(parts))).toBeNull();
      const all = merge(parts);
      expect(said(all)).toEqual(said(whole));
      expect(all.shard).toBeUndefined();
      expect(statesOf(all)).toBe(parts.map(statesOf).reduce((a, b) => a + b));
      if (race !== "smaps_vs_split" || of === 1) return;
      expect(Math.max(...parts.map(statesOf))).toBeLessThan(statesOf(whole));
    });
  });
});

describe("a hundred random programs", () => {
  const seeds = Array.from({length: 100}, (_, i) => i + 1);

  it.each([2, 3, 5])("in parts, %i of them", (of) => {
    for (const seed of seeds) {
      const fresh = () => programOf(randomPlan(seed));
      const all = merge(partsOf(fresh, of));
      expect({seed, ...said(all)}).toEqual({seed, ...said(explore(fresh, {}))});
    }
  });
});

describe("a part", () => {
  const fresh = program("smaps_vs_split", {pages: 2}, fixed);

  it("alone does not say that anything holds", () => {
    const parts = partsOf(fresh, 2);
    for (const {verdict, complete} of parts)
      expect({verdict, complete}).toEqual({verdict: "unknown", complete: true});
    expect(merge(parts)).toMatchObject({verdict: "holds", complete: true});
  });

  it("says which it is, and of what code and plan", () => {
    const {code} = fresh();
    const plans = partsOf(fresh, 3).map(({shard}) => shard);
    const [first] = plans;
    expect(plans).toEqual([1, 2, 3].map((index) => ({index, of: 3, code, plan: first?.plan})));
  });

  it("that is more than there is to divide has nothing to do", () => {
    const parts = partsOf(program("lost_update"), 40);
    expect(statesOf(parts[39])).toBe(1);
    expect(merge(parts).findings).toHaveLength(1);
  });

  it("whose budget is spent makes all of them incomplete", () => {
    const [first] = partsOf(fresh, 2);
    const second = explore(fresh, {}, {shard: {index: 2, of: 2}, maxStates: 100});
    expect(second.complete).toBe(false);
    expect(merge([first, second])).toMatchObject({verdict: "unknown", complete: false});
  });

  it("that is stopped before anything is divided has no plan, and can be joined", () => {
    const [first] = partsOf(fresh, 2);
    const second = explore(fresh, {}, {shard: {index: 2, of: 2}, onProgress: () => false});
    expect(second).toMatchObject({complete: false, shard: {plan: null}});
    expect(whyNotMerged([first, second], ["a", "b"])).toBeNull();
  });

  it("waits at its gates, and nobody takes that for a deadlock", () => {
    for (const index of [1, 2]) {
      const part = runToEnd(divided(program("lost_update")(), 20_000, {index, of: 2}))!;
      const {space} = part;
      expect(space.enabledThreads(0)).toEqual([0, 1]);
      expect(space.gates).not.toBeNull();
    }
    expect(new Space(program("lost_update")(), 20_000).gates).toBeNull();
  });

  it("finds data races that decide, if asked to", () => {
    const racy = program("smaps_vs_split", {pages: 2}, fixed);
    const options = {checkRaces: true};
    const whole = explore(racy, {}, options);
    expect(whole.verdict).toBe("violated");
    const all = merge(partsOf(racy, 3, options));
    expect(all.findings.map(({id}) => id).sort()).toEqual(
      whole.findings.map(({id}) => id).sort(),
    );
  });
});

describe("samplers", () => {
  it.each(["pos", "pct", "random"] as const)("%s: each part draws its share", (strategy) => {
    const parts = partsOf(program("lost_update"), 3, {strategy, runs: 100});
    expect(parts.map(({counts}) => counts.executions)).toEqual([34, 33, 33]);
    const all = merge(parts);
    expect(all.counts.executions).toBe(100);
    expect(all).toMatchObject({verdict: "violated", complete: false});
  });

  it("with other seeds are not joined", () => {
    const [first] = partsOf(program("lost_update"), 2, {strategy: "pos", runs: 10});
    const [, second] = partsOf(program("lost_update"), 2, {
      strategy: "pos",
      runs: 10,
      seed: 7,
    });
    expect(whyNotMerged([first, second], ["a", "b"])).toMatch(/divided otherwise/);
  });
});

it("dpor cannot be divided", () => {
  expect(() => partsOf(program("lost_update"), 2, {strategy: "dpor"})).toThrow(
    /dpor.*stateful/,
  );
});

describe("what cannot be joined", () => {
  const parts = partsOf(program("lost_update"), 3);
  const others = partsOf(program("lost_update", {cpus: 3}), 3);

  it.each([
    ["a whole", [explore(program("lost_update"), {})], /file 1 is no part/],
    ["one too few", [parts[0], parts[2]], /of 3 parts one is missing: 2/],
    ["two too few", [parts[1]], /of 3 parts 2 are missing: 1, 3/],
    ["one twice", [...parts, parts[1]], /part 2 of 3 is there twice: file 2, file 4/],
    [
      "another number of parts",
      [parts[0], ...partsOf(program("lost_update"), 2)],
      /the number/,
    ],
    ["other parameters", [parts[0], others[1], parts[2]], /the parameters: cpus=3/],
    [
      "another race",
      [...parts.slice(0, 2), ...partsOf(program("litmus_SB"), 3).slice(2)],
      /the race: litmus_SB instead of lost_update/,
    ],
    [
      "other code",
      [...parts.slice(0, 2), {...parts[2], shard: {...parts[2].shard!, code: "00000000"}}],
      /the code: 00000000/,
    ],
    [
      "another strategy",
      [...parts.slice(0, 2), ...partsOf(program("lost_update"), 3, {strategy: "pos"}).slice(2)],
      /the strategy: pos instead of stateful/,
    ],
  ])("%s", (_what, reports, says) => {
    expect(whyNotMerged(reports, namesOf(reports))).toMatch(says);
  });
});

it("of a finding in two parts the better schedules are kept, each with what belongs to it", () => {
  const [one] = explore(program("lost_update"), {}).findings;
  const part = (index: number, finding: typeof one): Report => ({
    ...partsOf(program("lost_update"), 2)[index - 1],
    findings: [finding],
  });
  const worse = {...one, steps: one.steps + 1, schedule: "longer"};
  const fewer = {...one.fewestPreemptions, preemptions: -1, schedule: "fewer"};
  const [merged] = merge([
    part(1, one),
    part(2, {...worse, fewestPreemptions: fewer, decides: null}),
  ]).findings;
  expect(merged).toEqual({...one, fewestPreemptions: fewer, decides: null});
});
