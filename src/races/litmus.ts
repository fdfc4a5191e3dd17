// Litmus tests, by the names the literature gives them: a few loads and stores each, chosen so that one outcome tells memory
// models apart. Under sequential consistency that outcome is not there. Nothing here goes wrong; what counts is `outcomes`.
//
// Something that orders can be put between every two accesses of each thread.

import {cell, type Cell, type Machine, type Op} from "../sim/index.ts";
import type {Kernel, Parameter, Parameters, Race, Scene} from "./race.ts";

/** `x=1` stores, `x` loads; one line a thread. */
type Test = {readonly threads: readonly string[]; readonly forbidden: string};

/** `forbidden` is what a weaker memory may show, and sequential consistency never does. */
const TESTS: Readonly<Record<string, Test>> = {
  SB: {
    threads: ["x=1 y", "y=1 x"],
    forbidden: "Store buffering: both miss the store of the other.",
  },
  MP: {
    threads: ["x=1 y=1", "y x"],
    forbidden: "Message passing: the flag is seen, the message is not.",
  },
  LB: {
    threads: ["x y=1", "y x=1"],
    forbidden: "Load buffering: both see what the other stores later.",
  },
  IRIW: {
    threads: ["x=1", "y=1", "x y", "y x"],
    forbidden: "Independent reads of independent writes: two readers see them in two orders.",
  },
  "2+2W": {
    threads: ["x=1 y=2", "y=1 x=2"],
    forbidden: "Two threads, two writes each: both first ones stay.",
  },
  R: {
    threads: ["x=1 y=1", "y=2 x"],
    forbidden: "The later store to y is followed by a load that misses x.",
  },
  S: {
    threads: ["x=2 y=1", "y x=1"],
    forbidden: "A store that comes after what was seen is overtaken.",
  },
  CoRR: {
    threads: ["x=1", "x x"],
    forbidden: "Coherence: a thread sees the new value, then the old one.",
  },
  CoWW: {
    threads: ["x=1 x=2"],
    forbidden: "Coherence: of two stores of one thread the first one stays.",
  },
  WRC: {
    threads: ["x=1", "x y=1", "y x"],
    forbidden: "Write to read causality: what was seen is not passed on.",
  },
  RWC: {
    threads: ["x=1", "x y", "y=1 x"],
    forbidden: "Read to write causality: what was seen is not passed on.",
  },
};

/** What stands between two accesses, and the functions of the kernel that it takes. */
const BARRIERS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  smp_mb: ["smp_mb"],
  smp_wmb: ["smp_wmb"],
  release: ["atomic_set_release"],
  xchg: ["atomic_xchg"],
  inc: ["atomic_inc"],
};

const BARRIER: Parameter = {
  name: "barrier",
  about:
    "what stands between two accesses of a thread: a barrier; or all stores are releases; or a read-modify-write of a word of its own, fully ordered (xchg) or unordered (inc)",
  default: "none",
  values: Object.keys(BARRIERS),
};

export const litmusTests: readonly Race[] = Object.entries(TESTS).map(([name, test]) => ({
  name: `litmus_${name}`,
  about: `Litmus test ${test.threads.join(" | ")}, where x=1 stores and x loads.`,
  stake: test.forbidden,
  parameters: [BARRIER],
  note: () => null,
  machine: () => ({pages: 4, pgflags: true}),
  roots: ({barrier}) => ["READ_ONCE", "WRITE_ONCE", ...BARRIERS[barrier]],
  stage: (kernel: Kernel, machine: Machine, parameters: Parameters) =>
    stage(test, kernel, machine, String(parameters.barrier)),
}));

type Access = {readonly word: Cell; readonly stores: number | null};

function stage({threads}: Test, kernel: Kernel, {memory}: Machine, barrier: string): Scene {
  const names = [...new Set(threads.join(" ").match(/[a-z]/g))].sort();
  const words = new Map(
    names.map((name) => [name, cell("litmus", name, memory.allocate(4), 4)]),
  );
  const parse = (text: string): Access => {
    const [name, value] = text.split("=");
    return {word: words.get(name)!, stores: value === undefined ? null : Number(value)};
  };
  const ordering = (thread: number): Ordering => {
    const own = () => cell("litmus", `own${thread}`, memory.allocate(4), 4);
    return {barrier, own: barrier === "xchg" || barrier === "inc" ? own() : null};
  };
  return {
    threads: threads.map((line, i) => {
      const order = ordering(i);
      return {
        name: `P${i}`,
        run: () => runAccesses(kernel, line.split(" ").map(parse), order),
      };
    }),
    invariants: [],
    monitors: [],
    outcome({results, memory: now}) {
      const registers = (results as number[][]).flat().map((value, i) => `r${i}=${value}`);
      const last = names.map((name) => `${name}=${now.read(words.get(name)!)}`);
      return [...registers, ...last].join(" ");
    },
    shows: [...words.values()],
  };
}

/** What a thread has between its accesses; `own` is a word that nobody else knows. */
type Ordering = {readonly barrier: string; readonly own: Cell | null};

/** Answers what the loads have seen, in their order. */
function* runAccesses(kernel: Kernel, accesses: readonly Access[], order: Ordering) {
  const seen: number[] = [];
  for (const [i, {word, stores}] of accesses.entries()) {
    if (i > 0) yield* between(kernel, order);
    if (stores === null) {
      const value = yield* kernel.READ_ONCE(word);
      seen.push(value);
    } else if (order.barrier === "release") {
      yield* kernel.atomic_set_release(word, stores);
    } else {
      yield* kernel.WRITE_ONCE(word, stores);
    }
  }
  return seen;
}

function* between(kernel: Kernel, {barrier, own}: Ordering): Op<void> {
  if (barrier === "smp_mb") yield* kernel.smp_mb();
  if (barrier === "smp_wmb") yield* kernel.smp_wmb();
  if (barrier === "xchg") yield* kernel.atomic_xchg(own!, 1);
  if (barrier === "inc") yield* kernel.atomic_inc(own!);
}
