// The strategies by name: each looks at schedules in its own way and says how many, and whether those were all.

import {searchTraces} from "./dpor.ts";
import type {LoneStep} from "./most.ts";
import type {Counts} from "./report.ts";
import {sample, type Sampler} from "./sampling.ts";
import type {Space} from "./space.ts";
import {search} from "./stateful.ts";
import type {Budget, Search} from "./watch.ts";

export type StrategyName = "stateful" | "dpor" | Sampler;

export type StrategyOptions = Budget & {
  /** For samplers: what they draw from, and how many schedules. */
  readonly seed: number;
  readonly runs: number;
  /** For pct: how many steps must stand in a certain order for the bug to show. */
  readonly depth: number;
};

/** What was looked at. What was seen is in the space. */
export type Covered = {
  readonly complete: boolean;
  readonly counts: Counts;
  /** Which steps were made, of a search that says. */
  readonly loneStep?: LoneStep;
};

type Strategy = (space: Space, options: StrategyOptions) => Search<Covered>;

const sampler = (name: Sampler): Strategy =>
  function* (space, options) {
    const executions = yield* sample(space, name, options);
    return {complete: false, counts: {executions, states: space.size, asks: space.asks}};
  };

export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  *stateful(space, options) {
    const {complete, states, transitions, loneStep} = yield* search(space, options);
    return {complete, counts: {states, transitions, asks: space.asks}, loneStep};
  },
  *dpor(space, options) {
    const {complete, executions, blocked} = yield* searchTraces(space, options);
    return {complete, counts: {executions, blocked, states: space.size, asks: space.asks}};
  },
  pos: sampler("pos"),
  pct: sampler("pct"),
  random: sampler("random"),
};
