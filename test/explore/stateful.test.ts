// The stateful search by itself. It draws some schedules at random first, which in a small program show all that the search
// may miss: here it must do without them.

import {describe, expect, it, vi} from "vitest";
import {runToEnd, search, Space} from "../../src/explore/index.ts";
import {differ, differInRaces, type Check} from "./agreement.ts";
import {casesOf, firstFailure} from "./cases.ts";
import {programOf} from "./plan_program.ts";

vi.mock("../../src/explore/sampling.ts", () => ({
  *sample() {
    return 0;
  },
}));

const searching: Check = (plan, truth) => {
  const space = new Space(programOf(plan), 20_000);
  const budget = {maxStates: Infinity, maxSeconds: Infinity};
  const {complete} = runToEnd(search(space, budget));
  const sorted = (texts: Iterable<string>) => [...texts].sort();
  return (
    differ("complete", complete, true) ??
    differ("outcomes", sorted(space.outcomes.keys()), sorted(truth.outcomes)) ??
    differ("findings", sorted(space.sightings.keys()), sorted(truth.findings.keys())) ??
    differInRaces([...space.dataRaces.found.keys()], truth)
  );
};

describe("a thousand random programs", () => {
  const cases = casesOf(1000, 2520);

  it("none of them has an outcome or a finding that the search misses", () => {
    expect(firstFailure(cases, searching)).toBeNull();
  });
});
