// Random plans that are small enough to know all of their schedules, and what is true of them.

import type {Check} from "./agreement.ts";
import {everySchedule, type Truth} from "./every_schedule.ts";
import {ordersOf, sayPlan, type Plan} from "./plan.ts";
import {randomPlan} from "./random_plan.ts";
import {shrink} from "./shrink.ts";

export type Case = {readonly seed: number; readonly plan: Plan; readonly truth: Truth};

/** The first `count` plans that have no more than `most` schedules, whatever they wait for. */
export function casesOf(count: number, most: number): Case[] {
  const cases: Case[] = [];
  for (let seed = 1; cases.length < count; seed++) {
    const plan = randomPlan(seed);
    if (ordersOf(plan) <= most) cases.push({seed, plan, truth: everySchedule(plan)});
  }
  return cases;
}

/** What is wrong with the first case that fails, and with the smallest plan that fails as it does. */
export function firstFailure(cases: readonly Case[], check: Check): string | null {
  const wrongIn = (plan: Plan): string | null => check(plan, everySchedule(plan));
  for (const {seed, plan, truth} of cases) {
    const wrong = check(plan, truth);
    if (wrong === null) continue;
    const least = shrink(plan, (smaller) => wrongIn(smaller) !== null);
    return `seed ${seed}: ${wrong}\nand of the smaller ${sayPlan(least)}: ${wrongIn(least)}`;
  }
  return null;
}
