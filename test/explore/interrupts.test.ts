// An interrupt that is sent to another CPU waits until that one has its interrupts on.

import {describe, expect, it} from "vitest";
import {explore, type Program} from "../../src/explore/index.ts";
import type {Cell, Op} from "../../src/sim/index.ts";
import type {boot} from "../support.ts";
import {programOf} from "./tiny.ts";

type Kernel = ReturnType<typeof boot>["kernel"];

/** Changes one word and then another, with an interrupt to these CPUs in between. */
function* flusher(kernel: Kernel, [first, second]: readonly Cell[], cpus: number[]): Op<void> {
  yield* kernel.WRITE_ONCE(first, 1);
  yield* kernel.smp_call_function_many(cpus);
  yield* kernel.WRITE_ONCE(second, 1);
}

/** Looks at both words with interrupts off; `saw` is set if the first was old and the second new. */
function* looker(kernel: Kernel, [first, second]: readonly Cell[], saw: Cell): Op<void> {
  yield* kernel.local_irq_disable();
  const old = yield* kernel.READ_ONCE(first);
  const late = yield* kernel.READ_ONCE(second);
  yield* kernel.local_irq_enable();
  if (old === 0 && late === 1) yield* kernel.WRITE_ONCE(saw, 1);
}

function outcomes(fresh: () => Program): readonly string[] {
  const stateful = explore(fresh, {});
  const dpor = explore(fresh, {}, {strategy: "dpor"});
  expect(dpor.outcomes).toEqual(stateful.outcomes);
  expect(stateful.findings).toEqual([]);
  expect([stateful.complete, dpor.complete]).toEqual([true, true]);
  return stateful.outcomes;
}

const lookers = (cpus: number[], interrupted = cpus) =>
  programOf(2 + cpus.length, ({kernel, word}) => [
    ...cpus.map((cpu) => () => looker(kernel, word, word[2 + cpu])),
    () => flusher(kernel, word, interrupted),
  ]);

describe("a CPU that sends interrupts and waits", () => {
  it("waits for a CPU that has its interrupts off: nobody sees the second change and not the first", () => {
    expect(outcomes(lookers([0]))).toEqual(["1 1 0"]);
    expect(outcomes(lookers([0, 1]))).toEqual(["1 1 0 0"]);
  });

  it("waits for no CPU that it did not interrupt", () => {
    expect(outcomes(lookers([0], []))).toEqual(["1 1 0", "1 1 1"]);
    expect(outcomes(lookers([0, 1], [1]))).toEqual(["1 1 0 0", "1 1 1 0"]);
  });

  it("waits for no CPU that turned its interrupts off later", () => {
    const fresh = programOf(1, ({kernel, word: [done]}) => [
      function* later() {
        yield* kernel.local_irq_disable();
        const was = yield* kernel.READ_ONCE(done);
        if (was === 1) yield* kernel.WRITE_ONCE(done, 2);
        yield* kernel.local_irq_enable();
      },
      function* sends() {
        yield* kernel.send_call_function_ipi(0);
        yield* kernel.csd_lock_wait(0);
        yield* kernel.WRITE_ONCE(done, 1);
      },
    ]);
    expect(outcomes(fresh)).toEqual(["1", "2"]);
  });

  it("waits for ever for a CPU that never turns them on again", () => {
    const {findings} = explore(
      programOf(1, ({kernel}) => [
        () => kernel.local_irq_disable(),
        () => kernel.smp_call_function_many([0]),
      ]),
      {},
    );
    expect(findings.map(({invariant}) => invariant)).toEqual(["no deadlock"]);
  });
});

describe("wait_on_bit", () => {
  it("goes on when the bit is clear, and takes nothing", () => {
    const fresh = programOf(2, ({kernel, word: [flags, order]}) => [
      function* holds() {
        yield* kernel.wait_on_bit_lock(0, flags);
        yield* kernel.WRITE_ONCE(order, 1);
        yield* kernel.WRITE_ONCE(order, 2);
        yield* kernel.clear_bit_unlock(0, flags);
      },
      function* waits() {
        yield* kernel.wait_on_bit(0, flags);
        yield* kernel.READ_ONCE(order);
        yield* kernel.wait_on_bit(0, flags);
      },
    ]);
    expect(outcomes(fresh)).toEqual(["0 2"]);
  });
});
