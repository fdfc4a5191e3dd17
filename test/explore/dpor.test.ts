// Each trace once: the counts of other checkers, and what can be counted by hand.

import {describe, expect, it} from "vitest";
import {searchTraces} from "../../src/explore/dpor.ts";
import {explore, runToEnd, Space, type Monitor, type Program} from "../../src/explore/index.ts";
import {cell} from "../../src/sim/index.ts";
import {assemble, raceNamed} from "../../src/races/index.ts";
import {boot, program, v5_13, type Set} from "../support.ts";
import {dpor, stateful} from "./agreement.ts";
import {everySchedule} from "./every_schedule.ts";
import {planOf, type Plan} from "./plan.ts";
import {programOf} from "./plan_program.ts";

const BUDGET = {maxStates: Infinity, maxSeconds: Infinity};

function countTraces(set: Set) {
  // Not by name: shapes may be tried that the race does not offer.
  const space = new Space(assemble(raceNamed("checker_scenario")!, v5_13, set), 20_000);
  return runToEnd(searchTraces(space, BUDGET));
}

describe("as many traces as other checkers have counted", () => {
  it.each([
    ["SR", 2, 12, 5],
    ["SR", 3, 18, 7],
    ["SRR", 2, 134, 30],
    ["SRR", 3, 284, 56],
    ["SRG", 2, 765, 380],
    ["SRG", 3, 1458, 721],
  ])("%s with %i pages: %i, and %i with the fix", (shape, pages, noassert, fix) => {
    for (const [mode, executions] of Object.entries({noassert, fix}))
      expect(countTraces({shape, pages, mode})).toEqual({
        complete: true,
        executions,
        blocked: 0,
      });
  });
});

describe("two traps for whoever counts traces", () => {
  it("a lock that is taken is reversed without what happened before its unlock: 765, not 940", () => {
    const {executions} = countTraces({shape: "SRG", pages: 2, mode: "noassert"});
    expect(executions).toBe(765);
  });

  it("a compare-and-swap that fails is a read, and may write where it is reversed: 9680, not 10435 or 4968", () => {
    const {executions} = countTraces({shape: "SGG", pages: 2, mode: "noassert"});
    expect(executions).toBe(9680);
  });
});

/** What is true of a plan, if the strategies say so too. */
function agreedOn(plan: Plan) {
  const truth = everySchedule(plan);
  expect({dpor: dpor(plan, truth), stateful: stateful(plan, truth)}).toEqual({
    dpor: null,
    stateful: null,
  });
  const {traces, outcomes, findings} = truth;
  return {traces, outcomes: outcomes.size, findings: [...findings.keys()].sort()};
}

const right = (traces: number, outcomes: number) => ({traces, outcomes, findings: []});

