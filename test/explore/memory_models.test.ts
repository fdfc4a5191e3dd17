// Store buffers: what programs come to under each memory model, said by the explorer, by a second implementation, and by the
// literature.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  execute,
  MEMORY_MODELS,
  runToEnd,
  search,
  Space,
  under,
  type MemoryModel,
  type Program,
} from "../../src/explore/index.ts";
import {outcomesOf} from "./naive_buffers.ts";
import {weakPlans, weakProgram, withFullBarriers, type WeakPlan} from "./weak_plan.ts";

const NO_LIMIT = {maxStates: Infinity, maxSeconds: Infinity};

function explored(fresh: () => Program, model: MemoryModel): Space {
  const space = new Space(under(model, fresh()), 20_000);
  const {complete} = runToEnd(search(space, NO_LIMIT));
  expect(complete).toBe(true);
  return space;
}

const outcomes = (plan: WeakPlan, model: MemoryModel): string[] =>
  [...explored(() => weakProgram(plan), model).outcomes.keys()].sort();

const PROGRAMS = {numRuns: 1000, seed: 1};

describe("a thousand random programs", () => {
  it("of two threads: a second implementation of the buffers says the same", () => {
    fc.assert(
      fc.property(weakPlans(2), (plan) => {
        for (const model of MEMORY_MODELS)
          expect(outcomes(plan, model), model).toEqual(outcomesOf(plan, model));
      }),
      PROGRAMS,
    );
  });

  it("what can come out under sc can under tso, and what can under tso can under pso", () => {
    fc.assert(
      fc.property(weakPlans(3), (plan) => {
        const [sc, tso, pso] = MEMORY_MODELS.map((model) => outcomes(plan, model));
        expect(tso).toEqual(expect.arrayContaining(sc));
        expect(pso).toEqual(expect.arrayContaining(tso));
      }),
      PROGRAMS,
    );
  });

  it("with a full barrier behind every store all three models are one", () => {
    fc.assert(
      fc.property(weakPlans(3), (plan) => {
        const fenced = withFullBarriers(plan);
        const [sc, tso, pso] = MEMORY_MODELS.map((model) => outcomes(fenced, model));
        expect(tso).toEqual(sc);
        expect(pso).toEqual(sc);
      }),
      PROGRAMS,
    );
  });
});

describe("a run along a schedule", () => {
  it.each(["tso", "pso"] as const)("comes to what the search says, under %s", (model) => {
    fc.assert(
      fc.property(weakPlans(3, true), (plan) => {
        const fresh = () => under(model, weakProgram(plan));
        const space = explored(fresh, model);
        for (const [outcome, place] of space.outcomes) {
          const trace = execute(fresh(), space.scheduleOf(place), {});
          expect(trace.warning).toBeNull();
          expect(trace.outcome).toBe(outcome);
        }
        for (const id of space.sightings.keys()) {
          const {findings} = execute(fresh(), space.scheduleTo(id), {});
          expect(findings.map((found) => found.id)).toContain(id);
        }
      }),
      {numRuns: 100, seed: 2},
    );
  });
});
