// How many states there are, and where, before they have been explored: from schedules that were drawn at random.
//
// Where most of the states that were drawn were met only once, there are many more that were not met at all: Chao,
// "Nonparametric Estimation of the Number of Classes in a Population", Scandinavian Journal of Statistics 1984. That is asked
// of each region by itself, since random schedules do not go everywhere equally often.

import {IntList} from "./int_list.ts";
import {sample, type Sampler} from "./sampling.ts";
import type {Space} from "./space.ts";
import type {Search} from "./watch.ts";

/** Some states, in groups of 32 that weigh the same; -1 where a group is not full. */
export type Census = {
  readonly states: readonly number[];
  /** For how many states each state of a group stands. */
  readonly weights: Float64Array;
};

const SAMPLERS: readonly Sampler[] = ["pos", "pct"];
/** That is the same for all who take a census of the same program. */
const DRAWN = {seed: 1, runs: 512, depth: 3, maxSeconds: Infinity, maxStates: 500_000};

/** Regions, about so many, and states that are looked at. */
const REGIONS = 16;
const ENOUGH_STATES = 8192;
/** For so many that were not met a state may stand. */
const MOST_UNSEEN = 100;

/** Null if it was told to stop. */
export function* takeCensus(space: Space): Search<Census | null> {
  const visits = new IntList();
  const visit = (_run: number, from: number, thread: number): void => {
    const state = space.successor(from, thread);
    if (state < 0) return;
    while (visits.length <= state) visits.push(0);
    visits.set(state, visits.at(state) + 1);
  };
  for (const sampler of SAMPLERS) {
    const runs = yield* sample(space, sampler, DRAWN, visit);
    if (runs < DRAWN.runs && space.size <= DRAWN.maxStates) return null;
  }
  while (visits.length < space.size) visits.push(1);
  return count(space, visits);
}

function count(space: Space, visits: IntList): Census {
  const states: number[] = [];
  const weights: number[] = [];
  for (const region of regionsOf(space)) {
    const kept = some(region, Math.ceil((region.length * ENOUGH_STATES) / space.size));
    const weight = (region.length + unseen(region, visits)) / kept.length;
    while (kept.length % 32 > 0) kept.push(-1);
    states.push(...kept);
    for (let i = 0; i < kept.length; i += 32) weights.push(weight);
  }
  return {states, weights: Float64Array.from(weights)};
}

/** Of `list` no more than `most`, evenly spread. */
function some(list: readonly number[], most: number): number[] {
  const length = Math.min(list.length, most);
  return Array.from({length}, (_, i) => list[Math.floor((i * list.length) / length)]);
}

/** How many states there are in the region besides those that were met. */
function unseen(region: readonly number[], visits: IntList): number {
  let once = 0;
  let twice = 0;
  for (const state of region) {
    if (visits.at(state) === 1) once++;
    if (visits.at(state) === 2) twice++;
  }
  const estimate = twice > 0 ? once ** 2 / (2 * twice) : (once * (once - 1)) / 2;
  return Math.min(estimate, region.length * MOST_UNSEEN);
}

/** States in which each thread is about as far as in the others. */
function regionsOf(space: Space): Iterable<readonly number[]> {
  const stages = Math.max(2, Math.floor(REGIONS ** (1 / space.threads)));
  const limits = space.trees.map((_, thread) => limitsOf(space, thread, stages));
  const regions = new Map<string, number[]>();
  for (let state = 0; state < space.size; state++) {
    const key = limits
      .map((ofThread, t) => ofThread.findIndex((limit) => space.node(state, t).depth <= limit))
      .join();
    const region = regions.get(key);
    if (region) region.push(state);
    else regions.set(key, [state]);
  }
  return regions.values();
}

/** The depths that divide the states evenly. */
function limitsOf(space: Space, thread: number, stages: number): number[] {
  const depths = Int32Array.from(
    {length: space.size},
    (_, state) => space.node(state, thread).depth,
  ).sort();
  return Array.from(
    {length: stages},
    (_, i) => depths[Math.floor(((i + 1) * depths.length) / stages) - 1],
  );
}
