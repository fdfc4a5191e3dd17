// Who tests the tests: explorers that are broken on purpose, each in one place. All of them must be noticed, and the
// explorer as it is must not.

import {beforeAll, describe, expect, it} from "vitest";
import type {Known} from "./battery.ts";
import {casesOf} from "./cases.ts";
import {everySchedule} from "./every_schedule.ts";
import {complaintOf, type Mutant} from "./mutate.ts";
import {MUTANTS} from "./mutants.ts";
import {planOf, type Plan} from "./plan.ts";

/** Plans that some mutant needs, and chance does not offer soon enough. */
const PLANS: readonly Plan[] = [
  // The store to w2 comes to light in few schedules: whoever draws some at random has not seen it.
  planOf([
    "load w1; skip 9 if 0; load w1; skip 7 unless 0; load w1; skip 5 if 0; load w1; skip 3 unless 0; load w1; skip 1 if 0; store w2 2",
    "store w1 1; store w1 0; store w1 1; store w1 0; store w1 1",
    "load w2",
  ]),
  planOf(["load w2", "set_bit w2 1"]),
  // Two of its traces are lost by who reverses only what is new.
  planOf([
    "WRITE_ONCE w2 8",
    "xchg w0 4",
    "READ_ONCE w1; READ_ONCE w2; xchg w0 2",
    "WRITE_ONCE w1 1; xchg w0 6; READ_ONCE w0; WRITE_ONCE w1 0",
  ]),
  // The WARN is seen only if it comes before the BUG, and nothing else of the two threads conflicts.
  planOf(["load w2; bug 0", "load w1; warn 0"]),
];

function knownPlans(): Known {
  return [
    ...PLANS.map((plan) => ({plan, truth: everySchedule(plan)})),
    ...casesOf(60, 500).map(({plan, truth}) => ({plan, truth})),
  ];
}

describe("explorers that are broken on purpose", () => {
  const complaints = new Map<Mutant | null, string | Error | null>();

  // Two at a time: one is built while the other one runs.
  beforeAll(async () => {
    const known = knownPlans();
    const left = [null, ...MUTANTS];
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift())
        complaints.set(next, await complaintOf(next, known).catch((error: Error) => error));
    };
    await Promise.all([lane(), lane()]);
  }, 120_000);

  it("the explorer as it is passes", () => expect(complaints.get(null)).toBeNull());

  for (const mutant of MUTANTS) {
    it(`${mutant.breaks}: noticed`, async ({annotate}) => {
      const complaint = complaints.get(mutant);
      if (complaint instanceof Error) throw complaint;
      if (complaint) await annotate(complaint);
      expect(complaint).toEqual(expect.any(String));
    });
  }
});
