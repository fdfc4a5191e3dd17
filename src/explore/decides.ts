// The two steps whose order decides: of all pairs in a schedule that could have come the other way round, the last one for
// which what goes wrong does not happen then. Found by trying: the schedule is run again with the pair turned round, and
// from there on as before as far as that goes.

import {cell_name, may_wait} from "../sim/index.ts";
import {STORE_BUFFER} from "./buffered_steps.ts";
import {isThread, threadOf} from "./movers.ts";
import {isMacro} from "./program.ts";
import type {Decides, DecidingAccess} from "./report.ts";
import {ENDS, placeKey, type Space} from "./space.ts";
import {conflict, Steps, type Step} from "./steps.ts";
import type {Search, Watch} from "./watch.ts";

/** Places in a schedule, and the schedule in which the second comes before the first. */
export type Decision = {
  readonly first: number;
  readonly second: number;
  readonly otherwise: readonly number[];
};

/** Steps of a schedule after which it is not followed any further. */
const LONGEST = 100_000;

/** The last pair of `schedule` without whose order `id` is not sighted; null if no single pair decides. */
export function* decide(
  space: Space,
  schedule: readonly number[],
  id: string,
  watch: Watch,
): Search<Decision | null> {
  // What shows in a state that a run only passes through, as a data race does, another run may show elsewhere.
  if (!sights(space, schedule, id) || isOnTheWay(space, schedule, id)) return null;
  const run = new Run(space, schedule);
  for (let second = schedule.length - 1; second > 0; second--) {
    yield* watch.mayGoOn();
    for (const first of run.racesOf(second)) {
      const otherwise = run.turnRound(first, second);
      if (otherwise && !sights(space, otherwise, id)) return {first, second, otherwise};
    }
  }
  return null;
}

/** The two accesses. */
export function accessesOf(
  space: Space,
  schedule: readonly number[],
  {first, second}: Decision,
): Decides["accesses"] {
  return [accessAt(space, schedule, first), accessAt(space, schedule, second)];
}

/** A sentence for them. */
export function sayDecision([first, second]: Decides["accesses"]): string {
  return `${say(first)} comes before ${say(second)}; the other way round it does not happen`;
}

function say({kind, cell, thread, function: inside}: DecidingAccess): string {
  if (kind === STORE_BUFFER) return `that the store to ${cell} by ${thread} reaches memory`;
  return `${kind} of ${cell} by ${thread}${inside ? ` in ${inside}()` : ""}`;
}

function accessAt(space: Space, schedule: readonly number[], at: number): DecidingAccess {
  const mover = schedule[at];
  const state = schedule.slice(0, at).reduce((s, t) => space.successor(s, t), 0);
  const thread = nameOf(space, threadOf(mover));
  if (!isThread(mover))
    return {thread, function: "", kind: STORE_BUFFER, cell: wordOf(space, state, mover)};
  const {watched, functions} = space.node(state, mover);
  const {kind, cell} = watched!;
  const inside = functions.find((name) => !isMacro(name)) ?? "";
  return {thread, function: inside, kind, cell: cell_name(cell)};
}

/** The word of the store that leaves its buffer, as some step calls it that its thread makes. */
function wordOf(space: Space, state: number, mover: number): string {
  const {half, bytes, shift} = space.transitionOf(state, mover)!;
  const maker = space.trees[threadOf(mover)].nodes.find(
    ({ordering, transition: t}) =>
      ordering?.does === "store" &&
      t!.half === half &&
      t!.bytes === bytes &&
      (bytes !== 1 || t!.shift === shift),
  );
  return cell_name(maker!.watched!.cell);
}

/** Threads of the same name are told apart by their CPUs. */
function nameOf({program: {threads}}: Space, thread: number): string {
  const {name} = threads[thread];
  return threads.filter((t) => t.name === name).length === 1 ? name : `${name} (CPU ${thread})`;
}

type Made = {
  /** A thread or a store buffer, and the thread whose CPU that is: what happens on one CPU is taken to happen in order. */
  readonly mover: number;
  readonly thread: number;
  readonly state: number;
  readonly step: Step;
  /** For each thread, how many steps of the schedule lie before one of its steps that happens before this one, itself included. */
  readonly clock: readonly number[];
};

/** A schedule, and what happens before what in it. */
class Run {
  private readonly space: Space;
  private readonly made: Made[] = [];

