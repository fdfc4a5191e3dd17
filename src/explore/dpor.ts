// Optimal DPOR: one execution for every trace, and none begun in vain.
//
// Two schedules that differ only in the order of steps which do not conflict are one trace (Mazurkiewicz), and end alike. So
// each execution is looked through for races, pairs of conflicting steps that could have come the other way round, and for each
// race a sequence that reverses it is planted where the first of the two was made, unless what was explored there covers it.
//
// After Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014, and "Source Sets: A
// Foundation for Optimal Dynamic Partial Order Reduction", JACM 2017. Departures:
// - States are numbers (space.ts), so a step is a look-up and undoing it costs nothing. Sequences are kept as threads and
//   run where they are wanted: whether a compare-and-swap writes there is seen, not guessed.
// - Locks block. A lock conflicts with the unlock before it, but what can be reversed are the two times it was taken: from
//   the unlock we go back to the access before which the lock could be had. A thread that waits when all is over has such a
//   race too.
// - A BUG ends the run for everybody: such a step conflicts with all others, and with those that were not made any more.
// - A turn of a loop that waits and has not got what it waits for leaves no trace, so an execution that goes on with another
//   turn is the same as one in which the thread began later. Such an execution is given up, and counted as blocked. A loop
//   whose turns leave traces is not covered: then the search says that it is not complete.

import {enabled, may_wait, type Transition} from "../sim/index.ts";
import {couldRace} from "./data_races.ts";
import {ENDS, type Space} from "./space.ts";
import {conflict, NO_STEP, Steps, type Step} from "./steps.ts";
import {Watch, type Budget, type Estimate, type Search as Searching} from "./watch.ts";

export type Traced = {
  /** Every trace was explored. */
  readonly complete: boolean;
  /** Executions to an end: of all threads, at a BUG or in a deadlock. */
  readonly executions: number;
  /** Executions given up halfway, since all that could follow is explored elsewhere: none, but where threads wait in loops. */
  readonly blocked: number;
};

/** Sequences to be explored from a state, those with the same beginning together. */
type Wakeup = {readonly thread: number; readonly then: Wakeup[]};

/** A place in the execution, and the step that is made from there. */
type Place = {
  readonly state: number;
  /** Threads whose step from here needs no exploring, as bits. */
  sleeping: number;
  readonly wakeup: Wakeup[];
  thread: number;
  step: Step;
  /** For each thread, the length of the execution that has all its steps which happen before this one. */
  clock: readonly number[];
  /** The place of the thread's step before; -1 if this is its first. */
  previous: number;
  /** Places of the steps that this one races with. */
  races: readonly number[];
};

/** Executions between two looks at the clock. */
const PATIENCE = 64;

export function* searchTraces(space: Space, budget: Budget): Searching<Traced> {
  return yield* new Search(space, new Watch(space, budget)).run();
}

class Search {
  private readonly space: Space;
  private readonly watch: Watch;
  private readonly halves: Int32Array;
  private readonly places: Place[] = [];
  /** For each half of memory, the places whose steps touch it. */
  private readonly touching = new Map<number, number[]>();
  /** The place of each thread's last step; -1 if it has made none. */
  private readonly lastOf: number[];
  /** The clock of a thread that has made no step. */
  private readonly atFirst: readonly number[];
  private readonly steps: Steps;
  private readonly able: number[][] = [];
  private executions = 0;
  private blocked = 0;
  /** Sequences that wait. */
  private planted = 0;
  /** Nothing that had to be explored was given up. */
  private complete = true;

  constructor(space: Space, watch: Watch) {
    this.space = space;
    this.watch = watch;
    this.halves = space.program.machine.memory.halves;
    this.steps = new Steps(space);
    this.lastOf = new Array<number>(space.threads).fill(-1);
    this.atFirst = new Array<number>(space.threads).fill(0);
  }

  *run(): Searching<Traced> {
    this.enter(0, 0, []);
    for (let turn = 0; this.places.length > 0; turn++) {
      if (turn % PATIENCE === 0 && !(yield* this.watch.mayGoOn(this.progress())))
        return this.result(false);
      this.finish();
      this.reverseRaces();
      this.goBack();
    }
    return this.result(this.complete);
  }

  /** Each sequence that waits to be explored leads to an execution at least, and that to more sequences. */
  private progress() {
    const {executions, planted} = this;
    const left: Estimate = {unit: "executions", done: executions, from: planted, to: null};
    return {executions, left};
  }

  private result(complete: boolean): Traced {
    return {complete, executions: this.executions, blocked: this.blocked};
  }

