// The comparison that the book shows is that of the code as it is.

import {readFileSync} from "node:fs";
import {sources} from "virtual:kernel-source";
import {describe, expect, it} from "vitest";
import {Comparing, unpack, type Packed} from "../../src/compare/index.ts";
import {fixes} from "../../src/fixes/index.ts";

const file = "src/compare/comparison.json";
const comparison = unpack(JSON.parse(readFileSync(file, "utf8")) as Packed);
const comparing = new Comparing(sources, fixes);
const {pairings, tasks} = comparing.plan();

describe("the comparison in the book", () => {
  it("was made of this code, of all fixes and all races (npm run compare makes it again)", () => {
    expect(comparison.map(({verdict: _, ...pairing}) => pairing)).toEqual(pairings);
  });

  it("was explored to the end", () => {
    expect(comparison.filter(({verdict}) => !verdict.complete)).toEqual([]);
  });

  /** Few states, so that it can be made again here. */
  const quick = tasks.filter(({fix, arena: {race, parameters}}) =>
    comparison.some(
      (row) =>
        row.fix === fix &&
        row.race === race.name &&
        JSON.stringify(row.parameters) === JSON.stringify(parameters) &&
        row.verdict.states < 6_000,
    ),
  );

  it("is what comes out when it is made again, for all that is small", () => {
    expect(quick.length).toBeGreaterThan(0);
    for (const task of quick) {
      const row = comparison.find(
        ({fix, race, parameters}) =>
          fix === task.fix &&
          race === task.arena.race.name &&
          JSON.stringify(parameters) === JSON.stringify(task.arena.parameters),
      )!;
      expect(comparing.explore(task)).toEqual(row.verdict);
    }
  });
});