  constructor(space: Space, schedule: readonly number[]) {
    this.space = space;
    const steps = new Steps(space);
    let state = 0;
    for (const mover of schedule) {
      const step = steps.of(state, mover);
      const thread = threadOf(mover);
      this.made.push({mover, thread, state, step, clock: this.clockOf(thread, step)});
      state = space.successor(state, mover);
    }
  }

  private clockOf(thread: number, step: Step): number[] {
    const clock = new Array<number>(this.space.threads).fill(0);
    for (const before of this.made) {
      if (before.thread !== thread && !conflict(before.step, step)) continue;
      before.clock.forEach((at, t) => (clock[t] = Math.max(clock[t], at)));
    }
    clock[thread] = this.made.length + 1;
    return clock;
  }

  /** Steps before `second` that conflict with it with nothing in between, the last first. */
  racesOf(second: number): number[] {
    const {made} = this;
    const {thread, mover, step, state} = made[second];
    if (!this.isAccess(second)) return [];
    const transition = this.space.transitionOf(state, mover);
    const races: number[] = [];
    const covered = new Array<number>(this.space.threads).fill(0);
    for (let i = second - 1; i >= 0; i--) {
      const {thread: other, step: earlier, clock} = made[i];
      const isBefore = other === thread || conflict(earlier, step);
      if (isBefore && other !== thread && covered[other] <= i && this.isAccess(i))
        races.push(i);
      if (isBefore) clock.forEach((at, t) => (covered[t] = Math.max(covered[t], at)));
      // What a lock can be turned round with is the other's taking it, and that lies before the unlock.
      if (may_wait(transition!) && earlier.touches.includes(transition!.half)) covered.fill(0);
    }
    return races;
  }

  private isAccess(at: number): boolean {
    const {state, mover} = this.made[at];
    return !isThread(mover) || this.space.node(state, mover).watched !== null;
  }

  /** The schedule with `second` before `first`, and on to an end; null if it cannot be made there. */
  turnRound(first: number, second: number): number[] | null {
    const {made} = this;
    const {thread: other, mover: otherMover} = made[first];
    const {thread, mover} = made[second];
    const free = (i: number): boolean => made[i].clock[other] <= first;
    const before = range(0, first).map((i) => made[i].mover);
    const between = range(first + 1, second).filter(free);
    const own = range(first + 1, second).filter((i) => made[i].thread === thread);
    if (!own.every(free)) return null;
    const start = [...before, ...between.map((i) => made[i].mover), mover];
    const rest = range(first, made.length).filter((i) => i !== second && !between.includes(i));
    return this.follow(start, [otherMover, ...rest.map((i) => made[i].mover)]);
  }

  /** `start` as it is; of `wish` what can be made; and then each thread as far as it gets. */
  private follow(start: readonly number[], wish: readonly number[]): number[] | null {
    const {space} = this;
    const schedule: number[] = [];
    let state = 0;
    const go = (thread: number): boolean => {
      if (state <= ENDS || !space.isEnabled(state, thread)) return false;
      schedule.push(thread);
      state = space.successor(state, thread);
      return true;
    };
    for (const thread of start) if (!go(thread)) return null;
    for (const thread of wish) go(thread);
    while (state > ENDS && schedule.length < LONGEST) {
      const thread = space.enabledThreads(state)[0] as number | undefined;
      if (thread === undefined) break;
      go(thread);
    }
    return schedule;
  }
}

/** Is `id` sighted in the last state of the schedule, though runs go on from there? */
function isOnTheWay(space: Space, schedule: readonly number[], id: string): boolean {
  const last = schedule.reduce((s, t) => (s > ENDS ? space.successor(s, t) : s), 0);
  if (last <= ENDS || space.enabledThreads(last).length === 0) return false;
  return isSighted(space, last, -1, id);
}

/** Is `id` sighted on this schedule, which goes to an end? */
export function sights(space: Space, schedule: readonly number[], id: string): boolean {
  let state = 0;
  for (const thread of schedule) {
    const next = space.successor(state, thread);
    if (isSighted(space, state, thread, id)) return true;
    if (next <= ENDS) return false;
    state = next;
  }
  if (space.enabledThreads(state).length === 0) space.judgeEnd(state);
  return isSighted(space, state, -1, id);
}

function isSighted(space: Space, state: number, thread: number, id: string): boolean {
  return space.sightedAt.get(placeKey(space, {state, thread}))?.includes(id) ?? false;
}

function range(from: number, to: number): number[] {
  return Array.from({length: Math.max(0, to - from)}, (_, i) => from + i);
}
