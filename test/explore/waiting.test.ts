// Loops that wait: a few states, however often they go round; and seen, where they go round for ever.

import {describe, expect, it} from "vitest";
import {execute, explore, parseSchedule, type Program} from "../../src/explore/index.ts";
import {programOf} from "./tiny.ts";

/** Everything that strategies must agree on. */
function said(fresh: () => Program, strategy: "stateful" | "dpor") {
  const {verdict, complete, findings, outcomes} = explore(fresh, {}, {strategy});
  return {verdict, complete, outcomes, ids: findings.map(({id}) => id)};
}

const flag = programOf(2, ({kernel, word: [data, ready]}) => [
  function* () {
    yield* kernel.WRITE_ONCE(data, 5);
    yield* kernel.WRITE_ONCE(ready, 1);
  },
  function* () {
    yield* kernel.spin_until_cond(() => kernel.READ_ONCE(ready));
    const seen = yield* kernel.READ_ONCE(data);
    yield* kernel.BUG_ON(seen !== 5, "seen != 5");
  },
]);

describe("a loop that waits for a flag", () => {
  it.each(["stateful", "dpor"] as const)("gets it (%s)", (strategy) => {
    expect(said(flag, strategy)).toEqual({
      verdict: "holds",
      complete: true,
      outcomes: ["5 1"],
      ids: [],
    });
  });

  it("is as many states however often the word changes in vain", () => {
    const changing = (times: number) =>
      programOf(1, ({kernel, word: [word]}) => [
        function* () {
          for (let i = 0; i < times; i++) {
            yield* kernel.WRITE_ONCE(word, 2);
            yield* kernel.WRITE_ONCE(word, 0);
          }
          yield* kernel.WRITE_ONCE(word, 1);
        },
        () =>
          kernel.spin_until_cond(function* () {
            const value = yield* kernel.READ_ONCE(word);
            return value === 1;
          }),
      ]);
    const asks = [5, 50].map((times) => explore(changing(times), {}).counts.asks!);
    // The writer's own steps, and no more.
    expect(asks[1] - asks[0]).toBe(90);
  });

  it("sees what an answer of its turn is", () => {
    const answered = programOf(2, ({kernel, word: [a, b]}) => [
      () => kernel.WRITE_ONCE(a, 7),
      function* () {
        const value = yield* kernel.spin_until_cond(() => kernel.READ_ONCE(a));
        yield* kernel.WRITE_ONCE(b, value);
      },
    ]);
    expect(said(answered, "stateful").outcomes).toEqual(["7 7"]);
    expect(said(answered, "dpor").outcomes).toEqual(["7 7"]);
  });

  it("may take a lock in each turn, if it releases it", () => {
    const locked = programOf(3, ({kernel, word: [flag, lock, seen]}) => [
      function* () {
        yield* kernel.spin_lock(lock);
        yield* kernel.WRITE_ONCE(flag, 1);
        yield* kernel.spin_unlock(lock);
        yield* kernel.WRITE_ONCE(flag, 2);
      },
      function* () {
        const value = yield* kernel.spin_until_cond(function* turn() {
          yield* kernel.spin_lock(lock);
          const now = yield* kernel.READ_ONCE(flag);
          yield* kernel.spin_unlock(lock);
          return now;
        });
        yield* kernel.WRITE_ONCE(seen, value);
      },
    ]);
    for (const strategy of ["stateful", "dpor"] as const) {
      expect(said(locked, strategy)).toMatchObject({
        verdict: "holds",
        complete: true,
        outcomes: ["2 0 1", "2 0 2"],
      });
    }
  });

  it("that keeps a lock for its next turn waits for itself", () => {
    const kept = programOf(2, ({kernel, word: [flag, lock]}) => [
      () => kernel.WRITE_ONCE(flag, 1),
      () =>
        kernel.spin_until_cond(function* turn() {
          yield* kernel.spin_lock(lock);
          return yield* kernel.READ_ONCE(flag);
        }),
    ]);
    const {verdict, ids} = said(kept, "stateful");
    expect(verdict).toBe("violated");
    expect(ids.join()).toContain("T1 waits for shared.word1");
  });

  it("may stand in another one", () => {
    const nested = programOf(2, ({kernel, word: [a, b]}) => [
      function* () {
        yield* kernel.WRITE_ONCE(b, 1);
        yield* kernel.WRITE_ONCE(a, 1);
      },
      () =>
        kernel.spin_until_cond(function* () {
          yield* kernel.spin_until_cond(() => kernel.READ_ONCE(b));
          return yield* kernel.READ_ONCE(a);
        }),
    ]);
    for (const strategy of ["stateful", "dpor"] as const) {
      expect(said(nested, strategy)).toMatchObject({verdict: "holds", outcomes: ["1 1"]});
    }
  });
});

