// Small random programs about two words, for machines with store buffers: stores, loads and read-modify-writes of every strength,
// barriers, locks, accesses of other widths to the same words. A thread is a list of lines of text, "atomic_cmpxchg w0 0 1".

import fc from "fast-check";
import type {Monitor, Program} from "../../src/explore/index.ts";
import {cell, type Cell, type Machine, type Op} from "../../src/sim/index.ts";
import {boot, type Linked} from "../support.ts";
import {bareProgram} from "./bare_program.ts";

export type WeakPlan = {
  readonly threads: readonly (readonly string[])[];
  /** Somebody looks on. */
  readonly watched: boolean;
};

const onWords = (lines: (word: string) => string[]) => ["w0", "w1"].flatMap(lines);

const STORES = [
  ...onWords((w) => [`WRITE_ONCE ${w} 1`, `WRITE_ONCE ${w} 2`, `store ${w} 1`]),
  ...onWords((w) => [`atomic_set_release ${w} 1`, `smp_store_release ${w} 3`]),
  "WRITE_ONCE wide 4294967297",
  "WRITE_ONCE byte 1",
];
const LOADS = [
  ...onWords((w) => [`READ_ONCE ${w}`, `READ_ONCE ${w}`, `load ${w}`]),
  "READ_ONCE wide",
  "READ_ONCE byte",
];
const UPDATES = onWords((w) => [
  `atomic_inc ${w}`,
  `set_bit ${w} 1`,
  `clear_bit_unlock ${w} 0`,
  `test_and_set_bit ${w} 1`,
  `test_and_set_bit_lock ${w} 0`,
  `xchg ${w} 2`,
  `atomic_add_return ${w} 1`,
  `atomic_cmpxchg ${w} 0 1`,
  `atomic_try_cmpxchg ${w} 1 1`,
  `atomic_inc_not_zero ${w}`,
]);
const BARRIERS = ["smp_mb", "smp_wmb", "smp_wmb", "smp_rmb"];
/** A load, and then: a BUG if 1 was seen; a barrier if 1 was seen, in a function that forgets what it has seen. */
const THEN = onWords((w) => [`bug ${w} 1`, `smp_mb_if ${w} 1`, `smp_wmb_if ${w} 1`]);

const line = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(...STORES)},
  {weight: 5, arbitrary: fc.constantFrom(...LOADS)},
  {weight: 4, arbitrary: fc.constantFrom(...UPDATES)},
  {weight: 2, arbitrary: fc.constantFrom(...BARRIERS)},
  {weight: 1, arbitrary: fc.constantFrom(...THEN)},
);

/** Some lines, all of them between a lock and its unlock perhaps. */
const thread = fc
  .record({
    lines: fc.array(line, {minLength: 2, maxLength: 4}),
    lock: fc.constantFrom("", "", "", "", "spin", "sem"),
  })
  .map(({lines, lock}) =>
    lock ? [`lock ${lock}`, ...lines.slice(0, 3), `unlock ${lock}`] : lines,
  );

export const weakPlans = (threads: number, watched = false): fc.Arbitrary<WeakPlan> =>
  fc.record({
    threads: fc.array(thread, {minLength: 2, maxLength: threads}),
    watched: fc.constant(watched),
  });

/** A full barrier behind every store and every read-modify-write. */
export function withFullBarriers({threads, watched}: WeakPlan): WeakPlan {
  const isLoad = (text: string): boolean => LOADS.includes(text) || BARRIERS.includes(text);
  const fenced = (lines: readonly string[]) =>
    lines.flatMap((text) => (isLoad(text) ? [text] : [text, "smp_mb"]));
  return {threads: threads.map(fenced), watched};
}

export function weakProgram({threads, watched}: WeakPlan): Program {
  const {kernel, machine} = boot();
  const cells = makeCells(machine);
  const run = runner(kernel, cells);
  return {
    ...bareProgram(
      machine,
      threads.map((lines) => () => run(lines)),
    ),
    monitors: watched ? [onlooker(cells, threads.length, machine)] : [],
    invariants: [
      {
        name: "the first word is not 3",
        check: (memory) => (memory.read(cells.w0) === 3 ? "w0 is 3" : null),
      },
    ],
    outcome({memory, results, bug}) {
      if (bug) return `${bug.message}: ${bug.dump.map((c) => memory.read(c)).join()}`;
      return JSON.stringify({words: [memory.read(cells.w0), memory.read(cells.w1)], results});
    },
  };
}

