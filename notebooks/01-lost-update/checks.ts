// Assignment 1: an increment of which none is lost, made of one primitive.

import {memoryAt, type Trace} from "../../src/explore/index.ts";
import {holds, runs, schedules, toAssignment, values} from "../../src/grade/index.ts";
import type {Property, Scenario, Variant} from "../../src/grade/index.ts";
import {run_alone} from "../../src/sim/index.ts";
import {variants} from "../variants.ts";
import {one_primitive, ONLY, PRIMITIVES, type Primitive} from "./races.ts";

const NAME = "atomic_inc";
const LOST = "lost";
const needs = [NAME];

/** How many accesses are enough with nobody else there. */
const ENOUGH: Readonly<Record<Primitive, number>> = {
  atomic_try_cmpxchg: 2,
  atomic_cmpxchg: 2,
  atomic_xchg: 3,
  test_and_set_bit: 4,
};

function primitiveOf({primitive}: Variant): Primitive {
  return PRIMITIVES[primitive];
}

/** CPUs that add one by the student's primitive. */
export function adding(variant: Variant, cpus: number): Scenario {
  return {race: one_primitive, set: {cpus, primitive: primitiveOf(variant)}, mostSteps: 30};
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
        const primitive = primitiveOf(variant);
        for (const thread of [0, 1]) {
          const mine = steps.filter((step) => step.thread === thread && step.shared);
          const uses = mine.filter(({kind}) => kind === primitive).length;
          if (uses === 0) return `an increment is made without ${primitive}`;
          if (mine.length > ENOUGH[primitive])
            return `${mine.length} accesses, and ${ENOUGH[primitive]} would be enough`;
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
