// The two steps whose order decides: told only if trying shows it.

import {describe, expect, it} from "vitest";
import {execute, explore, parseSchedule} from "../../src/explore/index.ts";
import {defaultsOf, raceNamed} from "../../src/races/index.ts";
import {exploreRace, program} from "../support.ts";
import {programOf} from "./tiny.ts";

describe("what decides", () => {
  it("is for a lost update that one CPU reads before the other has written", () => {
    const {findings} = exploreRace("lost_update");
    expect(findings[0].decides!.sentence).toBe(
      "load of shared.counter by add one (CPU 0) comes before store of shared.counter by add one (CPU 1); the other way round it does not happen",
    );
  });

  it.each([
    ["lost_update", {cpus: 3}],
    ["checker_scenario", {}],
    ["smaps_vs_split", {pages: 2}],
    ["smaps_vs_split", {pages: 4, pgflags: "off"}],
  ] as const)(
    "%s %j: with the two the other way round it really does not happen",
    (race, set) => {
      const fresh = program(race, set);
      const {findings} = explore(fresh, defaultsOf(raceNamed(race)!), {});
      expect(findings.length).toBeGreaterThan(0);
      for (const {id, decides, fewestPreemptions} of findings) {
        const {first, second, otherwise} = decides!;
        expect(first).toBeLessThan(second);
        const before = execute(fresh(), parseSchedule(fewestPreemptions.schedule)!.threads, {});
        expect(before.findings.map((found) => found.id)).toContain(id);
        const shared = before.steps.filter((step) => step.shared);
        expect(decides!.sentence).toContain(shared[first].kind);
        expect(shared[first].thread).not.toBe(shared[second].thread);
        const after = execute(fresh(), parseSchedule(otherwise)!.threads, {});
        expect(after.warning).toBeNull();
        expect(after.findings.map((found) => found.id)).not.toContain(id);
      }
    },
  );

  it("is the order in which locks are taken, where that leads to a deadlock", () => {
    const crossed = programOf(2, ({kernel, word: [a, b]}) => [
      function* () {
        yield* kernel.spin_lock(a);
        yield* kernel.spin_lock(b);
        yield* kernel.spin_unlock(b);
        yield* kernel.spin_unlock(a);
      },
      function* () {
        yield* kernel.spin_lock(b);
        yield* kernel.spin_lock(a);
        yield* kernel.spin_unlock(a);
        yield* kernel.spin_unlock(b);
      },
    ]);
    const {findings} = explore(crossed, {});
    expect(findings.map(({invariant}) => invariant)).toEqual(["no deadlock"]);
    // Each lock was taken once when nobody can go on: no pair of steps was made that could be turned round.
    expect(findings[0].decides).toBeNull();
  });

  it("is nothing for a data race: no run that was not tried can be vouched for", () => {
    const {findings} = exploreRace("lost_update", {}, undefined, {checkRaces: true});
    const races = findings.filter(({invariant}) => invariant === "no data race");
    expect(races.map(({decides}) => decides)).toEqual([null, null]);
  });

  it("is nothing where it goes wrong in every schedule", () => {
    const always = programOf(1, ({kernel, word: [a]}) => [
      () => kernel.WRITE_ONCE(a, 1),
      () => kernel.BUG_ON(true, "true"),
    ]);
    expect(explore(always, {}).findings[0].decides).toBeNull();
  });
});