type Cells = Readonly<Record<"w0" | "w1" | "wide" | "byte" | "spin" | "sem", Cell>>;

function makeCells({memory}: Machine): Cells {
  const wide = memory.allocate(8);
  return {
    w0: cell("shared", "w0", wide, 4),
    w1: cell("shared", "w1", wide + 4, 4),
    wide: cell("shared", "wide", wide, 8),
    byte: cell("shared", "byte", wide + 1, 1),
    spin: cell("shared", "spin", memory.allocate(4), 4, "lock"),
    sem: cell("shared", "sem", memory.allocate(4), 4, "lock"),
  };
}

/** Remembers with each word what the other one was when it was written last, and with each thread what it found at its last load. */
function onlooker({w0, w1}: Cells, threads: number, {memory}: Machine): Monitor {
  const ghost = (name: string) => cell("ghost", name, memory.allocate(4), 4);
  const written = ghost("written");
  const loaded = Array.from({length: threads}, (_, t) => ghost(`loaded ${t}`));
  return {
    name: "who looks on",
    ghosts: [written, ...loaded],
    watches: ({act, cell: {address, bytes}}) =>
      bytes === 4 && address === (act === "load" ? w1.address : w0.address),
    looksAt: () => [w0, w1],
    before({operation, thread}, now) {
      if (operation.act === "load") {
        now.write(loaded[thread], now.read(w0));
        return null;
      }
      const was = now.read(written);
      now.write(written, now.read(w1) + 1);
      return was === 2 && now.read(w1) === 0 ? "w1 was 1 and is 0" : null;
    },
    finished: (thread, now) =>
      now.read(loaded[thread]) === 2 ? `thread ${thread} saw 2` : null,
  };
}

function runner(kernel: Linked, cells: Cells) {
  const forgetful = (kind: string, barrier: () => Op<void>) =>
    kernel.marked(kind, function* (word: Cell, value: number): Op<void> {
      const seen = yield* kernel.READ_ONCE(word);
      if (seen === value) yield* barrier();
    });
  const smp_mb_if = forgetful("smp_mb_if", kernel.smp_mb);
  const smp_wmb_if = forgetful("smp_wmb_if", kernel.smp_wmb);

  return function* (lines: readonly string[]): Op<number[]> {
    const seen: number[] = [];
    for (const text of lines) {
      const [call, at, first, second] = text.split(" ");
      const word = cells[at as keyof Cells];
      const [a, b] = [Number(first), Number(second)];
      switch (call) {
        case "smp_mb":
        case "smp_wmb":
        case "smp_rmb":
          yield* kernel[call]();
          break;
        case "smp_mb_if":
          yield* smp_mb_if(word, a);
          break;
        case "smp_wmb_if":
          yield* smp_wmb_if(word, a);
          break;
        case "bug": {
          const value = yield* kernel.READ_ONCE(word);
          if (value === a) yield* kernel.bug("BUG", {about: "", dump: [cells.w1]});
          break;
        }
        case "lock":
          if (at === "spin") yield* kernel.spin_lock(word);
          else yield* kernel.down_write(word);
          break;
        case "unlock":
          if (at === "spin") yield* kernel.spin_unlock(word);
          else yield* kernel.up_write(word);
          break;
        case "set_bit":
          yield* kernel.set_bit(a, word);
          break;
        case "clear_bit_unlock":
          // The bit need not be set here, as it must be in the kernel.
          yield* kernel.clear_bit(a, word);
          break;
        case "test_and_set_bit":
        case "test_and_set_bit_lock": {
          const was = yield* kernel[call](a, word);
          seen.push(Number(was));
          break;
        }
        default: {
          const functions = kernel as unknown as Record<
            string,
            (word: Cell, a: number, b: number) => Op<number | boolean | undefined>
          >;
          const answer = yield* functions[call](word, a, b);
          if (answer !== undefined) seen.push(Number(answer));
        }
      }
    }
    return seen;
  };
}
