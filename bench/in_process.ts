// The explorer without a process around it: how soon there is a first finding, and how many schedules a sampler draws until
// one meets the BUG.

import {sources} from "virtual:kernel-source";
import {
  explore,
  runToEnd,
  Space,
  strategies,
  type Program,
  type StrategyName,
} from "../src/explore/index.ts";
import {link} from "../src/livepatch/index.ts";
import {assemble, defaultsOf, raceNamed, setParameters} from "../src/races/index.ts";
import {HUNT} from "./configurations.ts";
import type {Hunt} from "./hunt.ts";

const race = raceNamed("checker_scenario")!;

export type FirstFinding = {
  /** From linking the kernel to the verdict, with the shortest schedule and the one with the fewest preemptions. */
  readonly firstMs: number;
  readonly warmMs: readonly number[];
  readonly steps: number;
  readonly preemptions: number;
};

/** Call it in a process that has run nothing before. */
export function findFirst(times: number): FirstFinding {
  const once = () => explore(makeProgram(), defaultsOf(race));
  const [firstMs, report] = timed(once);
  const [{steps, fewestPreemptions}] = report.findings;
  const warmMs = Array.from({length: times}, () => timed(once)[0]);
  return {firstMs, warmMs, steps, preemptions: fewestPreemptions.preemptions};
}

/** For each seed, schedules drawn until one meets the BUG. Each seed begins with nothing known of the race. */
export function huntWithSampler(name: StrategyName, seeds: number): Hunt[] {
  const fresh = makeProgram();
  return Array.from({length: seeds}, (_, seed) => {
    const [ms, schedules] = timed(() => {
      const space = new Space(fresh(), MAX_STEPS);
      let drawn = 0;
      for (; space.sightings.size === 0; drawn++) {
        const options = {...BUDGET, runs: 1, seed: seed * MANY + drawn};
        runToEnd(strategies[name](space, options));
      }
      return drawn;
    });
    return {schedules, ms};
  });
}

const MAX_STEPS = 20_000;
/** More schedules than a seed ever needs. */
const MANY = 1_000_003;
const BUDGET = {depth: 3, maxStates: Infinity, maxSeconds: Infinity};

function makeProgram(): () => Program {
  const {shape, pages, mode} = HUNT;
  const linked = link(sources);
  const parameters = setParameters(race, {shape, pages, mode});
  return () => assemble(race, linked, parameters);
}

function timed<T>(work: () => T): readonly [ms: number, T] {
  const started = performance.now();
  const result = work();
  return [performance.now() - started, result];
}