  /** Goes on from the last place until the execution is at its end. */
  private finish(): void {
    for (;;) {
      const place = this.places[this.places.length - 1];
      const threads = this.enabledThreads(place.state);
      const next = place.wakeup.shift() ?? this.anyAwake(place, threads);
      if (!next) {
        this.end(place.state, threads.length > 0);
        this.places.pop();
        return;
      }
      const state = this.make(place, next.thread);
      if (state <= ENDS) {
        this.executions++;
        return;
      }
      this.enter(state, this.stillSleeping(place), next.then);
    }
  }

  /** All threads have finished or wait; or whatever they can still do has been explored. */
  private end(state: number, isExplored: boolean): void {
    const {space} = this;
    if (isExplored || space.enabledThreads(state).length > 0) {
      this.blocked++;
      if (space.hasCycles) this.complete = false;
      return;
    }
    this.executions++;
    space.judgeEnd(state);
  }

  private anyAwake({sleeping}: Place, threads: readonly number[]): Wakeup | null {
    const thread = threads.find((t) => ((sleeping >> t) & 1) === 0);
    return thread === undefined ? null : {thread, then: []};
  }

  private enter(state: number, sleeping: number, wakeup: Wakeup[]): void {
    this.places.push({
      state,
      sleeping,
      wakeup,
      thread: -1,
      step: NO_STEP,
      clock: [],
      previous: -1,
      races: [],
    });
  }

  private stillSleeping({state, sleeping, step}: Place): number {
    let still = 0;
    for (let t = 0; t < this.space.threads; t++) {
      if ((sleeping >> t) & 1 && !conflict(this.steps.of(state, t), step)) still |= 1 << t;
    }
    return still;
  }

  private make(place: Place, thread: number): number {
    const at = this.places.length - 1;
    place.thread = thread;
    place.step = this.steps.of(place.state, thread);
    const before = this.before(place.step);
    const own = this.clockOf(thread);
    place.races = this.racesOf(thread, place, before, own);
    for (const e of place.races) this.lookForDataRace(e, thread);
    const clock = own.slice();
    for (const e of before) join(clock, this.places[e].clock);
    clock[thread] = at + 1;
    place.clock = clock;
    place.previous = this.lastOf[thread];
    this.lastOf[thread] = at;
    for (const half of place.step.touches) {
      const list = this.touching.get(half);
      if (list) list.push(at);
      else this.touching.set(half, [at]);
    }
    return this.space.successor(place.state, thread);
  }

  /** The clock of the thread's last step. */
  private clockOf(thread: number): readonly number[] {
    const last = this.lastOf[thread];
    return last < 0 ? this.atFirst : this.places[last].clock;
  }

  /** The last steps that this one conflicts with: behind them lie all the others. */
  private before(step: Step): number[] {
    const found: number[] = [];
    for (const half of step.touches) {
      const list = this.touching.get(half) ?? [];
      for (let i = list.length - 1; i >= 0; i--) {
        const {writes} = this.places[list[i]].step;
        if ((writes || step.writes) && !found.includes(list[i])) found.push(list[i]);
        if (writes) break;
      }
    }
    if (!step.ends) return found;
    for (const last of this.lastOf) if (last >= 0 && !found.includes(last)) found.push(last);
    return found;
  }

  private racesOf(
    thread: number,
    {state}: Place,
    before: readonly number[],
    own: readonly number[],
  ): number[] {
    const transition = this.space.node(state, thread).transition!;
    const races: number[] = [];
    for (const e of before) {
      const {thread: other} = this.places[e];
      const first = may_wait(transition) ? this.couldBeHad(transition, e) : e;
      const isRace =
        first === e
          ? other !== thread && own[other] <= e && !this.isBehind(e, other, before)
          : this.isOthers(first, thread, own);
      if (isRace) races.push(first);
    }
    return races;
  }

  /** Does step `e` of `thread` happen before another one of these? */
  private isBehind(e: number, thread: number, steps: readonly number[]): boolean {
    for (const f of steps) if (f !== e && this.places[f].clock[thread] > e) return true;
    return false;
  }

  /** Step `e` and the one that `thread` stands before race. Are they also a data race? */
  private lookForDataRace(e: number, thread: number): void {
    const {space, places} = this;
    const {state, thread: other} = places[e];
    const here = places[places.length - 1].state;
    if (!couldRace(space.node(state, other), space.node(here, thread))) return;
    const both = this.after(e, places.length - 1).reduce(
      (s, t) => space.successor(s, t),
      state,
    );
    space.lookAtPair(both, other, thread);
  }

