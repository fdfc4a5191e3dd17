// What runs cost at the most: found by a search that leaves steps out, it is the same as over all schedules there are.

import {describe, expect, it} from "vitest";
import {
  execute,
  explore,
  parseSchedule,
  runToEnd,
  search,
  Space,
  type Measure,
  type Program,
} from "../../src/explore/index.ts";
import {mostOf} from "../../src/explore/most.ts";
import {fixed, program, v5_13} from "../support.ts";
import {casesOf} from "./cases.ts";
import {programOf as randomProgram} from "./plan_program.ts";
import {programOf} from "./tiny.ts";

const BUDGET = {maxStates: Infinity, maxSeconds: Infinity};

/** Accesses of one thread; under a lock they count three times. */
const accessesOf = (wanted: number): Measure => ({
  name: `thread ${wanted}`,
  weigh: ({thread, held}) => (thread === wanted ? (held.length > 0 ? 3 : 1) : 0),
});

function reduced(fresh: () => Program, measure: Measure) {
  const space = new Space(fresh(), 20_000);
  const {loneStep} = runToEnd(search(space, BUDGET));
  return mostOf(space, loneStep, measure);
}

function unreduced(fresh: () => Program, measure: Measure) {
  const space = new Space(fresh(), 20_000);
  const seen = new Set([0]);
  for (const state of seen) {
    for (const thread of space.enabledThreads(state)) {
      const next = space.successor(state, thread);
      if (next >= 0) seen.add(next);
    }
  }
  return mostOf(space, () => -1, measure);
}

/** What the measure comes to on one schedule. */
function on(fresh: () => Program, schedule: readonly number[], measure: Measure): number {
  const space = new Space(fresh(), 20_000);
  let state = 0;
  let sum = 0;
  for (const thread of schedule) {
    const {operation, functions, frame} = space.node(state, thread);
    sum += measure.weigh({thread, operation: operation!, functions, held: frame.carried.held});
    state = space.successor(state, thread);
  }
  return sum;
}

function agree(fresh: () => Program, measure: Measure): number {
  const most = reduced(fresh, measure)!;
  expect(most.most).toBe(unreduced(fresh, measure)!.most);
  expect(on(fresh, most.threads, measure)).toBe(most.most);
  return most.most;
}

describe("the most that a run costs", () => {
  it("is that of the heaviest schedule", () => {
    const fresh = programOf(1, ({kernel, word: [flag]}) => [
      function* looks() {
        const is_set = yield* kernel.READ_ONCE(flag);
        if (is_set === 1) for (let i = 0; i < 5; i++) yield* kernel.READ_ONCE(flag);
      },
      () => kernel.WRITE_ONCE(flag, 1),
    ]);
    expect(agree(fresh, accessesOf(0))).toBe(6);
    expect(agree(fresh, accessesOf(1))).toBe(1);
  });

  it("is the same with and without a reduction, for three hundred random programs", () => {
    const seen = new Set<number>();
    for (const {plan} of casesOf(300, 77)) {
      const fresh = () => randomProgram(plan);
      plan.threads.forEach((_, thread) => seen.add(agree(fresh, accessesOf(thread))));
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  it.each([
    ["v5.13", v5_13],
    ["fixed", fixed],
  ])("is the same with and without a reduction, for smaps_vs_split on %s", (_name, linked) => {
    const fresh = program("smaps_vs_split", {pages: 2}, linked);
    expect(agree(fresh, accessesOf(0))).toBeGreaterThan(20);
    expect(agree(fresh, accessesOf(1))).toBeGreaterThan(100);
  });

  it("is not said where threads are equal, or go round in a loop that leaves traces", () => {
    const equal = program("smaps_vs_split", {pages: 2, readers: 2});
    expect(reduced(equal, accessesOf(0))).toBeNull();
    const round = programOf(1, ({kernel, word: [flag]}) => [
      () =>
        kernel.spin_until_cond(function* turn() {
          yield* kernel.atomic_xchg(flag, 1);
          return false;
        }),
    ]);
    expect(reduced(round, accessesOf(0))).toBeNull();
  });

  it("comes with the report, if it is asked for, and so does a schedule to each outcome", () => {
    const fresh = program("lost_update");
    const plain = explore(fresh, {});
    expect(plain).not.toHaveProperty("most");
    expect(plain).not.toHaveProperty("witnesses");

    const parameters = fresh().parameters;
    const report = explore(program("smaps_vs_split", {pages: 2}), parameters, {
      measures: [accessesOf(0)],
    });
    expect(report.most).toHaveLength(1);
    expect(report.witnesses).toHaveLength(report.outcomes.length);
    report.witnesses!.forEach((schedule, i) => {
      const {threads} = parseSchedule(schedule)!;
      const trace = execute(program("smaps_vs_split", {pages: 2})(), threads, parameters);
      expect(trace.outcome).toBe(report.outcomes[i]);
    });
  });
});
