// CPUs that add one, and somebody who looks at what they do it with.

import type {Monitor} from "../../src/explore/index.ts";
import {raceNamed, type Race} from "../../src/races/index.ts";
import {cell, type Machine, type Memory, type MemoryOperation} from "../../src/sim/index.ts";

/** What a student may be given, one of these. */
export const PRIMITIVES = [
  "atomic_try_cmpxchg",
  "atomic_cmpxchg",
  "atomic_xchg",
  "test_and_set_bit",
] as const;
export type Primitive = (typeof PRIMITIVES)[number];

export const ONLY = "no read-modify-write but the one that was given";

const plain = raceNamed("lost_update")!;

export const one_primitive: Race = {
  ...plain,
  name: "lost_update+one_primitive",
  about: "CPUs add one to the same counter, all by the one primitive that they were given.",
  parameters: [
    ...plain.parameters.filter(({name}) => name === "cpus"),
    {
      name: "primitive",
      about: "the read-modify-write that was given",
      default: PRIMITIVES[0],
      values: PRIMITIVES,
    },
  ],
  stage(kernel, machine, parameters) {
    const scene = plain.stage(kernel, machine, {...parameters, increment: "atomic"});
    const primitive = String(parameters.primitive);
    return {...scene, monitors: [onlyThat(primitive, scene.threads.length, machine)]};
  },
};

/** Everybody uses `primitive`, and nobody anything else that reads and writes in one step. */
function onlyThat(primitive: string, threads: number, {memory}: Machine): Monitor {
  const used = Array.from({length: threads}, (_, thread) =>
    cell("ghost", `used by ${thread}`, memory.allocate(4), 4),
  );
  return {
    name: ONLY,
    ghosts: used,
    own: used.map((word) => [word]),
    watches: ({act}) => act !== "load" && act !== "store" && act !== "wait_bit",
    looksAt: () => [],
    before({operation, thread}, now) {
      const {kind} = operation;
      if (kind !== primitive) return `${kind} is made, and ${primitive} was given`;
      if (changes(operation, now)) now.write(used[thread], 1);
      return null;
    },
    finished: (thread, now) =>
      now.read(used[thread]) === 1 ? null : `${primitive} has no part in an increment`,
  };
}

function changes({act, cell, expected, operand}: MemoryOperation, memory: Memory): boolean {
  const old = memory.read(cell);
  if (act === "compare_exchange") return old === expected && operand !== old;
  return act === "exchange" ? operand !== old : ((old >>> operand) & 1) === 0;
}
