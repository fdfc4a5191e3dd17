// What is asked of an explorer to know whether it is one: quick questions with known answers. Runs in a worker, on an
// explorer that may be broken on purpose (mutate.ts).

import {parentPort, workerData} from "node:worker_threads";
import {execute, explore, parseSchedule} from "../../src/explore/index.ts";
import {program, type Set} from "../support.ts";
import {dpor, stateful, type Check} from "./agreement.ts";
import type {Truth} from "./every_schedule.ts";
import {sayPlan, type Plan} from "./plan.ts";

/** What the battery is given: plans, and what is true of them. */
export type Known = readonly {readonly plan: Plan; readonly truth: Truth}[];

/** Traces of the scenario that other checkers have counted, as they were given to dpor.test.ts. */
const COUNTS: readonly (readonly [shape: string, noassert: number, fix: number])[] = [
  ["SR", 12, 5],
  ["SRR", 134, 30],
  ["SRG", 765, 380],
];

/** Null if nothing is wrong. */
function firstComplaint(known: Known): string | null {
  return (
    counts() ?? stories() ?? honesty() ?? agreement(known, stateful) ?? agreement(known, dpor)
  );
}

function counts(): string | null {
  for (const [shape, noassert, fix] of COUNTS) {
    for (const [mode, traces] of Object.entries({noassert, fix})) {
      const set: Set = {shape, pages: 2, mode};
      const {
        counts: counted,
        complete,
        verdict,
      } = explore(program("checker_scenario", set), {}, {strategy: "dpor", maxSeconds: 2});
      const {executions, blocked} = counted;
      if (!complete || executions !== traces || blocked !== 0 || verdict !== "holds")
        return `${shape}, ${mode}: ${JSON.stringify({executions, blocked, complete, verdict})}`;
    }
  }
  return null;
}

/** The shortest way to the BUG, and the one with the fewest preemptions. */
function stories(): string | null {
  const fresh = program("checker_scenario", {shape: "SR", pages: 3, mode: "buggy"});
  const {findings} = explore(fresh, {});
  const [{id, steps, schedule, fewestPreemptions}] = findings;
  const {preemptions} = fewestPreemptions;
  if (findings.length !== 1 || steps !== 30 || preemptions !== 2)
    return `stories: ${JSON.stringify({findings: findings.length, steps, preemptions})}`;
  const {findings: again} = execute(fresh(), parseSchedule(schedule)!.threads, {});
  return again.some((found) => found.id === id) ? null : `${schedule} does not show ${id}`;
}

/** Who was stopped has not covered everything. */
function honesty(): string | null {
  const fresh = program("checker_scenario", {shape: "SRG", pages: 3, mode: "fix"});
  for (const strategy of ["stateful", "dpor"] as const) {
    const {complete, verdict} = explore(fresh, {}, {strategy, maxStates: 100});
    if (complete || verdict !== "unknown")
      return `${strategy} was stopped and says ${JSON.stringify({complete, verdict})}`;
  }
  return null;
}

function agreement(known: Known, check: Check): string | null {
  for (const {plan, truth} of known) {
    const wrong = check(plan, truth);
    if (wrong !== null) return `${wrong}, of ${sayPlan(plan)}`;
  }
  return null;
}

parentPort?.postMessage(firstComplaint(workerData as Known));
