// What a strategy covers: all of a program, or one part of it.

import type {MemoryModel} from "../sim/index.ts";
import type {Program} from "./program.ts";
import {divided, fingerprint, shareOf, type PartNumber} from "./sharding.ts";
import {Space} from "./space.ts";
import {
  strategies,
  type Covered,
  type StrategyName,
  type StrategyOptions,
} from "./strategies.ts";
import type {Search} from "./watch.ts";

export type CoverOptions = StrategyOptions & {
  readonly strategy: StrategyName;
  readonly maxSteps: number;
  readonly checkRaces: boolean;
  readonly shard?: PartNumber | undefined;
};

/** What was seen, how much that was, and of a part how everything was divided. */
export type Seen = {
  readonly space: Space;
  readonly covered: Covered;
  readonly plan: string | null;
};

/** Why the strategy cannot be told to cover a part; null if it can. */
export function whyUndivided(strategy: StrategyName): string | null {
  if (strategy !== "dpor") return null;
  return "dpor cannot be divided: what it leaves out depends on what it has explored (use stateful)";
}

/** Why the strategy cannot explore a machine with this memory model, all of it or a part; null if it can. */
export function whyNotUnder(
  model: MemoryModel,
  strategy: StrategyName,
  isDivided: boolean,
): string | null {
  if (model === "sc") return null;
  if (strategy === "dpor")
    return `dpor does not know of store buffers: under ${model} use stateful, pos, pct or random`;
  if (!isDivided) return null;
  return `a search under ${model} cannot be divided: gates know nothing of store buffers`;
}

export function* cover(program: Program, options: CoverOptions): Search<Seen> {
  const {strategy, shard, maxSteps} = options;
  if (!shard) {
    const space = new Space(program, maxSteps);
    return {space, covered: yield* strategies[strategy](space, options), plan: null};
  }
  const reason = whyUndivided(strategy);
  if (reason !== null) throw new Error(reason);
  return yield* strategy === "stateful"
    ? coverPart(program, options, shard)
    : coverShare(program, options, shard);
}

function* coverPart(program: Program, options: CoverOptions, shard: PartNumber): Search<Seen> {
  const {maxSteps, checkRaces} = options;
  const part = yield* divided(program, maxSteps, shard);
  if (!part) {
    const space = new Space(program, maxSteps);
    return {space, covered: NOTHING, plan: null};
  }
  const {space} = part;
  const covered = yield* strategies.stateful(space, options);
  return {space, covered, plan: fingerprint([part.plan, maxSteps, checkRaces])};
}

const NOTHING: Covered = {complete: false, counts: {states: 0, asks: 0}};

/** Some of the schedules that are drawn. */
function* coverShare(program: Program, options: CoverOptions, shard: PartNumber): Search<Seen> {
  const {strategy, maxSteps, checkRaces, seed, runs, depth} = options;
  const space = new Space(program, maxSteps);
  const covered = yield* strategies[strategy](space, shareOf(options, shard));
  return {space, covered, plan: fingerprint([seed, runs, depth, maxSteps, checkRaces])};
}
