// A race for testing explorers: the shape of the book's race, small enough that other model checkers have counted its
// traces and states. S splits, R reads, G takes a reference without a lock.
//
// One step is one shared access, as everywhere; decrements and increments answer nothing, but for G's last one.

import {cell, type Cell, type Machine, type Op} from "../sim/index.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";

const PRESENT = 1;
const MIGRATION = 2;

export const checker_scenario: Race = {
  name: "checker_scenario",
  about:
    "S splits a huge page that is mapped by PTEs, readers (R) and takers of references (G) look on.",
  stake: "Nothing but the explorer: its counts are compared with those of other checkers.",
  parameters: [
    {
      name: "shape",
      about: "the threads",
      default: "SR",
      values: ["SR", "SRR", "SRG", "SGG", "SRRG", "SRGG", "SRRGG"],
    },
    {name: "pages", about: "sub-pages of the huge page", default: 3, values: [2, 3, 4]},
    {
      name: "mode",
      about: "readers that hit the BUG, that pass over it, or that skip migration entries",
      default: "buggy",
      values: ["buggy", "noassert", "fix"],
    },
  ],
  note: () => null,
  machine: ({pages}) => ({pages: Number(pages), pgflags: true}),
  roots: () => ["READ_ONCE", "WRITE_ONCE", "atomic_inc", "atomic_dec", "spin_lock", "BUG_ON"],
  stage,
};

/** The words of the scenario. `ch[i]`: sub-page i is a tail; `dm` and `cm` belong to the whole. */
type Words = {
  readonly PL: Cell;
  readonly AV: Cell;
  readonly PTL: Cell;
  readonly head: Cell;
  readonly dm: Cell;
  readonly cm: Cell;
  readonly pte: readonly Cell[];
  readonly map: readonly Cell[];
  readonly ref: readonly Cell[];
  readonly ch: readonly Cell[];
};

function stage(kernel: Kernel, machine: Machine, {shape, pages, mode}: Parameters): Scene {
  const n = Number(pages);
  const words = makeWords(machine, n);
  const code = {
    S: splitter(kernel, words, n),
    R: reader(kernel, words, n, String(mode)),
    G: taker(kernel, words, n),
  };
  const {memory} = machine;
  return {
    threads: [...String(shape)].map((letter) => ({
      name: letter,
      run: code[letter as keyof typeof code],
    })),
    invariants: [
      {
        name: "references are conserved",
        check(now) {
          const refs = words.ref.map((ref) => now.read(ref));
          const split = refs[0] === 2 && refs.slice(1).every((count) => count === 1);
          const whole = refs[0] === n + 1 && refs.slice(1).every((count) => count === 0);
          return split || whole ? null : `the counts are ${refs.join(", ")}`;
        },
      },
    ],
    monitors: [],
    outcome: ({bug}) =>
      bug ? bug.message : words.ref.map((ref) => memory.read(ref)).join(" "),
    shows: Object.values(words).flat(),
  };
}

function makeWords({memory}: Machine, n: number): Words {
  const word = (name: string, value: number, type: "int" | "lock" = "int"): Cell => {
    const made = cell("scenario", name, memory.allocate(4), 4, type);
    memory.write(made, value);
    return made;
  };
  const each = (name: string, value: (i: number) => number): Cell[] =>
    Array.from({length: n}, (_, i) => word(`${name}[${i}]`, value(i)));
  return {
    PL: word("PL", 0, "lock"),
    AV: word("AV", 0, "lock"),
    PTL: word("PTL", 0, "lock"),
    head: word("head", 1),
    dm: word("dm", 1),
    cm: word("cm", 0),
    pte: each("pte", () => PRESENT),
    map: each("map", () => 1),
    ref: each("ref", (i) => (i === 0 ? n + 1 : 0)),
    ch: each("ch", (i) => (i === 0 ? 0 : 1)),
  };
}

