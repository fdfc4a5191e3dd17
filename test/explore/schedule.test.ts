// Schedules as text: what is written can be read again, and what is no schedule is none.

import {describe, expect, it} from "vitest";
import {execute, formatSchedule, parseSchedule} from "../../src/explore/index.ts";
import {defaultsOf, raceNamed} from "../../src/races/index.ts";
import {exploreRace, follow, program} from "../support.ts";
import {randomNumbers} from "./random_numbers.ts";

describe("a schedule as text", () => {
  it("is short: the race, what is set, the code, and runs of steps", () => {
    const threads = [...Array<number>(14).fill(0), ...Array<number>(11).fill(1), 0];
    const text = formatSchedule({
      race: "smaps_vs_split",
      parameters: {pages: "8"},
      code: "k3f9x2ab",
      threads,
    });
    expect(text).toBe("smaps_vs_split~pages-8~k3f9x2ab~a14b11a");
  });

  it("comes back as it was written", () => {
    const below = randomNumbers(7);
    for (let i = 0; i < 200; i++) {
      const threads = Array.from({length: below(60)}, () => below(4));
      const parameters = below(2) ? {} : {pages: String(2 ** below(5)), debug_vm: "off"};
      const schedule = {
        ...{race: "smaps_vs_split", parameters, code: "k3f9x2ab", threads},
        ...(below(4) ? {} : {endless: 1 + below(20_000)}),
      };
      expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
    }
  });

  it("can stand in a link as it is", () => {
    const {findings} = exploreRace("smaps_vs_split", {pages: 2});
    for (const {schedule} of findings) expect(encodeURIComponent(schedule)).toBe(schedule);
  });

  it.each([
    "",
    "smaps_vs_split",
    "smaps_vs_split~k3f9x2ab",
    "smaps_vs_split~k3f9x2a~a14",
    "smaps_vs_split~k3f9x2ab~14a",
    "smaps_vs_split~k3f9x2ab~a-1",
    "smaps_vs_split~k3f9x2ab~a1.5",
    "smaps_vs_split~k3f9x2ab~A14",
    "smaps_vs_split~pages~k3f9x2ab~a14",
    "smaps_vs_split~pages-~k3f9x2ab~a14",
    "~k3f9x2ab~a14",
    "smaps_vs_split~endless-~k3f9x2ab~a14",
    "smaps_vs_split~endless-0~k3f9x2ab~a14",
    "smaps_vs_split~endless-x~k3f9x2ab~a14",
    "smaps_vs_split~endless-99999999~k3f9x2ab~a14",
    "smaps vs split~k3f9x2ab~a14",
    "smaps_vs_split~k3f9x2ab~a14 ",
    "smaps_vs_split~k3f9x2ab~a14\n",
    "smaps_vs_split~k3f9x2ab~a99999999999",
    "smaps_vs_split~k3f9x2ab~a999999b999999",
    `smaps_vs_split~k3f9x2ab~${"a999999".repeat(10_000)}`,
  ])("%j is none", (text) => expect(parseSchedule(text)).toBeNull());
});

describe.each([
  ["lost_update", {}],
  ["lost_update", {cpus: 3}],
  ["smaps_vs_split", {pages: 2}],
  ["smaps_vs_split", {}],
  ["smaps_vs_split", {pgflags: "off"}],
  ["smaps_vs_split", {pages: 2, mms: 2}],
])("a run along each schedule that %s %j was given", (race, set) => {
  const {findings} = exploreRace(race, set);
  const defaults = defaultsOf(raceNamed(race)!);
  const runs = findings.flatMap((finding) =>
    [finding, finding.fewestPreemptions].map(({schedule, steps}) => {
      const trace = execute(program(race, set)(), parseSchedule(schedule)!.threads, defaults);
      return {finding, schedule, steps, trace};
    }),
  );

  it("there are some", () => expect(runs.length).toBeGreaterThan(0));

  it("finds the finding again, at the same place", () => {
    for (const {finding, trace} of runs) {
      const {id, invariant, message, function: where, file, line} = finding;
      const same = trace.findings.find((found) => found.id === id);
      expect(same).toMatchObject({id, invariant, message, function: where, file, line});
    }
  });

  it("takes every step, and writes the same schedule", () => {
    for (const {schedule, steps, trace} of runs) {
      expect(trace.schedule).toBe(schedule);
      expect(trace.steps.filter(({shared}) => shared)).toHaveLength(steps);
      expect(trace.warning).toBeNull();
    }
  });

  it("ends with an outcome that the exploration knows", () => {
    const {outcomes} = exploreRace(race, set);
    for (const {trace} of runs)
      if (trace.outcome !== null) expect(outcomes).toContain(trace.outcome);
  });
});

describe("a run along a schedule that does not fit", () => {
  const run = (threads: number[]) => execute(program("lost_update")(), threads, {});

  it("goes as far as it can, and says so", () => {
    expect(run([0, 0, 0]).warning).toBe(
      "the schedule holds for 2 steps; at step 3 add one has no more steps",
    );
    expect(run([5]).warning).toMatch(/step 1 is of a thread that this race does not have/);
  });

  it("says when a thread would have to wait", () => {
    const fresh = program("smaps_vs_split", {pages: 2});
    const warnings = Array.from({length: 40}, (_, steps) => {
      const schedule = [
        ...follow(fresh, [
          [1, steps],
          [0, Infinity],
        ]),
        0,
      ];
      return execute(fresh(), schedule, {}).warning;
    });
    expect(warnings).toContainEqual(
      expect.stringMatching(/cat smaps cannot run there \(it waits\)/),
    );
  });

  it("ends early where the schedule does: no outcome, not finished, nothing found", () => {
    expect(run([0, 1])).toMatchObject({
      finished: false,
      outcome: null,
      findings: [],
      warning: null,
    });
  });
});
