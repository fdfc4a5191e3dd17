// Sampling: schedules drawn at random, for what is too large to be explored. Never a proof: what was not drawn was not seen.
//
// `random` takes any thread that can run, each step anew. `pct` is Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010: priorities of threads, lowered at a few random steps.
// `pos` is Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018: priorities of steps, drawn anew for those
// that conflict with the step that was made. Departure: the length of a run that pct asks for is that of the run before.

import {halves_touched, only_reads, type Transition} from "../sim/index.ts";
import {ENDS, type Space} from "./space.ts";
import {Watch, type Budget, type Estimate, type Search} from "./watch.ts";

export type Sampler = "random" | "pct" | "pos";

export type Sampling = Budget & {
  readonly seed: number;
  /** Schedules to draw. */
  readonly runs: number;
  /** Of a bug, for pct: how many steps must stand in a certain order. */
  readonly depth: number;
};

/** Chooses who makes the next step of one run: a thread, or a store buffer (movers.ts). */
type Chooser = {
  choose(state: number, threads: readonly number[]): number;
  /** `thread` has made its step in `state`. */
  made(state: number, thread: number): void;
};

/** Looks on: in the schedule that is the `run`th, `thread` makes its step in `state`. */
export type OnStep = (run: number, state: number, thread: number) => void;

/** Answers how many schedules were drawn. What they showed is in `space`. */
export function* sample(
  space: Space,
  sampler: Sampler,
  sampling: Sampling,
  onStep: OnStep = () => {},
): Search<number> {
  const random = generator(sampling.seed);
  const watch = new Watch(space, sampling);
  let length = 1;
  for (let run = 0; run < sampling.runs; run++) {
    if (!(yield* watch.mayGoOn(drawn(run, sampling.runs)))) return run;
    const chooser = choosers[sampler](space, random, {length, depth: sampling.depth});
    length = drawOne(space, chooser, (state, thread) => onStep(run, state, thread));
  }
  return sampling.runs;
}

function drawn(executions: number, runs: number) {
  const rest = runs - executions;
  const left: Estimate = {unit: "executions", done: executions, from: rest, to: rest};
  return {executions, left};
}

/** Steps after which a schedule is given up: a thread may go round a loop for ever. */
const LONGEST = 20_000;

/** One schedule, from the first state to an end. Answers its length. */
function drawOne(
  space: Space,
  chooser: Chooser,
  onStep: (state: number, thread: number) => void,
): number {
  let state = 0;
  for (let steps = 0; ; steps++) {
    if (steps === LONGEST) return steps;
    const threads = space.enabledThreads(state);
    if (threads.length === 0) {
      space.judgeEnd(state);
      return steps;
    }
    const thread = chooser.choose(state, threads);
    const next = space.successor(state, thread);
    chooser.made(state, thread);
    onStep(state, thread);
    if (next <= ENDS) return steps + 1;
    state = next;
  }
}

type Random = () => number;

const choosers: Readonly<
  Record<
    Sampler,
    (space: Space, random: Random, run: {length: number; depth: number}) => Chooser
  >
> = {
  random: (_space, random) => ({
    choose: (_state, threads) => threads[Math.floor(random() * threads.length)],
    made() {},
  }),

  pct(space, random, {length, depth}) {
    // The later a change comes, the lower it sets: all changed priorities are below all first ones.
    const priority: (number | undefined)[] = Array.from(
      {length: space.threads},
      () => 1 + random(),
    );
    const changes = Array.from({length: depth - 1}, () => Math.floor(random() * length));
    let step = 0;
    return {
      // A store buffer has none before it first has something to do.
      choose: (_state, movers) =>
        highest(movers, (mover) => (priority[mover] ??= 1 + random())),
      made(_state, thread) {
        const change = changes.indexOf(step++);
        if (change >= 0) priority[thread] = change / depth;
      },
    };
  },

  pos(space, random) {
    const priority: (number | undefined)[] = Array.from({length: space.threads}, random);
    return {
      choose: (_state, movers) => highest(movers, (mover) => (priority[mover] ??= random())),
      made(state, thread) {
        const made = space.transitionOf(state, thread);
        for (const other of space.moversIn(state)) {
          const pending = space.transitionOf(state, other);
          if (other === thread || (made && pending && conflict(made, pending)))
            priority[other] = random();
        }
      },
    };
  },
};

function highest(threads: readonly number[], priority: (thread: number) => number): number {
  return threads.reduce((best, thread) => (priority(thread) > priority(best) ? thread : best));
}

/** Two accesses to one word, of which one may write. */
function conflict(a: Transition, b: Transition): boolean {
  const others = halves_touched(b);
  const overlap = halves_touched(a).some((half) => others.includes(half));
  return overlap && !(only_reads(a) && only_reads(b));
}

/** Numbers in [0, 1), the same for the same seed: a linear congruential step, well mixed. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