/** Freezes the counts, takes the tails apart, and maps what has become of them. */
function splitter(kernel: Kernel, w: Words, n: number) {
  const unmap = kernel.marked("unmap", function* (i: number) {
    yield* kernel.spin_lock(w.PTL);
    yield* kernel.WRITE_ONCE(w.pte[i], MIGRATION);
    yield* kernel.atomic_dec(w.map[i]);
    yield* kernel.atomic_dec(w.ref[0]);
    yield* kernel.spin_unlock(w.PTL);
  });
  const remap = kernel.marked("remap", function* (i: number, owner: number) {
    yield* kernel.spin_lock(w.PTL);
    yield* kernel.WRITE_ONCE(w.pte[i], PRESENT);
    yield* kernel.atomic_inc(w.map[i]);
    yield* kernel.atomic_inc(w.ref[owner]);
    yield* kernel.spin_unlock(w.PTL);
  });
  const shatter = kernel.marked("shatter", function* () {
    for (let i = n - 1; i >= 1; i--) {
      yield* kernel.WRITE_ONCE(w.ch[i], 0);
      yield* kernel.WRITE_ONCE(w.ref[i], 1);
    }
    yield* kernel.WRITE_ONCE(w.dm, 0);
    yield* kernel.WRITE_ONCE(w.head, 0);
    yield* kernel.WRITE_ONCE(w.ref[0], 1);
  });

  return function* (): Op<void> {
    yield* kernel.spin_lock(w.PL);
    yield* kernel.spin_lock(w.AV);
    for (let i = 0; i < n; i++) yield* unmap(i);
    const frozen = yield* kernel.atomic_try_cmpxchg(w.ref[0], 1, 0);
    if (frozen) yield* shatter();
    for (let i = 0; i < n; i++) yield* remap(i, frozen ? i : 0);
    if (frozen) for (let i = 1; i < n; i++) yield* kernel.atomic_dec(w.ref[i]);
    yield* kernel.spin_unlock(w.AV);
    yield* kernel.spin_unlock(w.PL);
  };
}

/** Reads the mapcount of every entry, under the lock of the table. */
function reader(kernel: Kernel, w: Words, n: number, mode: string) {
  /** Somebody was a head a moment ago and is none now: true if it is, else what to do depends on the mode. */
  const isStill = kernel.marked("is_still", function* (word: Cell) {
    const still = yield* kernel.READ_ONCE(word);
    if (mode === "buggy") yield* kernel.BUG_ON(still === 0, "!PageHead(page)");
    return still !== 0;
  });
  const readWhole = kernel.marked("read_whole", function* () {
    yield* kernel.READ_ONCE(w.cm);
    const head = yield* isStill(w.head);
    if (head) yield* kernel.READ_ONCE(w.dm);
  });
  const readEntry = kernel.marked("read_entry", function* (i: number) {
    const pte = yield* kernel.READ_ONCE(w.pte[i]);
    if (mode === "fix" && pte === MIGRATION) return;
    yield* kernel.READ_ONCE(w.map[i]);
    const compound = yield* kernel.READ_ONCE(i === 0 ? w.head : w.ch[i]);
    if (compound === 0) return;
    if (i > 0) {
      const tail = yield* isStill(w.ch[i]);
      if (!tail) return;
    }
    yield* readWhole();
  });

  return function* (): Op<void> {
    yield* kernel.spin_lock(w.PTL);
    for (let i = 0; i < n; i++) yield* readEntry(i);
    yield* kernel.spin_unlock(w.PTL);
  };
}

/** Takes a reference to the last entry's page and puts it back, as GUP-fast does: no lock, no loop. */
function taker(kernel: Kernel, w: Words, n: number) {
  const i = n - 1;
  return function* (): Op<void> {
    const pte = yield* kernel.READ_ONCE(w.pte[i]);
    if (pte !== PRESENT) return;
    const tail = yield* kernel.READ_ONCE(w.ch[i]);
    const ref = w.ref[tail === 0 ? i : 0];
    const count = yield* kernel.READ_ONCE(ref);
    if (count === 0) return;
    const got = yield* kernel.atomic_try_cmpxchg(ref, count, count + 1);
    if (!got) return;
    const again = yield* kernel.READ_ONCE(w.pte[i]);
    if (again !== pte) {
      yield* kernel.atomic_dec(ref);
      return;
    }
    yield* kernel.READ_ONCE(w.ch[i]);
    const left = yield* kernel.atomic_add_return(ref, -1);
    yield* kernel.BUG_ON(left < 0, "a reference was dropped that nobody had");
  };
}
