// teacher-only

import {holds, values, type Property} from "../../../src/grade/index.ts";
import {run_alone} from "../../../src/sim/index.ts";
import {adding} from "../checks.ts";

const needs = ["atomic_inc"];

export const hidden: readonly Property[] = [
  holds({
    id: "none-lost-of-four",
    title: "With four CPUs no update is lost, and everybody comes to an end.",
    points: 2,
    needs,
    in: (variant) => adding(variant, 4),
    only: ["no update is lost"],
  }),
  values({
    id: "far-up",
    title: "With nobody else there it adds one to a counter that has come far.",
    points: 1,
    needs,
    *cases({kernel, machine}) {
      const counter = kernel.pfn_to_page(kernel.FIRST_PFN)._refcount;
      for (const before of [255, 65_535, 2 ** 29 - 2]) {
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
];
