// Locks: when they can be taken, and what becomes of their words.

import {describe, expect, it} from "vitest";
import {cell, compile, enabled, perform, run_alone} from "../../src/sim/index.ts";
import type {InterruptOperation, MemoryOperation, Op} from "../../src/sim/index.ts";
import {boot} from "../support.ts";

const {kernel, machine} = boot();
const {memory} = machine;
const word = cell("mm0", "lock", memory.allocate(4), 4, "lock");
const flags = [0, 1].map((cpu) => cell(`CPU ${cpu}`, "interrupts off", memory.allocate(4), 4));

function transition(op: Op<unknown>, thread = 0) {
  return compile(
    op.next().value as MemoryOperation | InterruptOperation,
    memory,
    thread,
    flags,
  );
}

function enabledWhen(value: number, op: Op<unknown>): boolean {
  memory.write(word, value);
  return enabled(transition(op), memory.halves);
}

/** What `op`, performed by `thread`, makes of a word that holds `value`. */
function after(value: number, op: Op<unknown>, thread = 0): number {
  memory.write(word, value);
  perform(transition(op, thread), memory.halves);
  return memory.read(word);
}

describe("a lock is enabled", () => {
  it.each([
    ["spin_lock", () => kernel.spin_lock(word), [0], [1, 2]],
    ["spin_trylock", () => kernel.spin_trylock(word), [0, 1, 2], []],
    ["down_read", () => kernel.down_read(word), [0, 1, 2], [-1, -2]],
    ["down_write", () => kernel.down_write(word), [0], [1, 2, -1, -2]],
    ["wait_on_bit_lock", () => kernel.wait_on_bit_lock(0, word), [0, 2, 4], [1, 3]],
    ["spin_unlock", () => kernel.spin_unlock(word), [0, 1, 2], []],
  ] as const)("%s: as the kernel's would not wait", (_name, make, yes, no) => {
    for (const value of yes) expect(enabledWhen(value, make()), `${value}`).toBe(true);
    for (const value of no) expect(enabledWhen(value, make()), `${value}`).toBe(false);
  });
});

describe("the word of a lock", () => {
  it("of a spinlock does not say who holds it", () => {
    expect(after(0, kernel.spin_lock(word), 1)).toBe(1);
    expect(after(1, kernel.spin_unlock(word), 1)).toBe(0);
  });

  it("of a semaphore counts readers, and knows a writer", () => {
    expect(after(1, kernel.down_read(word), 1)).toBe(2);
    expect(after(2, kernel.up_read(word), 1)).toBe(1);
    expect(after(0, kernel.down_write(word), 1)).toBe(-1);
    expect(after(-1, kernel.up_write(word), 1)).toBe(0);
  });

  it("of a page lock is one bit", () => {
    expect(after(0b100, kernel.wait_on_bit_lock(0, word))).toBe(0b101);
    expect(after(0b101, kernel.clear_bit_unlock(0, word))).toBe(0b100);
  });

  it("spin_trylock takes a free lock and leaves a held one", () => {
    memory.write(word, 0);
    expect(run_alone(kernel.spin_trylock(word), machine)).toBe(true);
    expect(run_alone(kernel.spin_trylock(word), machine)).toBe(false);
    expect(memory.read(word)).toBe(1);
  });
});

it("interrupts are switched on the CPU of the thread, and on no other", () => {
  perform(transition(kernel.local_irq_disable(), 1), memory.halves);
  expect(flags.map((flag) => memory.read(flag))).toEqual([0, 1]);
  perform(transition(kernel.local_irq_enable(), 1), memory.halves);
  expect(flags.map((flag) => memory.read(flag))).toEqual([0, 0]);
});

it("a barrier is no access to memory", () => {
  for (const barrier of [kernel.smp_mb(), kernel.smp_rmb(), kernel.smp_wmb()]) {
    expect(barrier.next().value).not.toHaveProperty("cell");
  }
});

describe("run_alone", () => {
  it("answers what the computation returns", () => {
    memory.write(word, 41);
    expect(run_alone(kernel.atomic_add_return(word, 1), machine)).toBe(42);
  });

  it("throws at a BUG, in the kernel's words", () => {
    expect(() => run_alone(kernel.BUG_ON(true, "!PageHead(page)"), machine)).toThrow(
      "BUG_ON(!PageHead(page))",
    );
    expect(() => run_alone(kernel.BUG_ON(false, "!PageHead(page)"), machine)).not.toThrow();
  });

  it("goes on after a warning", () => {
    expect(run_alone(kernel.WARN_ON_ONCE(true, "count <= 0"), machine)).toBe(true);
    expect(run_alone(kernel.WARN_ON_ONCE(false, "count <= 0"), machine)).toBe(false);
  });

  it("throws where it would wait for ever", () => {
    memory.write(word, 1);
    expect(() => run_alone(kernel.spin_lock(word), machine)).toThrow(
      "spin_lock would wait for ever",
    );
  });

  it("throws at a wild address", () => {
    expect(() => run_alone(kernel.load(cell("nobody", "word", 0x100, 4)), machine)).toThrow(
      "no memory at 256",
    );
  });
});
