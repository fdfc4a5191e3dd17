// Store buffers: what programs come to under each memory model, said by the explorer, by a second implementation, and by the
// literature.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  execute,
  MEMORY_MODELS,
  under,
  type MemoryModel,
  type Program,
  type Space,
} from "../../src/explore/index.ts";
import type {Cell, Op} from "../../src/sim/index.ts";
import {program, type Linked} from "../support.ts";
import {outcomesOf} from "./naive_buffers.ts";
import {searched} from "./searched.ts";
import {programOf} from "./tiny.ts";
import {weakPlans, weakProgram, withFullBarriers, type WeakPlan} from "./weak_plan.ts";

function explored(fresh: () => Program, model: MemoryModel): Space {
  return searched(fresh, model).space;
}

/** What can come out under sc, tso and pso. One program will do for all three: memory is put back to what it was. */
function outcomes(plan: WeakPlan): string[][] {
  const program = weakProgram(plan);
  return MEMORY_MODELS.map((model) => {
    const space = explored(() => program, model);
    space.load(0);
    return [...space.outcomes.keys()].sort();
  });
}

const PROGRAMS = {numRuns: 1000, seed: 1};

describe("a thousand random programs", () => {
  it("of two threads: a second implementation of the buffers says the same", () => {
    fc.assert(
      fc.property(weakPlans(2), (plan) => {
        expect(outcomes(plan)).toEqual(MEMORY_MODELS.map((model) => outcomesOf(plan, model)));
      }),
      PROGRAMS,
    );
  });

  /** Where random programs do not come often. */
  const rare: readonly (readonly string[])[][] = [
    [
      // A read-modify-write does not pass an smp_wmb(), whatever stands between.
      ["WRITE_ONCE w0 1", "smp_wmb", "READ_ONCE w1", "atomic_inc w1"],
      ["READ_ONCE w1", "READ_ONCE w0"],
    ],
    [
      ["WRITE_ONCE w0 1", "smp_wmb", "atomic_inc w1"],
      ["READ_ONCE w1", "READ_ONCE w0"],
    ],
    [
      // What comes behind a release may pass it, and the release still waits for nothing but what was before.
      ["WRITE_ONCE w1 1", "atomic_set_release w1 3", "WRITE_ONCE w0 1", "READ_ONCE w0"],
      ["READ_ONCE w0", "READ_ONCE w1", "READ_ONCE w0"],
    ],
    [
      ["atomic_set_release w1 1", "WRITE_ONCE w0 1"],
      ["READ_ONCE w1", "READ_ONCE w0", "READ_ONCE wide"],
    ],
    [
      // Stores of several widths to one word stay in their order.
      ["WRITE_ONCE w1 2", "WRITE_ONCE wide 4294967297", "WRITE_ONCE byte 1", "WRITE_ONCE w0 2"],
      ["READ_ONCE wide", "READ_ONCE wide"],
    ],
    [
      // Two histories that differ only in a barrier are two. The other thread knows which of them it was: it stored before the xchg.
      ["xchg w1 2", "WRITE_ONCE w1 3", "smp_wmb_if w0 1", "atomic_inc w0"],
      ["WRITE_ONCE w0 1", "smp_mb", "READ_ONCE w1", "READ_ONCE w0", "READ_ONCE w1"],
    ],
  ];
  it.each(rare)("and of %j | %j", (...threads) => {
    const plan = {threads, watched: false};
    expect(outcomes(plan)).toEqual(MEMORY_MODELS.map((model) => outcomesOf(plan, model)));
  });

  it("are of many kinds", () => {
    const count = {tso: 0, pso: 0, bugs: 0, many: 0};
    for (const plan of fc.sample(weakPlans(2), PROGRAMS)) {
      const [sc, tso, pso] = MEMORY_MODELS.map((model) => outcomesOf(plan, model));
      if (tso.length > sc.length) count.tso++;
      if (pso.length > tso.length) count.pso++;
      if (sc.some((text) => text.startsWith("BUG"))) count.bugs++;
      if (sc.length > 5) count.many++;
    }
    for (const [kind, number] of Object.entries(count))
      expect(number, kind).toBeGreaterThan(30);
  });

  it("what can come out under sc can under tso, and what can under tso can under pso", () => {
    fc.assert(
      fc.property(weakPlans(3), (plan) => {
        const [sc, tso, pso] = outcomes(plan);
        expect(tso).toEqual(expect.arrayContaining(sc));
        expect(pso).toEqual(expect.arrayContaining(tso));
      }),
      PROGRAMS,
    );
  });

  it("with a full barrier behind every store all three models are one", () => {
    fc.assert(
      fc.property(weakPlans(3), (plan) => {
        const [sc, tso, pso] = outcomes(withFullBarriers(plan));
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

describe("litmus tests", () => {
  /** What tells memory models apart, and the weakest barrier of each kind that forbids it. */
  const weak: Readonly<Record<string, string>> = {
    SB: "r0=0 r1=0",
    R: "r0=0 .*y=2",
    RWC: "r0=1 r1=0 r2=0",
    MP: "r0=1 r1=0",
    S: "r0=1 x=2",
    "2+2W": "x=1 y=1",
    LB: "r0=1 r1=1",
    IRIW: "r0=1 r1=0 r2=1 r3=0",
    CoRR: "r0=1 r1=0",
    CoWW: "x=1",
    WRC: "r0=1 r1=1 r2=0",
  };
  const STORE_LOAD = "SB R RWC";
  const STORE_STORE = "MP S 2+2W";
  const relaxed = {
    none: {sc: "", tso: STORE_LOAD, pso: `${STORE_LOAD} ${STORE_STORE}`},
    smp_mb: {sc: "", tso: "", pso: ""},
    smp_wmb: {sc: "", tso: STORE_LOAD, pso: STORE_LOAD},
    release: {sc: "", tso: STORE_LOAD, pso: STORE_LOAD},
    xchg: {sc: "", tso: "", pso: ""},
    // x86 locks it, so it is a full barrier there; the kernel promises nothing.
    inc: {sc: "", tso: "", pso: `${STORE_LOAD} ${STORE_STORE}`},
  };
  const rows = Object.entries(relaxed).flatMap(([barrier, models]) =>
    MEMORY_MODELS.map((model) => ({barrier, model, expected: models[model]})),
  );

  it.each(rows)("with $barrier between accesses, under $model: $expected", (row) => {
    const {barrier, model, expected} = row;
    const shown = Object.keys(weak).filter((name) => {
      const space = explored(program(`litmus_${name}`, {barrier}), model);
      return [...space.outcomes.keys()].some((text) => new RegExp(weak[name]).test(text));
    });
    expect(shown.join(" ")).toBe(expected);
  });
});

describe("unordered()", () => {
  /** Stores one word, makes an operation on a word of its own, and reads the other's; what was read by both. */
  const storeBuffering = (isOrdered: boolean, model: MemoryModel) => {
    const fresh = programOf(6, ({kernel, word}) =>
      [0, 1].map(
        (i) =>
          function* sb() {
            yield* kernel.WRITE_ONCE(word[i], 1);
            if (isOrdered) yield* kernel.atomic_inc_and_test(word[2 + i]);
            else yield* kernel.unordered(kernel.atomic_inc_and_test, word[2 + i]);
            const seen = yield* kernel.READ_ONCE(word[1 - i]);
            yield* kernel.WRITE_ONCE(word[4 + i], seen);
          },
      ),
    );
    return [...explored(fresh, model).outcomes.keys()].filter((one) => one.endsWith("0 0"));
  };

  it("takes the order away from a read-modify-write, where the machine has it from that", () => {
    expect(storeBuffering(true, "pso")).toEqual([]);
    expect(storeBuffering(false, "pso")).toEqual(["1 1 1 1 0 0"]);
  });

  it("not on x86, which locks every one, and not where processors take turns", () => {
    expect(storeBuffering(false, "tso")).toEqual([]);
    expect(storeBuffering(false, "sc")).toEqual([]);
  });

  it("takes it away from a release, and leaves what is stored", () => {
    const fresh = (isOrdered: boolean) =>
      programOf(2, ({kernel, word: [message, flag]}) => [
        function* sends() {
          yield* kernel.WRITE_ONCE(message, 1);
          if (isOrdered) yield* kernel.atomic_set_release(flag, 1);
          else yield* kernel.unordered(kernel.atomic_set_release, flag, 1);
        },
        function* receives() {
          if ((yield* kernel.READ_ONCE(flag)) === 0) return;
          const seen = yield* kernel.READ_ONCE(message);
          yield* kernel.WRITE_ONCE(flag, 2 + seen);
        },
      ]);
    const flags = (isOrdered: boolean) => [
      ...explored(fresh(isOrdered), "pso").outcomes.keys(),
    ];
    expect(flags(true).sort()).toEqual(["1 1", "1 3"]);
    expect(flags(false).sort()).toEqual(["1 1", "1 2", "1 3"]);
  });
});

/** Looks at a word, interrupts the first CPU, waits for its answer, and looks at others. */
function interrupting(kernel: Linked, first: Cell, later: readonly Cell[]) {
  return function* sends(): Op<number[]> {
    const seen = [yield* kernel.READ_ONCE(first)];
    yield* kernel.send_call_function_ipi(0);
    yield* kernel.csd_lock_wait(0);
    for (const word of later) seen.push(yield* kernel.READ_ONCE(word));
    return seen;
  };
}

describe("a CPU that sends an interrupt", () => {
  /** The other CPU stores, and the sender looks when it has its answer. */
  const answered = (interrupts: boolean) =>
    programOf(1, ({kernel, word: [x]}) => [
      function* stores() {
        if (interrupts) yield* kernel.local_irq_disable();
        yield* kernel.WRITE_ONCE(x, 1);
        if (interrupts) yield* kernel.local_irq_enable();
        yield* kernel.WRITE_ONCE(x, 2);
      },
      interrupting(kernel, x, [x]),
    ]);

  it.each(
    MEMORY_MODELS.flatMap((model) => [true, false].map((interrupts) => ({model, interrupts}))),
  )("does not slow down what others see: $model, $interrupts", ({model, interrupts}) => {
    const results = seenBy(answered(interrupts), model, 1);
    expect(results).toContain("[0,2]");
    expect(results).not.toContain("[1,0]");
  });

  /** Has it stored before it was interrupted, and its interrupts were on, or came on before it answered, so that is seen. */
  it.each(MEMORY_MODELS)("sees what was stored before the answer, under %s", (model) => {
    const fresh = programOf(3, ({kernel, word: [x, flag, first]}) => [
      function* stores() {
        yield* kernel.local_irq_disable();
        yield* kernel.WRITE_ONCE(x, 1);
        yield* kernel.atomic_inc(first);
        yield* kernel.WRITE_ONCE(flag, 1);
        yield* kernel.local_irq_enable();
      },
      interrupting(kernel, first, [x, flag]),
    ]);
    // Once it has begun with its interrupts off, it answers when all that it has stored is in memory.
    const results = seenBy(fresh, model, 1);
    expect(results).toContain("[1,1,1]");
    expect(results.filter((text) => text.startsWith("[1") && text !== "[1,1,1]")).toEqual([]);
  });

  it.each(MEMORY_MODELS)(
    "one that has them on answers when its buffer is empty, under %s",
    (model) => {
      const fresh = programOf(2, ({kernel, word: [x, first]}) => [
        function* stores() {
          yield* kernel.WRITE_ONCE(x, 1);
          yield* kernel.atomic_inc(first);
          yield* kernel.READ_ONCE(x);
        },
        interrupting(kernel, first, [x]),
      ]);
      expect(seenBy(fresh, model, 1)).not.toContain("[1,0]");
    },
  );

  it.each(MEMORY_MODELS)("has what it stored before in memory, under %s", (model) => {
    const fresh = programOf(4, ({kernel, word: [x, y, r0, r1]}) => [
      function* fenced() {
        yield* kernel.WRITE_ONCE(y, 1);
        yield* kernel.smp_mb();
        const seen = yield* kernel.READ_ONCE(x);
        yield* kernel.WRITE_ONCE(r0, seen);
      },
      function* interrupts() {
        yield* kernel.WRITE_ONCE(x, 1);
        yield* kernel.send_call_function_ipi(0);
        yield* kernel.csd_lock_wait(0);
        const seen = yield* kernel.READ_ONCE(y);
        yield* kernel.WRITE_ONCE(r1, seen);
      },
    ]);
    const both = [...explored(fresh, model).outcomes.keys()];
    expect(both).toContain("1 1 1 1");
    expect(both).not.toContain("1 1 0 0");
  });
});

describe("a BUG", () => {
  it("dumps what its CPU sees, and not what is in memory", () => {
    const fresh = programOf(1, ({kernel, word: [x]}) => [
      function* breaks(): Op<void> {
        yield* kernel.WRITE_ONCE(x, 1);
        yield {kind: "BUG", act: "bug", message: "it is", about: "shared", dump: [x]};
      },
    ]);
    const {findings, words} = execute(under("tso", fresh()), [0], {});
    expect(findings.map(({message, dump}) => [message, ...dump])).toEqual([
      ["it is", "shared.word0: 1"],
    ]);
    expect(words[0].value).toBe(0);
  });
});

describe("a loop that waits", () => {
  const message = (release: boolean) =>
    programOf(2, ({kernel, word: [x, flag]}) => [
      function* sends() {
        yield* kernel.WRITE_ONCE(x, 1);
        if (release) yield* kernel.atomic_set_release(flag, 1);
        else yield* kernel.WRITE_ONCE(flag, 1);
      },
      function* waits() {
        yield* kernel.spin_until_cond(function* () {
          return (yield* kernel.READ_ONCE(flag)) === 1;
        });
        return yield* kernel.READ_ONCE(x);
      },
    ]);

  it.each([
    ["sc", false, ["1"]],
    ["tso", false, ["1"]],
    ["pso", false, ["0", "1"]],
    ["pso", true, ["1"]],
  ] as const)("under %s, release %s, sees %j", (model, release, expected) => {
    expect(seenBy(message(release), model, 1)).toEqual(expected);
  });

  it("goes on when its own store is what it waits for, before others see that", () => {
    const fresh = programOf(2, ({kernel, word: [x, y]}) => [
      function* waits() {
        yield* kernel.WRITE_ONCE(x, 1);
        yield* kernel.spin_until_cond(function* () {
          return (yield* kernel.READ_ONCE(x)) === 1;
        });
        return yield* kernel.READ_ONCE(y);
      },
      function* looks() {
        yield* kernel.WRITE_ONCE(y, 1);
        return yield* kernel.READ_ONCE(x);
      },
    ]);
    expect(seenBy(fresh, "sc", 0)).toEqual(["0", "1"]);
    const both = (model: MemoryModel) => [
      ...explored(withResults(fresh), model).outcomes.keys(),
    ];
    expect(both("sc")).not.toContain("[0,0]");
    expect(both("tso")).toContain("[0,0]");
  });
});

/** What the threads return, in place of what the words hold. */
function withResults(fresh: () => Program): () => Program {
  return () => ({...fresh(), outcome: ({results}) => JSON.stringify(results)});
}

function seenBy(fresh: () => Program, model: MemoryModel, thread: number): string[] {
  const space = explored(withResults(fresh), model);
  const seen = [...space.outcomes.keys()].map((text) =>
    JSON.stringify((JSON.parse(text) as unknown[])[thread]),
  );
  return [...new Set(seen)].sort();
}
