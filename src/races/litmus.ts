// Litmus tests, by the names the literature gives them: a few loads and stores each, chosen so that one outcome tells memory
// models apart. Under sequential consistency that outcome is not there. Nothing here goes wrong; what counts is `outcomes`.

import {cell, type Cell, type Machine} from "../sim/index.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";

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

export const litmusTests: readonly Race[] = Object.entries(TESTS).map(([name, test]) => ({
  name: `litmus_${name}`,
  about: `Litmus test ${test.threads.join(" | ")}, where x=1 stores and x loads.`,
  stake: test.forbidden,
  parameters: [],
  note: () => null,
  machine: () => ({pages: 4, pgflags: true}),
  roots: () => ["READ_ONCE", "WRITE_ONCE"],
  stage: (kernel: Kernel, machine: Machine, _: Parameters) => stage(test, kernel, machine),
}));

type Access = {readonly word: Cell; readonly stores: number | null};

function stage({threads}: Test, kernel: Kernel, {memory}: Machine): Scene {
  const names = [...new Set(threads.join(" ").match(/[a-z]/g))].sort();
  const words = new Map(
    names.map((name) => [name, cell("litmus", name, memory.allocate(4), 4)]),
  );
  const parse = (text: string): Access => {
    const [name, value] = text.split("=");
    return {word: words.get(name)!, stores: value === undefined ? null : Number(value)};
  };
  return {
    threads: threads.map((line, i) => ({
      name: `P${i}`,
      run: () => runAccesses(kernel, line.split(" ").map(parse)),
    })),
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

/** Answers what the loads have seen, in their order. */
function* runAccesses(kernel: Kernel, accesses: readonly Access[]) {
  const seen: number[] = [];
  for (const {word, stores} of accesses) {
    if (stores === null) {
      const value = yield* kernel.READ_ONCE(word);
      seen.push(value);
    } else {
      yield* kernel.WRITE_ONCE(word, stores);
    }
  }
  return seen;
}
