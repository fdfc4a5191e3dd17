// What the explorer promises: it loses nothing, its verdict says how sure it is, and whatever it finds can be shown.

import {describe, expect, it} from "vitest";
import {
  execute,
  explore,
  parseSchedule,
  recorded,
  search,
  runToEnd,
  Space,
  type Program,
} from "../../src/explore/index.ts";
import {cell, type Op} from "../../src/sim/index.ts";
import {exploreRace, fixed, program} from "../support.ts";
import {programOf} from "./tiny.ts";

describe("lost_update", () => {
  it("ends with 1 or with 2", () => {
    const {verdict, complete, outcomes, findings} = exploreRace("lost_update");
    expect({verdict, complete, outcomes}).toEqual({
      verdict: "violated",
      complete: true,
      outcomes: ["counter 1", "counter 2"],
    });
    expect(findings.map(({id}) => id)).toEqual(["shared.counter is 1 after 2 increments"]);
  });

  it.each([3, 4])("of %i CPUs ends with anything from 1 on", (cpus) => {
    const {outcomes, findings} = exploreRace("lost_update", {cpus});
    expect(outcomes).toEqual(Array.from({length: cpus}, (_, i) => `counter ${i + 1}`));
    expect(findings).toHaveLength(cpus - 1);
  });

  it.each([2, 3, 4])("holds for %i CPUs that increment in one step", (cpus) => {
    const {verdict, complete, outcomes} = exploreRace("lost_update", {
      cpus,
      increment: "atomic",
    });
    expect({verdict, complete, outcomes}).toEqual({
      verdict: "holds",
      complete: true,
      outcomes: [`counter ${cpus}`],
    });
  });

  it("needs 4 steps and one preemption to go wrong", () => {
    const [finding] = exploreRace("lost_update").findings;
    expect(finding).toMatchObject({steps: 4, fewestPreemptions: {steps: 4, preemptions: 1}});
  });
});

describe("the reduction loses nothing", () => {
  /** Visits every state there is, one step after the other. */
  function everything(fresh: () => Program): Space {
    const space = new Space(fresh(), 20_000);
    const seen = new Set([0]);
    for (const state of seen) {
      const threads = space.enabledThreads(state);
      if (threads.length === 0) space.judgeEnd(state);
      for (const thread of threads) {
        const next = space.successor(state, thread);
        if (next >= 0) seen.add(next);
      }
    }
    return space;
  }

  it.each([
    ["pages=2", {pages: 2}, undefined],
    ["pages=4", {pages: 4}, undefined],
    ["pages=2, pgflags=off", {pages: 2, pgflags: "off"}, undefined],
    ["pages=2, mms=2", {pages: 2, mms: 2}, undefined],
    ["pages=4, fixed", {pages: 4}, fixed],
  ] as const)("smaps_vs_split %s", (_name, set, linked) => {
    const fresh = program("smaps_vs_split", set, linked);
    const all = everything(fresh);
    const reduced = new Space(fresh(), 20_000);
    const {complete, states} = runToEnd(
      search(reduced, {maxStates: Infinity, maxSeconds: Infinity}),
    );
    expect(complete).toBe(true);
    expect([...reduced.sightings.keys()].sort()).toEqual([...all.sightings.keys()].sort());
    expect([...reduced.outcomes.keys()].sort()).toEqual([...all.outcomes.keys()].sort());
    expect(states).toBeLessThan(all.size);
  });
});

describe("a thread that cannot be trusted", () => {
  it("one that does another thing when it is run again is found", () => {
    const fresh = programOf(2, ({kernel, word: [a, b]}) => {
      let runs = 0;
      function* forgetful() {
        const mine = runs++ === 0 ? a : b;
        const value = yield* kernel.load(mine);
        yield* kernel.store(b, value);
      }
      function* other() {
        yield* kernel.store(a, 1);
        yield* kernel.store(a, 2);
      }
      return [forgetful, other];
    });
    const {verdict, complete, findings} = explore(fresh, {});
    expect(findings.map(({invariant}) => invariant)).toContain("threads are deterministic");
    expect({verdict, complete}).toEqual({verdict: "violated", complete: false});
  });

  it("one that keeps count outside of its functions is found", () => {
    const fresh = programOf(2, ({kernel, word: [a, b]}) => {
      let count = 0;
      const answer = kernel.marked("answer", function* (): Op<number> {
        count++;
        yield* kernel.load(a);
        return 0;
      });
      function* counting() {
        yield* answer();
        if (count % 2 === 0) yield* kernel.store(b, 1);
        else yield* kernel.store(b, 2);
      }
      function* other() {
        yield* kernel.store(a, 1);
      }
      return [counting, other];
    });
    expect(explore(fresh, {}).findings.map(({invariant}) => invariant)).toContain(
      "threads are deterministic",
    );
  });

  it("one that never ends is found, and told apart from one that is long", () => {
    const forever = programOf(1, ({kernel, word: [a]}) => [
      function* () {
        for (;;) yield* kernel.load(a);
      },
    ]);
    const long = programOf(1, ({kernel, word: [a]}) => [
      function* () {
        for (let i = 0; i < 40; i++) yield* kernel.load(a);
      },
    ]);
    const {verdict, findings} = explore(forever, {}, {maxSteps: 50});
    expect(verdict).toBe("violated");
    expect(findings.map(({message}) => message)).toEqual([
      expect.stringMatching(/a thread that never ends: more than 50 steps/),
    ]);
    expect(explore(long, {}, {maxSteps: 50}).verdict).toBe("holds");

    const schedule = parseSchedule(findings[0].schedule)!;
    expect([schedule.endless, schedule.threads.length]).toEqual([50, 51]);
    const run = (program: Program, threads: readonly number[]) =>
      execute(recorded(program, schedule), threads, {}).findings.map(({message}) => message);
    expect(run(forever(), schedule.threads)).toEqual([findings[0].message]);
    expect(run(forever(), schedule.threads.slice(1))).toEqual([]);
    expect(run(long(), schedule.threads.slice(0, 40))).toEqual([]);
  });

  it("one that throws is found, in its own words", () => {
    const fresh = programOf(1, ({kernel, word: [a]}) => [
      function* () {
        yield* kernel.load(a);
        throw new Error("the reader's mistake");
      },
    ]);
    expect(explore(fresh, {}).findings.map(({message}) => message)).toEqual([
      "the reader's mistake",
    ]);
  });

  it("one that goes to a wild address is found", () => {
    const fresh = programOf(1, ({kernel}) => [
      () => kernel.load(cell("page[9]", "flags", 0x108, 4)),
    ]);
    const [{message}] = explore(fresh, {}).findings;
    expect(message).toBe("BUG: unable to handle page fault for address 0x108 (page[9].flags)");
  });
});

