// Every primitive of atomic.ts: what it leaves in its word, and what it answers. The answers are those of the kernel's
// functions of the same names (Documentation/atomic_t.txt, Documentation/atomic_bitops.txt, v5.13): no more than that.

import {expect, it} from "vitest";
import * as atomic from "../../src/sim/atomic.ts";
import {cell, run_alone, type Cell, type Op} from "../../src/sim/index.ts";
import {boot} from "../support.ts";

const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);
const POINTER = -0x1600_0000_0000 + 0x1_0001;

type Row = [
  name: keyof typeof atomic,
  args: number[],
  before: number,
  after: number,
  answer: unknown,
];

/** A row's arguments are those beside the cell. */
const ROWS: Row[] = [
  ["load", [], 7, 7, 7],
  ["store", [9], 7, 9, undefined],
  ["READ_ONCE", [], -1, -1, -1],
  ["WRITE_ONCE", [0], 7, 0, undefined],
  ["smp_load_acquire", [], -1, -1, -1],
  ["smp_store_release", [9], 7, 9, undefined],
  ["xchg", [9], 7, 9, 7],
  ["cmpxchg", [7, 9], 7, 9, 7],
  ["cmpxchg", [8, 9], 7, 7, 7],
  ["atomic_read", [], -128, -128, -128],
  ["atomic_set", [-1], 7, -1, undefined],
  ["atomic_set_release", [1], 0, 1, undefined],
  ["atomic_add", [511], 2, 513, undefined],
  ["atomic_add", [1], MAX, MIN, undefined],
  ["atomic_sub", [3], 2, -1, undefined],
  ["atomic_inc", [], -1, 0, undefined],
  ["atomic_dec", [], 0, -1, undefined],
  ["atomic_dec", [], MIN, MAX, undefined],
  ["atomic_add_return", [5], 2, 7, 7],
  ["atomic_add_return", [1], MAX, MIN, MIN],
  ["atomic_inc_and_test", [], -1, 0, true],
  ["atomic_inc_and_test", [], 0, 1, false],
  ["atomic_dec_and_test", [], 1, 0, true],
  ["atomic_dec_and_test", [], 0, -1, false],
  ["atomic_sub_and_test", [2], 2, 0, true],
  ["atomic_sub_and_test", [2], 3, 1, false],
  ["atomic_add_negative", [-1], 0, -1, true],
  ["atomic_add_negative", [-1], 1, 0, false],
  ["atomic_add_negative", [1], MAX, MIN, true],
  ["atomic_add_unless", [2, 0], 0, 0, false],
  ["atomic_add_unless", [2, 0], 1, 3, true],
  ["atomic_inc_not_zero", [], 0, 0, false],
  ["atomic_inc_not_zero", [], 1, 2, true],
  ["atomic_xchg", [9], 7, 9, 7],
  ["atomic_cmpxchg", [1, 0], 1, 0, 1],
  ["atomic_cmpxchg", [1, 0], 2, 2, 2],
  ["atomic_try_cmpxchg", [1, 0], 1, 0, true],
  ["atomic_try_cmpxchg", [1, 0], 2, 2, false],
  ["atomic_try_cmpxchg", [1, 1], 1, 1, true],
  ["test_bit", [4], 1 << 4, 1 << 4, true],
  ["test_bit", [3], 1 << 4, 1 << 4, false],
  ["test_bit", [31], MIN, MIN, true],
  ["set_bit", [4], 1, 0b10001, undefined],
  ["set_bit", [31], 0, MIN, undefined],
  ["clear_bit", [4], 0b10001, 1, undefined],
  ["clear_bit", [4], 1, 1, undefined],
  ["test_and_set_bit", [0], 0, 1, false],
  ["test_and_set_bit", [0], 1, 1, true],
  ["test_and_set_bit_lock", [0], 0, 1, false],
  ["test_and_set_bit_lock", [0], 1, 1, true],
  ["test_and_clear_bit", [6], 1 << 6, 0, true],
  ["test_and_clear_bit", [6], 0, 0, false],
];

const BITS = new Set([
  "test_bit",
  "set_bit",
  "clear_bit",
  "test_and_set_bit",
  "test_and_set_bit_lock",
  "test_and_clear_bit",
]);

function call(name: Row[0], args: number[], word: Cell, kernel: object): Op<unknown> {
  const primitive = (kernel as Record<string, (...all: unknown[]) => Op<unknown>>)[name];
  return BITS.has(name) ? primitive(args[0], word) : primitive(word, ...args);
}

it.each(ROWS)("%s(%j) makes of %i %i and answers %s", (name, args, before, after, answer) => {
  const {kernel, machine} = boot();
  const word = cell("a", "word", machine.memory.allocate(4), 4);
  machine.memory.write(word, before);
  expect(run_alone(call(name, args, word, kernel), machine)).toBe(answer);
  expect(machine.memory.read(word)).toBe(after);
});

it("no primitive is missing from the table", () => {
  // unordered() makes one of the others.
  const primitives = Object.keys(atomic).filter((name) => name !== "unordered");
  expect(new Set(ROWS.map(([name]) => name))).toEqual(new Set(primitives));
});

it.each(ROWS)(
  "%s(%j) of %i is one step, and its word is all it changes",
  (name, args, before) => {
    const {kernel, machine} = boot();
    const at = machine.memory.allocate(24);
    const [left, word, right] = [0, 8, 12].map((offset) => cell("a", "word", at + offset, 4));
    for (const [c, value] of [
      [left, 11],
      [word, before],
      [right, 22],
    ] as const)
      machine.memory.write(c, value);
    const op = call(name, args, word, kernel);
    expect(op.next().done).toBe(false);
    expect(op.next(0).done).toBe(true);
    run_alone(call(name, args, word, kernel), machine);
    expect([left, right].map((c) => machine.memory.read(c))).toEqual([11, 22]);
  },
);

it("8-byte words are read, written, exchanged and compared whole", () => {
  const {kernel, machine} = boot();
  const word = cell("page[1]", "compound_head", machine.memory.allocate(8), 8, "pointer");
  const run = <T>(op: Op<T>): T => run_alone(op, machine);
  run(kernel.WRITE_ONCE(word, POINTER));
  expect(run(kernel.READ_ONCE(word))).toBe(POINTER);
  expect(run(kernel.cmpxchg(word, POINTER + 2 ** 32, 0))).toBe(POINTER);
  expect(run(kernel.cmpxchg(word, POINTER, POINTER - 1))).toBe(POINTER);
  expect(run(kernel.xchg(word, 0))).toBe(POINTER - 1);
  expect(run(kernel.load(word))).toBe(0);
});

it("bytes next to each other are stored one by one", () => {
  const {kernel, machine} = boot();
  const at = machine.memory.allocate(8);
  const [dtor, order] = [0, 1].map((i) => cell("page[1]", `byte${i}`, at + i, 1));
  run_alone(kernel.store(dtor, 3), machine);
  run_alone(kernel.store(order, 9), machine);
  expect([
    run_alone(kernel.load(dtor), machine),
    run_alone(kernel.load(order), machine),
  ]).toEqual([3, 9]);
});

it("a bit of an 8-byte word leaves its high half alone", () => {
  const {kernel, machine} = boot();
  const word = cell("page[0]", "flags", machine.memory.allocate(8), 8, "flags");
  machine.memory.write(word, 5 * 2 ** 32 + 1);
  run_alone(kernel.set_bit(16, word), machine);
  expect(machine.memory.read(word)).toBe(5 * 2 ** 32 + 0x10001);
});
