// Does the explorer say of a plan what is true? If not, in what.

import {execute, explore, parseSchedule, type Report} from "../../src/explore/index.ts";
import type {Truth} from "./every_schedule.ts";
import type {Plan} from "./plan.ts";
import {programOf} from "./plan_program.ts";

/** What is wrong with what a strategy says; null if nothing is. */
export type Check = (plan: Plan, truth: Truth) => string | null;

export const stateful: Check = (plan, truth) => {
  const report = explore(() => programOf(plan), {});
  return said(report, truth) ?? races(report, truth) ?? told(report, plan, truth);
};

export const dpor: Check = (plan, truth) => {
  const report = explore(() => programOf(plan), {}, {strategy: "dpor"});
  const {executions, blocked} = report.counts;
  return (
    said(report, truth) ??
    races(report, truth) ??
    differ("executions", executions, truth.traces) ??
    differ("blocked", blocked, 0)
  );
};

/** What is drawn is true, but need not be all. */
export const drawing =
  (strategy: "random" | "pct" | "pos"): Check =>
  (plan, {outcomes, findings, dataRaces}) => {
    const report = explore(() => programOf(plan), {}, {strategy, runs: 20});
    const untrue = [
      ...report.outcomes.filter((text) => !outcomes.has(text)),
      ...report.findings.map(({id}) => id).filter((id) => !findings.has(id)),
      ...report.dataRaces.map(({id}) => id).filter((id) => !dataRaces.has(id)),
    ];
    return differ("untrue", untrue, []) ?? differ("complete", report.complete, false);
  };

function races({dataRaces}: Report, truth: Truth): string | null {
  return differInRaces(
    dataRaces.map(({id}) => id),
    truth,
  );
}

export function differInRaces(found: readonly string[], {dataRaces}: Truth): string | null {
  return differ("data races", [...found].sort(), [...dataRaces].sort());
}

/** Everything that comes out and goes wrong, and nothing else. */
function said(report: Report, {outcomes, findings}: Truth): string | null {
  const {verdict, complete} = report;
  return (
    differ("outcomes", report.outcomes, [...outcomes].sort()) ??
    differ("findings", report.findings.map(({id}) => id).sort(), [...findings.keys()].sort()) ??
    differ(
      "verdict",
      {verdict, complete},
      {verdict: findings.size > 0 ? "violated" : "holds", complete: true},
    )
  );
}

/** Each finding by a schedule that is as short as any, by one with the fewest preemptions, and both show it again. */
function told({findings}: Report, plan: Plan, truth: Truth): string | null {
  for (const {id, steps, schedule, fewestPreemptions} of findings) {
    const {preemptions} = fewestPreemptions;
    const wrong = differ(`least to ${id}`, {steps, preemptions}, truth.findings.get(id));
    if (wrong !== null) return wrong;
    for (const text of [schedule, fewestPreemptions.schedule]) {
      const trace = execute(programOf(plan), parseSchedule(text)!.threads, {});
      if (trace.warning !== null || trace.findings.every((found) => found.id !== id))
        return `${text} does not show ${id} again`;
    }
  }
  return null;
}

/** Null if the two are the same. */
export function differ(what: string, found: unknown, truth: unknown): string | null {
  const [a, b] = [found, truth].map((value) => JSON.stringify(value));
  return a === b ? null : `${what}: ${a} instead of ${b}`;
}
