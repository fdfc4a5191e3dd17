// Exploring a program and telling the story: the verdict, and for each way in which it goes wrong the best schedules.

import {execute} from "./execution.ts";
import type {Named} from "./findings.ts";
import {fewestPreemptions, shortest} from "./paths.ts";
import type {Program} from "./program.ts";
import type {DataRace, Finding, Path, Report} from "./report.ts";
import {scheduleOf} from "./schedule.ts";
import {Space} from "./space.ts";
import {strategies, type StrategyName, type StrategyOptions} from "./strategies.ts";
import {runToEnd, Watch, type Progress, type Search} from "./watch.ts";

export type ExploreOptions = Partial<StrategyOptions> & {
  readonly strategy?: StrategyName;
  /** Whether data races decide the verdict. */
  readonly checkRaces?: boolean;
  /** Steps after which a thread is taken to be one that never ends. */
  readonly maxSteps?: number;
};

const DEFAULTS = {
  strategy: "stateful",
  maxStates: 100_000_000,
  maxSeconds: Infinity,
  maxMegabytes: 4096,
  checkRaces: false,
  maxSteps: 20_000,
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
  fresh: () => Program,
  defaults: Program["parameters"],
  options: ExploreOptions = {},
): Search<Report> {
  const started = performance.now();
  const all = {...DEFAULTS, ...options};
  const program = fresh();
  const space = new Space(program, all.maxSteps);
  const {complete, counts} = yield* strategies[all.strategy](space, all);
  const dataRaces = describeRaces(space, defaults);
  if (all.checkRaces) space.dataRaces.found.forEach((race) => space.sightRace(race));

  // Who draws at random does so because all states are too many: then so they are for the best stories.
  const most = Math.min(all.maxStates, 3 * space.size + ENOUGH_STATES);
  const watch = complete ? new Watch(space, {...all, maxStates: most}) : null;
  const stories = yield* Stories.of(fresh, defaults, space, watch);
  const findings = [...space.sightings.values()].map((sighting) => stories.tell(sighting));
  const unsure = space.nondeterminism();
  if (unsure !== null) findings.push(nondeterministic(unsure, stories.empty()));

  return {
    race: program.race,
    parameters: program.parameters,
    livepatches: program.livepatches,
    strategy: all.strategy,
    memoryModel: "sc",
    verdict: findings.length > 0 ? "violated" : complete ? "holds" : "unknown",
    complete: complete && unsure === null,
    counts,
    findings: findings.sort((a, b) => a.steps - b.steps || (a.id < b.id ? -1 : 1)),
    outcomes: [...space.outcomes].sort(),
    dataRaces,
    elapsedMs: Math.round(performance.now() - started),
  };
}

/** The best stories are looked for among all states, without a reduction: so many may be looked at, beside three times those that were explored. */
const ENOUGH_STATES = 1_000_000;

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
  };
}

/** Steps whose places in the source are wanted, to know where a finding is: its thread's last step is among them. */
const ENOUGH = 100;

/** The schedules that lead to what was sighted. */
class Stories {
  private readonly fresh: () => Program;
  private readonly defaults: Program["parameters"];
  private readonly space: Space;
  private readonly shortest: ReadonlyMap<string, readonly number[]>;
  private readonly fewest: ReadonlyMap<string, readonly number[]>;
  private readonly places = new Map<string, Pick<Finding, "file" | "line">>();

  /** Without a `watch` the best schedules are not looked for. */
  static *of(
    fresh: () => Program,
    defaults: Program["parameters"],
    space: Space,
    watch: Watch | null,
  ): Search<Stories> {
    const ids = new Set(space.sightings.keys());
    const fewest = watch ? yield* fewestPreemptions(space, ids, watch) : new Map();
    const short = watch ? yield* shortest(space, ids, watch) : new Map();
    return new Stories(fresh, defaults, space, fewest, short);
  }

  private constructor(
    fresh: () => Program,
    defaults: Program["parameters"],
    space: Space,
    fewest: ReadonlyMap<string, readonly number[]>,
    short: ReadonlyMap<string, readonly number[]>,
  ) {
    this.fresh = fresh;
    this.defaults = defaults;
    this.space = space;
    this.fewest = fewest;
    this.shortest = short;
  }

  tell({id, invariant, message, function: where}: Named): Finding {
    // Where the best was not found, any schedule that leads there is better than none.
    const schedule = this.shortest.get(id) ?? this.fewest.get(id) ?? this.space.scheduleTo(id);
    const fewest = this.fewest.get(id) ?? schedule;
    return {
      ...this.path(schedule),
      id,
      invariant,
      message,
      function: where,
      ...this.placeOf(`${message} in ${where}`, schedule),
      shortest: this.shortest.has(id),
      fewestPreemptions: this.path(fewest),
    };
  }

  /** File and line of what happens at the end of `schedule`. The same complaint in the same function stands in one place. */
  private placeOf(
    complaint: string,
    schedule: readonly number[],
  ): Pick<Finding, "file" | "line"> {
    let place = this.places.get(complaint);
    if (!place) {
      const run = execute(this.fresh(), schedule, this.defaults, {placesOfLast: ENOUGH});
      const {file, line} = run.findings.at(-1) ?? {file: "", line: 0};
      this.places.set(complaint, (place = {file, line}));
    }
    return place;
  }

  empty(): Path {
    return this.path([]);
  }

  private path(threads: readonly number[]): Path {
    const schedule = scheduleOf(this.space.program, this.defaults, threads);
    return {steps: threads.length, preemptions: this.space.preemptions(threads), schedule};
  }
}