describe("locks", () => {
  const twice = (line: string): Plan => planOf([line, line]);

  it("a spinlock is taken in two orders", () => {
    const plan = twice("spin_lock spinA; atomic_inc w1; spin_unlock spinA");
    expect(agreedOn(plan)).toEqual(right(2, 1));
  });

  it("two readers may be inside at once: of two downs and two ups, all orders", () => {
    expect(agreedOn(twice("down_read sem; load w1; up_read sem"))).toEqual(right(6, 1));
  });

  it("a writer excludes a reader", () => {
    const plan = planOf([
      "down_write sem; store w1 1; store w1 2; up_write sem",
      "down_read sem; load w1; load w1; up_read sem",
    ]);
    expect(agreedOn(plan)).toEqual(right(2, 2));
  });

  it("a writer waits for the last of two readers", () => {
    const reader = "down_read sem; up_read sem";
    const plan = planOf([reader, reader, "down_write sem; up_write sem"]);
    // The readers in their six orders, with the writer first, last, or between the two.
    expect(agreedOn(plan)).toEqual(right(6 + 6 + 2, 1));
  });

  it("a bit of a word is a lock, and the other bits are not", () => {
    const plan = planOf([
      "wait_on_bit_lock w2 0; set_bit w2 4; clear_bit_unlock w2 0",
      "wait_on_bit_lock w2 0; test_and_set_bit w2 4; clear_bit_unlock w2 0",
    ]);
    expect(agreedOn(plan)).toEqual(right(2, 2));
  });

  it("a bit that somebody else clears is a lock that can be had", () => {
    const plan = planOf(["wait_on_bit_lock w2 0", "wait_on_bit_lock w2 0", "clear_bit w2 0"]);
    const {findings} = agreedOn(plan);
    const waits = findings.filter((id) => id.startsWith("no thread can run"));
    const holds = findings.filter((id) => id.includes("still holds bit 0 of shared.w2"));
    expect([waits.length, holds.length]).toEqual([2, 2]);
  });

  it("a trylock that fails does not wait, and is a read", () => {
    const plan = planOf(["spin_trylock spinA", "spin_trylock spinA", "spin_trylock spinA"]);
    const {traces, outcomes, findings} = agreedOn(plan);
    // Who is first decides; the two that fail can come in any order.
    expect({traces, outcomes}).toEqual({traces: 3, outcomes: 3});
    expect(findings).toContain(
      "T0 has finished and still holds shared.spinA (a missing unlock?)",
    );
  });

  it("a deadlock is an end like others", () => {
    const plan = planOf([
      "spin_lock spinA; spin_lock spinB; spin_unlock spinB; spin_unlock spinA",
      "spin_lock spinB; spin_lock spinA; spin_unlock spinA; spin_unlock spinB",
    ]);
    const {traces, findings} = agreedOn(plan);
    expect({traces, findings}).toEqual({
      traces: 3,
      findings: [
        "no thread can run: T0 waits for shared.spinB, held by T1; T1 waits for shared.spinA, held by T0 (a missing unlock, or locks taken in two orders?)",
      ],
    });
  });

  it("an unlock of what is not held ends the run", () => {
    const plan = planOf(["spin_lock spinA; spin_unlock spinA", "spin_unlock spinA"]);
    const {traces, findings} = agreedOn(plan);
    expect({traces, findings}).toEqual({
      traces: 3,
      findings: ["spin_unlock of shared.spinA, which T1 does not hold"],
    });
  });
});

describe("accesses that may change nothing", () => {
  it("atomic_add_unless that finds what it avoids is a read", () => {
    expect(agreedOn(planOf(["atomic_inc_not_zero w1", "atomic_inc_not_zero w1"]))).toEqual(
      right(1, 1),
    );
    expect(
      agreedOn(planOf(["atomic_inc_not_zero w1", "atomic_inc_not_zero w1"], [0, 1, 0])),
    ).toEqual(right(2, 1));
  });

  it("a bit that is set already is only read by test_and_set_bit", () => {
    const plan = planOf(["test_and_set_bit w1 0", "test_and_set_bit w1 0"]);
    expect(agreedOn(plan)).toEqual(right(2, 2));
    expect(agreedOn({...plan, first: [0, 1, 0]})).toEqual(right(1, 1));
  });

  it("one that changes nothing becomes a data race when a third thread writes", () => {
    const plan = planOf(["atomic_dec w2", "atomic_add_unless w2 2 2", "load w2"], [0, 0, 2]);
    expect([...everySchedule(plan).dataRaces].sort()).toEqual([
      "data race: atomic_add_unless of shared.w2 and plain load of shared.w2",
      "data race: atomic_dec of shared.w2 and plain load of shared.w2",
    ]);
    agreedOn(plan);
  });

  it("a word of 8 bytes conflicts with each of its halves, and those not with each other", () => {
    expect(agreedOn(planOf(["store w0 2", "store w1 2"]))).toEqual(right(1, 1));
    expect(agreedOn(planOf(["store w1 2", "xchg wide 0"]))).toEqual(right(2, 2));
  });
});

describe("four threads", () => {
  // A race that two executions share is reversed with what does not happen after its first step, and that can be more in the
  // second execution than in the first.
  it("a race is looked at in every execution that has it", () => {
    const plan = planOf([
      "WRITE_ONCE w2 8",
      "xchg w0 4",
      "READ_ONCE w1; READ_ONCE w2; xchg w0 2",
      "WRITE_ONCE w1 1; xchg w0 6; READ_ONCE w0; WRITE_ONCE w1 0",
    ]);
    expect(agreedOn(plan)).toEqual(right(56, 48));
  });
});

