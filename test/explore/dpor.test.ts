// Each trace once: the counts of other checkers, the stateful search, and all schedules of small programs.

import {describe, expect, it} from "vitest";
import {searchTraces} from "../../src/explore/dpor.ts";
import {search, Space, type Program} from "../../src/explore/index.ts";
import {program} from "../support.ts";
import {everySchedule, programOf, randomPlan} from "./random.ts";

const BUDGET = {maxStates: Infinity, maxSeconds: Infinity};

function seen({sightings, outcomes}: Space) {
  return {findings: [...sightings.keys()].sort(), outcomes: [...outcomes].sort()};
}

function both(fresh: () => Program) {
  const traces = new Space(fresh(), 20_000);
  const states = new Space(fresh(), 20_000);
  const {complete, blocked} = searchTraces(traces, BUDGET);
  search(states, BUDGET);
  return {complete, blocked, traces: seen(traces), states: seen(states)};
}

/** Every schedule, and for each what decides its trace: for each word, who read what was written when. */
function tracesOf(fresh: () => Program, most: number): number | null {
  const space = new Space(fresh(), 20_000);
  const {halves} = space.program.machine.memory;
  const traces = new Set<string>();
  let schedules = 0;
  const visit = (state: number, words: ReadonlyMap<number, string>): void => {
    if (schedules > most) return;
    const threads = space.enabledThreads(state);
    if (threads.length > 0) {
      for (const thread of threads) {
        const {half, act, expected, operand} = space.node(state, thread).transition!;
        space.enabledThreads(state);
        const reads =
          act === "load" ||
          (act === "compare_exchange" && (halves[half] !== expected || operand === expected));
        const [past, group] = (words.get(half) ?? "|").split("|");
        const readers = [...group, thread].sort().join("");
        const now = reads ? `${past}|${readers}` : `${past}(${group})${thread}|`;
        visit(space.successor(state, thread), new Map(words).set(half, now));
      }
      return;
    }
    schedules++;
    traces.add(JSON.stringify([...words].sort(([a], [b]) => a - b)));
  };
  visit(0, new Map());
  return schedules > most ? null : traces.size;
}

describe("as many traces as other checkers have counted", () => {
  it.each([
    ["SR", 2, 12, 5],
    ["SR", 3, 18, 7],
    ["SRR", 2, 134, 30],
    ["SRR", 3, 284, 56],
    ["SRG", 2, 765, 380],
    ["SRG", 3, 1458, 721],
  ])("%s with %i pages: %i, and %i with the fix", (shape, pages, noassert, fix) => {
    for (const [mode, executions] of Object.entries({noassert, fix})) {
      const space = new Space(program("checker_scenario", {shape, pages, mode})(), 20_000);
      expect(searchTraces(space, BUDGET)).toEqual({complete: true, executions, blocked: 0});
    }
  });
});

describe("the same findings and outcomes as the stateful search", () => {
  it.each([
    ["lost_update", {cpus: 2}],
    ["lost_update", {cpus: 3}],
    ...["SR", "SRG"].flatMap((shape) =>
      ["buggy", "noassert", "fix"].map(
        (mode) => ["checker_scenario", {shape, pages: 2, mode}] as const,
      ),
    ),
  ] as const)("%s %j", (race, set) => {
    const {complete, blocked, traces, states} = both(program(race, set));
    expect({complete, blocked}).toEqual({complete: true, blocked: 0});
    expect(traces).toEqual(states);
  });
});

describe("a hundred random programs", () => {
  const plans = Array.from({length: 100}, (_, i) => ({seed: i + 1, plan: randomPlan(i + 1)}));

  it.each(plans)("$seed: nothing is lost", ({plan}) => {
    const {complete, blocked, traces, states} = both(() => programOf(plan));
    expect({complete, blocked}).toEqual({complete: true, blocked: 0});
    expect(traces).toEqual(states);
    expect(traces.outcomes).toEqual([...everySchedule(plan).outcomes].sort());
  });

  it("have each of their traces explored once", () => {
    let compared = 0;
    for (const {seed, plan} of plans) {
      const traces = tracesOf(() => programOf(plan), 3000);
      if (traces === null) continue;
      const {executions} = searchTraces(new Space(programOf(plan), 20_000), BUDGET);
      expect({seed, executions}).toEqual({seed, executions: traces});
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });
});