  /** The threads of the steps behind `e` and before `end` that do not happen after it. */
  private after(e: number, end: number): number[] {
    const {places} = this;
    const {thread} = places[e];
    const sequence: number[] = [];
    for (let i = e + 1; i < end; i++) {
      if (places[i].clock[thread] <= e) sequence.push(places[i].thread);
    }
    return sequence;
  }

  private isOthers(e: number, thread: number, own: readonly number[]): boolean {
    if (e < 0) return false;
    const {thread: other} = this.places[e];
    return other !== thread && own[other] <= e;
  }

  /** From `last` backwards, the access to the lock's word before which the lock could be had. */
  private couldBeHad(lock: Transition, last: number): number {
    const list = this.touching.get(lock.half) ?? [];
    const from = list.lastIndexOf(last);
    if (from < 0) return last;
    for (let i = from; i >= 0; i--) {
      this.space.load(this.places[list[i]].state);
      if (enabled(lock, this.halves)) return list[i];
    }
    return -1;
  }

  private reverseRaces(): void {
    const {places, space} = this;
    const end = places.length;
    const last = places[end - 1] as Place | undefined;
    if (!last) return;
    // Of all steps, not only of those that are new: the sequence that reverses a race is made from the whole execution.
    for (let i = 0; i < end; i++) {
      for (const e of places[i].races) this.reverse(e, places[i].thread);
    }
    const final = last.step.ends ? last.state : space.successor(last.state, last.thread);
    for (let t = 0; t < space.threads; t++) {
      const node = space.node(final, t);
      if (node.kind !== "step" || (last.step.ends && t === last.thread)) continue;
      if (this.enabledThreads(final).includes(t)) {
        if (last.step.ends) this.reverse(end - 1, t);
        continue;
      }
      const transition = node.transition!;
      const list = this.touching.get(transition.half) ?? [];
      if (list.length === 0) continue;
      const e = this.couldBeHad(transition, list[list.length - 1]);
      if (this.isOthers(e, t, this.clockOf(t))) this.reverse(e, t);
    }
  }

  /** Plants, where step `e` was made, what does not happen after it, and then `thread`'s step. */
  private reverse(e: number, thread: number): void {
    const {state, thread: other, sleeping, wakeup} = this.places[e];
    const sequence = [...this.after(e, this.places.length), thread];
    const run = this.runFrom(state, sequence);
    const done = sleeping | (1 << other);
    for (let t = 0; t < this.space.threads; t++) {
      if ((done >> t) & 1 && this.canBeFirst(state, t, sequence, run)) return;
    }
    this.plant(wakeup, state, sequence);
  }

  private runFrom(from: number, sequence: readonly number[]): Step[] {
    let state = from;
    return sequence.map((thread) => {
      const step = this.steps.of(state, thread);
      state = this.space.successor(state, thread);
      return step;
    });
  }

  /** Is there a schedule of the same trace, or of one that goes on from it, which begins with `thread`'s step? */
  private canBeFirst(
    state: number,
    thread: number,
    sequence: readonly number[],
    run: readonly Step[],
  ): boolean {
    const step = this.steps.of(state, thread);
    for (let i = 0; i < sequence.length; i++) {
      if (sequence[i] === thread) return true;
      if (conflict(step, run[i])) return false;
    }
    return true;
  }

  private plant(into: Wakeup[], state: number, sequence: readonly number[]): void {
    const run = this.runFrom(state, sequence);
    for (const {thread, then} of into) {
      if (!this.canBeFirst(state, thread, sequence, run)) continue;
      const at = sequence.indexOf(thread);
      const rest = at < 0 ? sequence : sequence.filter((_, i) => i !== at);
      if (then.length > 0 && rest.length > 0)
        this.plant(then, this.space.successor(state, thread), rest);
      return;
    }
    this.planted++;
    let branch = into;
    for (const thread of sequence) {
      const then: Wakeup[] = [];
      branch.push({thread, then});
      branch = then;
    }
  }

  private goBack(): void {
    const {places} = this;
    for (let at = places.length - 1; at >= 0; at--) {
      const place = places[at];
      for (const half of place.step.touches) this.touching.get(half)!.pop();
      this.lastOf[place.thread] = place.previous;
      place.sleeping |= 1 << place.thread;
      place.thread = -1;
      place.step = NO_STEP;
      if (place.wakeup.length > 0) {
        this.planted--;
        return;
      }
      places.pop();
    }
  }

  private enabledThreads(state: number): readonly number[] {
    const {space} = this;
    return (this.able[state] ??= space
      .enabledThreads(state)
      .filter((t) => space.node(state, t).kind !== "await"));
  }
}

function join(into: number[], clock: readonly number[]): void {
  for (let t = 0; t < into.length; t++) if (clock[t] > into[t]) into[t] = clock[t];
}