describe("runs that a BUG ends", () => {
  it("the steps that others had not made yet are tried before it", () => {
    const plan = planOf(["load w2; bug 0 w1", "store w1 1; store w1 2"]);
    // The dump shows 0, 1 or 2, and that is when the run ends.
    expect(agreedOn(plan)).toEqual({traces: 3, outcomes: 3, findings: ["BUG 0 of w1"]});
  });

  // T1 keeps the BUG from happening, and T2's steps do not conflict with how: they are still to be tried before the BUG.
  it("also where a third thread can keep it from happening", () => {
    const plan = planOf([
      "spin_trylock spinA; bug 1 w1",
      "spin_trylock spinA; atomic_add w1 1",
      "xchg w1 1; store w1 2",
    ]);
    const {outcomes} = explore(() => programOf(plan), {}, {strategy: "dpor"});
    const dumps = outcomes.filter((text) => text.startsWith("BUG"));
    expect(dumps).toEqual(["BUG 1 of w1: 0", "BUG 1 of w1: 1", "BUG 1 of w1: 2"]);
    expect(agreedOn(plan).findings).toContain("BUG 1 of w1");
  });

  it("two threads can end it, and a third is not heard of again", () => {
    const plan = planOf([
      "xchg w1 0; bug 0",
      "atomic_dec w1; clear_bit_unlock w2 0",
      "load spinA",
    ]);
    expect(agreedOn(plan).traces).toBe(6);
  });

  it("a thread whose first act is one: there is nothing to explore", () => {
    const fresh = () => {
      const made = programOf(planOf(["load w1", "load w1"]));
      const {kernel} = boot();
      const threads = [made.threads[0], {name: "T1", run: () => kernel.BUG_ON(true, "late")}];
      return {...made, threads};
    };
    const {verdict, complete, outcomes} = explore(fresh, {}, {strategy: "dpor"});
    expect({verdict, complete, outcomes}).toEqual({
      verdict: "violated",
      complete: true,
      outcomes: ["BUG_ON(late)"],
    });
  });
});

describe("monitors", () => {
  /** Remembers what w2 was when a thread read w1, and complains of it when the thread has finished. */
  function watched(plan: Plan): Program {
    const program = programOf(plan);
    const {memory} = program.machine;
    const w2 = program.shows.find(({field}) => field === "w2")!;
    const ghosts = program.threads.map((_, t) =>
      cell("ghost", `seen[${t}]`, memory.allocate(4), 4),
    );
    const monitor: Monitor = {
      name: "w1 is read before w2 is written",
      ghosts,
      watches: ({act, cell: {field}}) => act === "load" && field === "w1",
      looksAt: () => [w2],
      before({thread}, now) {
        now.write(ghosts[thread], now.read(w2));
        return null;
      },
      finished: (thread, now) => (now.read(ghosts[thread]) === 0 ? null : "w2 was written"),
    };
    return {...program, monitors: [monitor]};
  }

  it("a step that is watched conflicts with what the monitor looks at", () => {
    const plan = planOf(["load w1; load w0", "store w2 2"]);
    expect(everySchedule(plan).traces).toBe(1);
    for (const strategy of ["dpor", "stateful"] as const) {
      const {findings, counts} = explore(() => watched(plan), {}, {strategy});
      expect(findings.map(({message}) => message)).toEqual(["w2 was written"]);
      if (strategy === "dpor") expect(counts).toMatchObject({executions: 2, blocked: 0});
    }
  });
});

describe("a budget", () => {
  const SRG = program("checker_scenario", {shape: "SRG", pages: 3, mode: "fix"});

  it.each([{maxStates: 100}, {maxSeconds: 1e-6}, {onProgress: () => false}])(
    "that is too small gives no verdict: %j",
    (options) => {
      const {verdict, complete} = explore(SRG, {}, {strategy: "dpor", ...options});
      expect({verdict, complete}).toEqual({verdict: "unknown", complete: false});
    },
  );
});
