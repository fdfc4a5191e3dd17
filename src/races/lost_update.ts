// The warm-up: CPUs that add one to the same word.

import {cell, cell_name, type Machine} from "../sim/index.ts";
import type {Kernel, Parameters, Race, Scene} from "./race.ts";

export const lost_update: Race = {
  name: "lost_update",
  about: "CPUs add one to the same counter, each with a load and a store.",
  stake: "An increment that another CPU's store runs over is gone.",
  parameters: [
    {name: "cpus", about: "how many CPUs add one", default: 2, values: [2, 3, 4]},
    {
      name: "increment",
      about: "in two steps, or in one",
      default: "plain",
      values: ["plain", "atomic"],
    },
  ],
  note: () => null,
  machine: () => ({pages: 4, pgflags: true}),
  roots: () => ["load", "store", "atomic_inc"],
  stage,
};

function stage(kernel: Kernel, machine: Machine, {cpus, increment}: Parameters): Scene {
  const {memory} = machine;
  const counter = cell("shared", "counter", memory.allocate(4), 4);

  function* add_one() {
    if (increment === "atomic") return yield* kernel.atomic_inc(counter);
    const value = yield* kernel.load(counter);
    return yield* kernel.store(counter, value + 1);
  }

  return {
    threads: Array.from({length: Number(cpus)}, () => ({name: "add one", run: add_one})),
    invariants: [
      {
        name: "no update is lost",
        check(now) {
          const value = now.read(counter);
          return value === cpus
            ? null
            : `${cell_name(counter)} is ${value} after ${cpus} increments`;
        },
      },
    ],
    monitors: [],
    outcome: ({memory: now}) => `counter ${now.read(counter)}`,
    shows: [counter],
  };
}
