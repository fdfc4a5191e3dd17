// Assignment 1: an increment of which none is lost, made of one primitive.

import {memoryAt, type Monitor, type Trace} from "../../src/explore/index.ts";
import {holds, runs, schedules, toAssignment, values} from "../../src/grade/index.ts";
import type {Property, Scenario, Variant} from "../../src/grade/index.ts";
import {raceNamed, type Race} from "../../src/races/index.ts";
import {
  cell,
  run_alone,
  type Machine,
  type Memory,
  type MemoryOperation,
} from "../../src/sim/index.ts";
import {variants} from "../variants.ts";

const NAME = "atomic_inc";
const LOST = "lost";
const needs = [NAME];

/** What a student may be given, and how many accesses are enough with nobody else there. */
const PRIMITIVES = [
  {name: "atomic_try_cmpxchg", accesses: 2},
  {name: "atomic_cmpxchg", accesses: 2},
  {name: "atomic_xchg", accesses: 3},
  {name: "test_and_set_bit", accesses: 4},
] as const;

function primitiveOf({primitive}: Variant): (typeof PRIMITIVES)[number] {
  return PRIMITIVES[primitive];
}

const ONLY = "no read-modify-write but the one that was given";

/** CPUs that add one, and somebody who looks at what they do it with. */
export function adding(variant: Variant, cpus: number): Scenario {
  const plain = raceNamed("lost_update")!;
  const race: Race = {
    ...plain,
    stage(kernel, machine, parameters) {
      const scene = plain.stage(kernel, machine, parameters);
      const monitor = onlyThat(primitiveOf(variant).name, scene.threads.length, machine);
      return {...scene, monitors: [monitor]};
    },
  };
  return {race, set: {cpus, increment: "atomic"}, mostSteps: 30};
}

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

/** Also of the first CPU alone: who stores the sum at once has added nothing. */
function nothingLost(cpus: 2 | 3, words: string): Property {
  const among = (variant: Variant) => adding(variant, cpus);
  const property = holds({
    id: `none-lost-of-${words}`,
    title: `With ${words} CPUs no update is lost, and everybody comes to an end.`,
    points: 2,
    needs,
    in: among,
    only: ["no update is lost"],
  });
  return {
    ...property,
    judge(student) {
      const scenario = among(student.variant);
      const first = student.run(scenario, {order: [0]});
      const value = memoryAt(first)["shared.counter"];
      if (value === 1) return property.judge(student);
      const message = `shared.counter is ${value} after the first of ${cpus} increments`;
      return {status: "fail", message, schedule: first.schedule, scenario};
    },
  };
}

/** Threads that are left although they could go on. */
function preemptionsOf({steps}: Trace): number {
  const preempted = steps.filter(
    ({thread}, i) =>
      i + 1 < steps.length &&
      steps[i + 1].thread !== thread &&
      steps.slice(i + 1).some((later) => later.thread === thread),
  );
  return preempted.length;
}

function lostIn(trace: Trace, {cpus, lost}: Variant): string | null {
  if (!trace.finished)
    return `the run stops before everybody has finished: ${trace.warning ?? "there are steps left"}`;
  const wanted = `counter ${cpus - lost}`;
  return trace.outcome === wanted ? null : `it gives ${trace.outcome}, and not ${wanted}`;
}

function plain({cpus}: Variant) {
  return {race: "lost_update", set: {cpus}};
}

export const assignment = toAssignment({
  name: "01-lost-update",
  title: "The lost update",
  answers: [
    {cell: 20, defines: [NAME]},
    {cell: 30, defines: [LOST], kind: "schedules"},
  ],
  variant: variants["01-lost-update"],
  properties: [
    values({
      id: "adds-one",
      title: "With nobody else there it adds one, whatever the counter held.",
      points: 1,
      needs,
      *cases({kernel, machine}, {start}) {
        const counter = kernel.pfn_to_page(kernel.FIRST_PFN)._refcount;
        for (const before of [0, start, start + 1, 3 * start]) {
          yield {
            asks: `the counter, which was ${before},`,
            answer() {
              machine.memory.write(counter, before);
              run_alone(kernel.atomic_inc(counter), machine);
              return machine.memory.read(counter);
            },
            expected: before + 1,
          };
        }
      },
    }),
    nothingLost(2, "two"),
    nothingLost(3, "three"),
    holds({
      id: "only-that-one",
      title:
        "Whatever the schedule, it uses the given primitive, and no other read-modify-write.",
      points: 2,
      needs,
      in: (variant) => adding(variant, 2),
      only: [ONLY],
    }),
    runs({
      id: "cheap-alone",
      title:
        "With one CPU after the other it uses the primitive, and makes no more accesses than are allowed.",
      points: 1,
      needs,
      in: (variant) => adding(variant, 2),
      wrong({steps}, variant) {
        const {name, accesses} = primitiveOf(variant);
        for (const thread of [0, 1]) {
          const mine = steps.filter((step) => step.thread === thread && step.shared);
          const uses = mine.filter(({kind}) => kind === name).length;
          if (uses === 0) return `an increment is made without ${name}`;
          if (mine.length > accesses)
            return `${mine.length} accesses, and ${accesses} would be enough`;
        }
        return null;
      },
    }),
    schedules({
      id: "lost-by-schedule",
      title: "The schedule loses as many increments as it should, and runs to the end.",
      points: 2,
      needs: [LOST],
      in: plain,
      wrong: lostIn,
    }),
    schedules({
      id: "one-preemption",
      title: "It does so with a single preemption.",
      points: 1,
      needs: [LOST],
      in: plain,
      wrong(trace, variant) {
        const preemptions = preemptionsOf(trace);
        const wrong = lostIn(trace, variant);
        if (wrong !== null) return wrong;
        return preemptions === 1 ? null : `it has ${preemptions} preemptions`;
      },
    }),
  ],
});
