// A run with nobody in between: it is the same whether or not its steps say where in the source they stand.

import {describe, expect, it} from "vitest";
import {execute, type Trace} from "../../src/explore/index.ts";
import {inOrder} from "../../site/run-in-order.ts";
import {program} from "../support.ts";

function run(order: readonly number[], places: boolean): Trace {
  const fresh = program("smaps_vs_split")();
  return execute(fresh, [], {}, inOrder(fresh, order, places));
}

describe("inOrder", () => {
  it("lets the threads run one after the other, the first of the order first", () => {
    const {steps, finished} = run([1, 0], true);
    expect(finished).toBe(true);
    expect([steps.at(0)?.thread, steps.at(-1)?.thread]).toEqual([1, 0]);
  });

  it("looks nothing up in the source for who does not want it, and is the same run", () => {
    const [told, quick] = [run([], true), run([], false)];
    expect(told.steps.some(({places}) => places.length > 0)).toBe(true);
    expect(quick.steps.every(({places}) => places.length === 0)).toBe(true);
    const without = told.steps.map((step) => ({...step, places: []}));
    expect(quick).toEqual({...told, steps: without});
  });
});
