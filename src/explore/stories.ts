// The stories: for everything that goes wrong the best schedules, where in the source it happens, and which two steps decide.

import {accessesOf, decide, sayDecision, sights} from "./decides.ts";
import {executing} from "./execution.ts";
import {isEndless, type Named} from "./findings.ts";
import {fewestPreemptions, shortest} from "./paths.ts";
import type {Program} from "./program.ts";
import type {Decides, Finding, Path} from "./report.ts";
import {scheduleOf} from "./schedule.ts";
import {Space} from "./space.ts";
import {Watch, type Budget, type Search} from "./watch.ts";

/** Steps whose places in the source are wanted, to know where a finding is: its thread's last step is among them. */
const ENOUGH = 100;

/** States, all of them and not a reduction, that there may be for the sake of good schedules; and at least so many more. */
const ENOUGH_STATES = 1_000_000;
const MORE_STATES = 300_000;

type Place = Pick<Finding, "file" | "line">;

const NOWHERE: Place = {file: "", line: 0};

function limited(space: Space, budget: Budget): Watch {
  const enough = Math.max(ENOUGH_STATES, space.size + MORE_STATES);
  return new Watch(space, {...budget, maxStates: Math.min(budget.maxStates, enough)});
}

function pairsOf({threads}: Space): number[][] {
  const pairs: number[][] = [];
  for (let b = 1; b < threads; b++) for (let a = 0; a < b; a++) pairs.push([a, b]);
  return threads > 2 ? pairs : [];
}

type Found = {
  readonly fewest: ReadonlyMap<string, readonly number[]>;
  readonly short: ReadonlyMap<string, readonly number[]>;
  readonly brief: boolean;
};

/** The schedules that lead to what was sighted. */
export class Stories {
  private readonly fresh: () => Program;
  private readonly defaults: Program["parameters"];
  private readonly space: Space;
  private readonly shortest: ReadonlyMap<string, readonly number[]>;
  private readonly fewest: ReadonlyMap<string, readonly number[]>;
  /** Where schedules are tried that may be in another part of the search. */
  private whole: Space | null = null;
  private readonly places = new Map<string, Place>();
  private readonly isBrief: boolean;

  /** Without a `budget` the best schedules are not looked for. Brief ones have a shortest schedule, and nothing beside it. */
  static *of(
    fresh: () => Program,
    defaults: Program["parameters"],
    space: Space,
    {budget, brief}: {budget: Budget | null; brief: boolean},
  ): Search<Stories> {
    const none = new Map<string, readonly number[]>();
    if (!budget) return new Stories(fresh, defaults, space, {fewest: none, short: none, brief});
    const ids = new Set(space.sightings.keys());
    if (brief) {
      const short = yield* shortest(space, ids, limited(space, budget));
      return new Stories(fresh, defaults, space, {fewest: short, short, brief});
    }
    const fewest = yield* fewestPreemptions(space, ids, limited(space, budget));
    const short = yield* shortest(space, ids, limited(space, budget));
    const rest = new Set([...ids].filter((id) => !fewest.has(id)));
    for (const pair of pairsOf(space)) {
      const found = yield* fewestPreemptions(space, rest, limited(space, budget), pair);
      for (const [id, schedule] of found) if (rest.delete(id)) fewest.set(id, schedule);
    }
    return new Stories(fresh, defaults, space, {fewest, short, brief});
  }

  private constructor(
    fresh: () => Program,
    defaults: Program["parameters"],
    space: Space,
    {fewest, short, brief}: Found,
  ) {
    this.fresh = fresh;
    this.defaults = defaults;
    this.space = space;
    this.fewest = fewest;
    this.shortest = short;
    this.isBrief = brief;
  }

  *tell({id, invariant, message, function: where}: Named, watch: Watch): Search<Finding> {
    // Where the best was not found, any schedule that leads there is better than none.
    const schedule = this.shortest.get(id) ?? this.fewest.get(id) ?? this.space.scheduleTo(id);
    const fewest = this.fewest.get(id) ?? schedule;
    const path = this.path(schedule, message);
    yield* watch.mayGoOn();
    const complaint = `${message} in ${where}`;
    const place = this.isBrief ? NOWHERE : yield* this.placeOf(complaint, schedule, watch);
    return {
      ...path,
      id,
      invariant,
      message,
      function: where,
      ...place,
      shortest: this.shortest.has(id),
      fewestPreemptions: this.path(fewest, message),
      decides: yield* this.decisionOf(id, fewest, watch),
    };
  }

  private *decisionOf(
    id: string,
    threads: readonly number[],
    watch: Watch,
  ): Search<Decides | null> {
    if (this.isBrief) return null;
    const space = (this.whole ??= wholeOf(this.space, this.fresh));
    if (space !== this.space && !sights(space, threads, id)) return null;
    const decision = yield* decide(space, threads, id, watch);
    if (!decision) return null;
    const {first, second, otherwise} = decision;
    const accesses = accessesOf(space, threads, decision);
    const sentence = sayDecision(accesses);
    const schedule = scheduleOf(space.program, this.defaults, otherwise);
    return {sentence, accesses, first, second, otherwise: schedule};
  }

  /** File and line of what happens at the end of `schedule`. The same complaint in the same function stands in one place. */
  private *placeOf(
    complaint: string,
    schedule: readonly number[],
    watch: Watch,
  ): Search<Place> {
    const known = this.places.get(complaint);
    if (known) return known;
    const run = executing(this.fresh(), schedule, this.defaults, {placesOfLast: ENOUGH});
    let step = run.next();
    while (!step.done) {
      yield* watch.mayGoOn();
      step = run.next();
    }
    const {file, line} = step.value.findings.at(-1) ?? NOWHERE;
    const place = {file, line};
    this.places.set(complaint, place);
    return place;
  }

  empty(): Path {
    return this.path([], "");
  }

  /** `message` says what the schedule leads to. */
  private path(threads: readonly number[], message: string): Path {
    const {program, maxSteps} = this.space;
    const meant = isEndless(message) ? {...program, endless: maxSteps} : program;
    const schedule = scheduleOf(meant, this.defaults, threads);
    return {steps: threads.length, preemptions: this.space.preemptions(threads), schedule};
  }
}

/** A space of all schedules, on a machine of its own if `space` is one of a part only. */
function wholeOf(space: Space, fresh: () => Program): Space {
  return space.gates === null ? space : new Space(fresh(), space.maxSteps);
}