describe("locks", () => {
  const crossed = programOf(2, ({kernel, word: [a, b]}) => {
    const both = (one: typeof a, other: typeof a) =>
      function* () {
        yield* kernel.spin_lock(one);
        yield* kernel.spin_lock(other);
        yield* kernel.spin_unlock(other);
        yield* kernel.spin_unlock(one);
      };
    return [both(a, b), both(b, a)];
  });

  it("a deadlock says who waits for what, and the likely cause", () => {
    const {verdict, findings} = explore(crossed, {});
    expect(verdict).toBe("violated");
    expect(findings.map(({invariant, message}) => ({invariant, message}))).toEqual([
      {
        invariant: "no deadlock",
        message:
          "no thread can run: T0 waits for shared.word1, held by T1; T1 waits for shared.word0, held by T0 (a missing unlock, or locks taken in two orders?)",
      },
    ]);
    expect(findings[0].steps).toBe(2);
  });

  it("a lock that nobody gives back is a deadlock too", () => {
    const fresh = programOf(1, ({kernel, word: [a]}) => [
      () => kernel.spin_lock(a),
      function* () {
        yield* kernel.spin_lock(a);
        yield* kernel.spin_unlock(a);
      },
    ]);
    const messages = explore(fresh, {}).findings.map(({message}) => message);
    expect(messages.sort()).toEqual([
      "T0 has finished and still holds shared.word0 (a missing unlock?)",
      expect.stringContaining("T1 waits for shared.word0, held by T0"),
    ]);
  });

  it("an unlock by somebody who does not hold the lock is found", () => {
    const fresh = programOf(1, ({kernel, word: [a]}) => [
      () => kernel.spin_lock(a),
      () => kernel.spin_unlock(a),
    ]);
    const invariants = explore(fresh, {}).findings.map(({invariant, message}) => ({
      invariant,
      message,
    }));
    expect(invariants).toContainEqual({
      invariant: "locks are released by their holder",
      message: "spin_unlock of shared.word0, which T1 does not hold",
    });
  });
});

describe("a budget", () => {
  it("that is too small gives no verdict, and says that not all was covered", () => {
    const {verdict, complete, findings} = exploreRace("smaps_vs_split", {}, fixed, {
      maxStates: 1000,
    });
    expect({verdict, complete, findings}).toEqual({
      verdict: "unknown",
      complete: false,
      findings: [],
    });
  });

  it("of time as well", () => {
    const {verdict, complete} = exploreRace("smaps_vs_split", {}, fixed, {maxSeconds: 1e-6});
    expect({verdict, complete}).toEqual({verdict: "unknown", complete: false});
  });

  it("that is just enough for a finding: violated, not complete, and the finding has a schedule that shows it", () => {
    const {verdict, complete, findings} = exploreRace("smaps_vs_split", {pages: 2}, undefined, {
      maxStates: 4000,
    });
    expect({verdict, complete}).toEqual({verdict: "violated", complete: false});
    for (const {id, schedule, steps} of findings) {
      const {threads} = parseSchedule(schedule)!;
      expect(threads).toHaveLength(steps);
      const trace = execute(program("smaps_vs_split", {pages: 2})(), threads, {});
      expect(trace.findings.map((found) => found.id)).toContain(id);
    }
  });

  it("that somebody ends by hand gives no verdict", () => {
    const {verdict, complete} = exploreRace("smaps_vs_split", {}, fixed, {
      onProgress: () => false,
    });
    expect({verdict, complete}).toEqual({verdict: "unknown", complete: false});
  });
});