describe("a livelock", () => {
  const nobodyWrites = programOf(1, ({kernel, word: [word]}) => [
    () => kernel.spin_until_cond(() => kernel.READ_ONCE(word)),
  ]);
  const eachWaits = programOf(2, ({kernel, word: [a, b]}) => [
    function* () {
      yield* kernel.spin_until_cond(() => kernel.READ_ONCE(a));
      yield* kernel.WRITE_ONCE(b, 1);
    },
    function* () {
      yield* kernel.spin_until_cond(() => kernel.READ_ONCE(b));
      yield* kernel.WRITE_ONCE(a, 1);
    },
  ]);
  /** The flag is there only for a moment: whoever looks too late waits for ever. */
  const missed = programOf(1, ({kernel, word: [word]}) => [
    function* () {
      yield* kernel.WRITE_ONCE(word, 1);
      yield* kernel.WRITE_ONCE(word, 0);
    },
    () => kernel.spin_until_cond(() => kernel.READ_ONCE(word)),
  ]);

  it.each([
    ["that nobody ends", nobodyWrites, ["T0 goes round until shared.word0 changes"]],
    [
      "of two that wait for each other",
      eachWaits,
      ["T0 goes round until shared.word0 changes; T1 goes round until shared.word1 changes"],
    ],
    ["of one that came too late", missed, ["T1 goes round until shared.word0 changes"]],
  ])("%s is found by every strategy, and shown by its schedule", (_, fresh, who) => {
    const {findings, complete} = explore(fresh, {});
    expect(complete).toBe(true);
    expect(findings.map(({invariant, message}) => ({invariant, message}))).toEqual(
      who.map((names) => ({
        invariant: "no livelock",
        message: `nobody gets any further: ${names} (did nobody write what is waited for?)`,
      })),
    );
    expect(said(fresh, "dpor")).toEqual(said(fresh, "stateful"));
    for (const {id, schedule} of findings) {
      const trace = execute(fresh(), parseSchedule(schedule)!.threads, {});
      expect(trace.findings.map((found) => found.id)).toEqual([id]);
    }
  });
});

describe("a loop whose turns leave traces", () => {
  /** Takes two locks, and puts the first back if the second cannot be had. */
  const politely = (count: number) =>
    programOf(2, ({kernel, word: [a, b]}) => {
      const takes = (first: typeof a, second: typeof b) =>
        function* () {
          yield* kernel.spin_until_cond(function* () {
            yield* kernel.spin_lock(first);
            const both = yield* kernel.spin_trylock(second);
            if (!both) yield* kernel.spin_unlock(first);
            return both;
          });
          yield* kernel.spin_unlock(second);
          yield* kernel.spin_unlock(first);
        };
      return [takes(a, b), takes(b, a)].slice(0, count);
    });

  it("may be left by some schedule: then nothing is wrong, though it can go round for long", () => {
    expect(said(politely(2), "stateful")).toEqual({
      verdict: "holds",
      complete: true,
      outcomes: ["0 0"],
      ids: [],
    });
  });

  it("is not covered by dpor, which says so", () => {
    expect(said(politely(1), "dpor")).toMatchObject({verdict: "holds", complete: true});
    expect(said(politely(2), "dpor")).toMatchObject({verdict: "unknown", complete: false});
  });

  it("and cannot be left is a livelock", () => {
    const restless = programOf(2, ({kernel, word: [count, ready]}) => [
      () =>
        kernel.spin_until_cond(function* () {
          yield* kernel.atomic_inc(count);
          const is = yield* kernel.READ_ONCE(ready);
          if (!is) yield* kernel.atomic_dec(count);
          return is;
        }),
      () => kernel.atomic_inc(count),
    ]);
    const {complete, findings} = explore(restless, {});
    expect(complete).toBe(true);
    expect(findings.map(({message}) => message)).toEqual([
      "nobody gets any further: T0 goes round (each undoing what the other waits for?)",
    ]);
  });
});
