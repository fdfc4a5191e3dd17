// The explorer against a search that leaves nothing out and remembers nothing: a hundred random programs.

import {describe, expect, it} from "vitest";
import {execute, explore, parseSchedule, type Report} from "../../src/explore/index.ts";
import {everySchedule, programOf, randomPlan, type Plan, type Truth} from "./random.ts";

type Case = {
  readonly seed: number;
  readonly plan: Plan;
  readonly truth: Truth;
  readonly report: Report;
};

const cases: Case[] = Array.from({length: 100}, (_, i) => {
  const plan = randomPlan(i + 1);
  return {
    seed: i + 1,
    plan,
    truth: everySchedule(plan),
    report: explore(() => programOf(plan), {}),
  };
});

/** A finding's message without the explorer's own words about deadlocks. */
function bare(message: string): string {
  return message.replace(/^no thread can run: /, "").replace(/ \(a missing unlock.*\)$/, "");
}

describe("a hundred random programs", () => {
  it("are of many kinds", () => {
    expect(cases.filter(({truth}) => truth.deadlocks.size > 0).length).toBeGreaterThan(5);
    expect(cases.filter(({truth}) => truth.outcomes.size > 5).length).toBeGreaterThan(30);
    expect(cases.filter(({plan}) => plan.threads.length === 3).length).toBeGreaterThan(20);
  });

  it.each(cases)("$seed: the same final memories and results", ({truth, report}) => {
    expect(report.outcomes).toEqual([...truth.outcomes].sort());
  });

  it.each(cases)(
    "$seed: the same deadlocks, and the same ends that are wrong",
    ({truth, report}) => {
      expect(report.findings.map(({message}) => bare(message)).sort()).toEqual(
        [...truth.wrong.keys()].sort(),
      );
      expect(report.complete).toBe(true);
      expect(report.verdict).toBe(truth.wrong.size > 0 ? "violated" : "holds");
    },
  );

  it.each(cases)(
    "$seed: the shortest schedule is as short as any, and no schedule has fewer preemptions",
    ({truth, report}) => {
      for (const {message, steps, fewestPreemptions} of report.findings) {
        const known = truth.wrong.get(bare(message))!;
        expect({steps, preemptions: fewestPreemptions.preemptions}).toEqual(known);
      }
    },
  );

  it.each(cases)("$seed: every schedule shows its finding again", ({plan, report}) => {
    for (const {id, schedule, fewestPreemptions} of report.findings) {
      for (const text of [schedule, fewestPreemptions.schedule]) {
        const {findings, warning} = execute(programOf(plan), parseSchedule(text)!.threads, {});
        expect(findings.map((found) => found.id)).toContain(id);
        expect(warning).toBeNull();
      }
    }
  });
});
