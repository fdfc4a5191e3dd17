// Exploring a program and telling the story: the verdict, and for each way in which it goes wrong the best schedules.

import {cover, whyNotUnder} from "./cover.ts";
import {mostOf, type Measure} from "./most.ts";
import type {MemoryModel} from "../sim/index.ts";
import {under, type Program} from "./program.ts";
import type {DataRace, Finding, Path, Report} from "./report.ts";
import {scheduleOf} from "./schedule.ts";
import type {PartNumber} from "./sharding.ts";
import type {Space} from "./space.ts";
import {Stories} from "./stories.ts";
import type {Covered, StrategyName, StrategyOptions} from "./strategies.ts";
import {runToEnd, Watch, type Progress, type Search} from "./watch.ts";

export type ExploreOptions = Partial<StrategyOptions> & {
  readonly strategy?: StrategyName;
  /** How what a CPU has stored gets to the others. */
  readonly memoryModel?: MemoryModel;
  /** Whether data races decide the verdict. */
  readonly checkRaces?: boolean;
  /** Steps after which a thread is taken to be one that never ends. */
  readonly maxSteps?: number;
  /** One part of the search: its number, from 1, and how many there are. */
  readonly shard?: PartNumber | undefined;
  /** Of each finding only a shortest schedule is wanted: neither where it stands, nor what decides, nor the fewest preemptions. */
  readonly brief?: boolean;
  /** Also wanted: what runs cost at the most, and a schedule to each outcome. */
  readonly measures?: readonly Measure[] | undefined;
};

/** What is taken where nothing is said. */
export const DEFAULTS = {
  strategy: "stateful",
  memoryModel: "sc",
  maxStates: 100_000_000,
  maxSeconds: Infinity,
  maxMegabytes: 4096,
  checkRaces: false,
  maxSteps: 20_000,
  shard: undefined,
  measures: undefined,
  brief: false,
  seed: 1,
  runs: 10_000,
  depth: 3,
} as const;

/** Explores to the end; `onProgress` answers false to stop. `fresh` makes the program anew: a run changes its machine's memory. */
export function explore(
  fresh: () => Program,
  defaults: Program["parameters"],
  options: ExploreOptions & {onProgress?: (progress: Progress) => boolean} = {},
): Report {
  return runToEnd(exploring(fresh, defaults, options), options.onProgress);
}

/** The same in slices: after each progress it is told whether to go on. */
export function* exploring(
  make: () => Program,
  defaults: Program["parameters"],
  options: ExploreOptions = {},
): Search<Report> {
  const started = performance.now();
  const all = {...DEFAULTS, ...options};
  const reason = whyNotUnder(all.memoryModel, all.strategy, all.shard !== undefined);
  if (reason !== null) throw new Error(reason);
  const fresh = () => under(all.memoryModel, make());
  const program = fresh();
  const {space, plan, covered} = yield* cover(program, all);
  const {complete, counts} = covered;
  const dataRaces = describeRaces(space, defaults);
  if (all.checkRaces) space.dataRaces.found.forEach((race) => space.sightRace(race));

  // Who draws at random does so because all states are too many: then so they are for the best stories.
  const stories = yield* Stories.of(fresh, defaults, space, {
    budget: complete ? all : null,
    brief: all.brief,
  });
  const telling = new Watch(space, all);
  const findings: Finding[] = [];
  for (const sighting of [...space.sightings.values()]) {
    yield* telling.mayGoOn();
    findings.push(yield* stories.tell(sighting, telling));
  }
  yield* telling.mayGoOn();
  const unsure = space.nondeterminism();
  if (unsure !== null) findings.push(nondeterministic(unsure, stories.empty()));

  return {
    race: program.race,
    parameters: program.parameters,
    livepatches: program.livepatches,
    strategy: all.strategy,
    memoryModel: all.memoryModel,
    verdict: findings.length > 0 ? "violated" : complete && !all.shard ? "holds" : "unknown",
    complete: complete && unsure === null,
    counts,
    findings: findings.sort((a, b) => a.steps - b.steps || (a.id < b.id ? -1 : 1)),
    outcomes: [...space.outcomes.keys()].sort(),
    dataRaces,
    ...(all.measures && measured(space, defaults, covered, all.measures)),
    ...(all.shard && {shard: {...all.shard, code: program.code, plan}}),
    elapsedMs: Math.round(performance.now() - started),
  };
}

function measured(
  space: Space,
  defaults: Program["parameters"],
  {complete, loneStep}: Covered,
  measures: readonly Measure[],
): Pick<Report, "witnesses" | "most"> {
  const say = (threads: readonly number[]) => scheduleOf(space.program, defaults, threads);
  const places = [...space.outcomes].sort(([a], [b]) => (a < b ? -1 : 1));
  const all = complete && loneStep ? measures.map((m) => mostOf(space, loneStep, m)) : [];
  return {
    witnesses: places.map(([, place]) => say(space.scheduleOf(place))),
    most: all
      .filter((most) => most !== null)
      .map(({name, most, threads}) => ({name, most, schedule: say(threads)})),
  };
}

function describeRaces(space: Space, defaults: Program["parameters"]): DataRace[] {
  const races = [...space.dataRaces.found.values()].map(({id, accesses, state}) => ({
    id,
    accesses,
    schedule: scheduleOf(space.program, defaults, space.pathTo(state)),
  }));
  return races.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function nondeterministic(message: string, path: Path): Finding {
  const place = {function: "", file: "", line: 0};
  return {
    ...path,
    ...place,
    id: message,
    invariant: "threads are deterministic",
    message,
    shortest: false,
    fewestPreemptions: path,
    decides: null,
  };
}
