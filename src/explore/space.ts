// The state space of a program: states as integers, and the steps between them, made when somebody asks for them.
//
// A state is a content of memory and, for each thread, the node of its observation tree. Two states are one only if memory is
// equal and each thread is in an equal local state (local_state.ts). Strategies decide which steps to ask for.

import {enabled, holds_what_it_releases, Journal, perform, type Memory} from "../sim/index.ts";
import {ObservationTree, type Edge, type Event, type Node} from "./observation_tree.ts";
import {deadlocked, failed, named, unlockedByAnother, type Named} from "./findings.ts";
import type {Ending, Failure, Program} from "./program.ts";
import {MemoryTable, mix, RowTable} from "./state_table.ts";

/** In place of a successor: the step has not been made yet; the thread has finished; it waits; the run ends with the step. */
export const UNKNOWN = -4;
export const FINISHED = -3;
export const BLOCKED = -2;
export const ENDS = -1;

/** Something went wrong when `thread` made its step in `state`, or in the state itself where `thread` is -1. */
export type Place = {readonly state: number; readonly thread: number};

export function placeKey(space: Pick<Space, "threads">, {state, thread}: Place): number {
  return thread < 0 ? -1 - state : state * space.threads + thread;
}

export class Space {
  readonly program: Program;
  readonly trees: readonly ObservationTree[];
  readonly threads: number;
  transitions = 0;
  readonly sightings = new Map<string, Named>();
  /** What was sighted at a step: by `state * threads + thread`, and by `-1 - state` what was sighted in the state. */
  readonly sightedAt = new Map<number, string[]>();
  readonly outcomes = new Set<string>();

  /** A thread's first act is a BUG: there is no run to explore. */
  private isOver = false;
  private readonly memory: Memory;
  private readonly halves: Int32Array;
  private readonly memories: MemoryTable;
  private readonly states: RowTable;
  private readonly row: Int32Array;
  private successors = new Int32Array(1 << 11).fill(UNKNOWN);
  /** The state and the thread through which each state was reached first. */
  private readonly parents: number[] = [];
  private readonly by: number[] = [];
  private readonly firstPlace = new Map<string, Place>();
  /** Halves in which monitors keep what they remember. */
  private readonly ghosts: readonly number[];
  /** What the step that is being made changes. */
  private readonly journal: Journal;

  constructor(program: Program, maxSteps: number) {
    const {machine, monitors, interrupts} = program;
    this.program = program;
    this.memory = machine.memory;
    this.halves = machine.memory.halves;
    this.journal = new Journal(this.halves);
    this.ghosts = monitors.flatMap(({ghosts}) =>
      ghosts.map((c) => this.memory.half(c.address)),
    );
    this.trees = program.threads.map(
      (thread, i) => new ObservationTree(thread, i, machine, {monitors, interrupts, maxSteps}),
    );
    this.threads = this.trees.length;
    this.memories = new MemoryTable(this.halves);
    for (const half of this.ghosts) this.memories.track(half);
    this.row = new Int32Array(1 + this.threads);
    this.states = new RowTable(this.row.length);
    this.enterFirstState();
  }

  get size(): number {
    return this.states.count;
  }

  get asks(): number {
    return this.trees.reduce((sum, tree) => sum + tree.asks, 0);
  }

  node(state: number, thread: number): Node {
    return this.trees[thread].nodes[this.states.rows[state * this.states.width + 1 + thread]];
  }

  /** The threads that can make a step in `state`. */
  enabledThreads(state: number): number[] {
    if (this.isOver) return [];
    this.load(state);
    const threads: number[] = [];
    for (let thread = 0; thread < this.threads; thread++) {
      const {kind, transition} = this.node(state, thread);
      if (kind === "step" && enabled(transition!, this.halves)) threads.push(thread);
    }
    return threads;
  }

  /** The state after `thread`'s step in `state`; or ENDS, BLOCKED, FINISHED. */
  successor(state: number, thread: number): number {
    if (this.isOver) return ENDS;
    const at = state * this.threads + thread;
    const known = this.successors[at];
    if (known !== UNKNOWN) return known;
    const next = this.make(state, thread);
    this.successors[at] = next;
    return next;
  }

  /** Times a thread was left although it could have gone on. */
  preemptions(schedule: readonly number[]): number {
    let state = 0;
    let count = 0;
    schedule.forEach((thread, i) => {
      const last = schedule[i - 1];
      if (i > 0 && thread !== last && this.enabledThreads(state).includes(last)) count++;
      state = this.successor(state, thread);
    });
    return count;
  }

  /** Some schedule, not a shortest one, to where this was sighted first. */
  scheduleTo(id: string): number[] {
    const {state, thread} = this.firstPlace.get(id)!;
    const schedule = thread < 0 ? [] : [thread];
    for (let s = state; s > 0; s = this.parents[s]) schedule.push(this.by[s]);
    return schedule.reverse();
  }

  /** What a thread did that it should not have been able to: answer differently when asked twice. */
  nondeterminism(): string | null {
    for (const tree of this.trees) tree.verify();
    const sentences = this.trees.map((tree) => tree.nondeterministic);
    return sentences.find((sentence) => sentence !== null) ?? null;
  }

  /** Nobody has a step to make: the end of a run, or a deadlock. */
  judgeEnd(state: number): void {
    if (this.isOver) return;
    this.load(state);
    const waiting = this.trees.filter((_, thread) => this.node(state, thread).kind === "step");
    if (waiting.length > 0) this.deadlock(state);
    else this.end(state);
  }

  private enterFirstState(): void {
    this.trees.forEach((tree, thread) => (this.row[1 + thread] = tree.root.id));
    this.add(-1, -1);
    this.trees.forEach((tree, thread) => {
      for (const event of tree.rootEvents) this.hear(event, 0, thread);
      if (tree.root.kind !== "bug") return;
      this.isOver = true;
      this.fail(tree.root.failure!, 0, thread);
      this.report(0, thread, tree.root.failure);
    });
  }

  /** Brings memory to what it is in `state`. */
  load(state: number): void {
    this.memories.load(this.states.rows[state * this.states.width]);
  }

  private make(state: number, thread: number): number {
    const node = this.node(state, thread);
    if (node.kind === "finished") return FINISHED;
    if (node.kind === "bug") return ENDS;
    this.load(state);
    const transition = node.transition!;
    if (!enabled(transition, this.halves)) return BLOCKED;
    this.transitions++;
    if (!holds_what_it_releases(transition, this.halves))
      return this.badUnlock(state, thread, node);

    this.remember(node);
    for (const monitor of node.watchers) monitor.before(node.watched!, thread, this.memory);
    const edge = this.trees[thread].edge(node, perform(transition, this.halves));
    for (const event of edge.events) this.hear(event, state, thread);
    const next = this.arrive(state, thread, edge);
    this.journal.undo();
    return next;
  }

  private arrive(state: number, thread: number, {node}: Edge): number {
    if (node.kind === "bug") {
      this.fail(node.failure!, state, thread);
      this.report(state, thread, node.failure);
      return ENDS;
    }
    const {states, row} = this;
    const start = state * states.width;
    for (let i = 0; i < row.length; i++) row[i] = states.rows[start + i];
    row[1 + thread] = node.id;
    if (this.journal.changed) row[0] = this.memories.intern(this.hashNow());
    return this.add(state, thread);
  }

  /** The number of the state in `row`; a new one if it is. */
  private add(parent: number, by: number): number {
    let hash = 0;
    for (let i = 0; i < this.row.length; i++) hash = (hash + mix(i, this.row[i])) | 0;
    const id = this.states.intern(this.row, hash);
    if (id === this.parents.length) {
      this.parents.push(parent);
      this.by.push(by);
    }
    if ((id + 1) * this.threads > this.successors.length) {
      const larger = new Int32Array(this.successors.length * 2).fill(UNKNOWN);
      larger.set(this.successors);
      this.successors = larger;
    }
    return id;
  }

  /** A step changes the halves of its word and the ghosts of the monitors. */
  private remember({transition}: Node): void {
    const {act, half, bytes} = transition!;
    this.journal.begin();
    if (act !== "load") {
      this.touch(half);
      if (bytes === 8) this.touch(half + 1);
    }
    for (const ghost of this.ghosts) this.touch(ghost);
  }

  private touch(half: number): void {
    this.memories.track(half);
    this.journal.touch(half);
  }

  private hashNow(): number {
    let hash = this.memories.hash;
    this.journal.each((half, before) => (hash = this.memories.rehash(hash, half, before)));
    return hash;
  }

  // What goes wrong, and what comes out

  private hear(event: Event, state: number, thread: number): void {
    if (event.kind === "warn") return this.fail(event.failure, state, thread);
    const {monitor, value, functions} = event;
    const message = monitor.answered(value, functions, thread, this.memory);
    if (message !== null)
      this.sight(named(monitor.name, message, functions[0]), {state, thread});
  }

  private fail({message, functions, about}: Failure, state: number, thread: number): void {
    this.sight(failed(message, functions, about), {state, thread});
  }

  private badUnlock(state: number, thread: number, {watched, functions}: Node): number {
    this.sight(unlockedByAnother(this.program, thread, watched!, functions), {state, thread});
    return ENDS;
  }

  private deadlock(state: number): void {
    const waiting = this.trees.flatMap((_, thread) => {
      const {watched, functions} = this.node(state, thread);
      return watched ? [{thread, operation: watched, functions}] : [];
    });
    this.sight(deadlocked(this.program, waiting), {state, thread: -1});
  }

  private end(state: number): void {
    for (const invariant of this.program.invariants) {
      const message = invariant.check(this.memory);
      if (message !== null) this.sight(named(invariant.name, message), {state, thread: -1});
    }
    this.report(state, -1, null);
  }

  /** Notes the result of a run that ends here. */
  private report(state: number, thread: number, bug: Failure | null): void {
    const results = this.trees.map((_, t) => {
      const node = this.node(state, t);
      return t === thread || node.kind !== "finished" ? undefined : node.result;
    });
    const ending: Ending = {memory: this.memory, results, bug};
    const outcome = this.program.outcome(ending);
    if (outcome !== null) this.outcomes.add(outcome);
  }

  private sight(what: Named, place: Place): void {
    if (!this.sightings.has(what.id)) {
      this.sightings.set(what.id, what);
      this.firstPlace.set(what.id, place);
    }
    const at = placeKey(this, place);
    const here = this.sightedAt.get(at);
    if (!here) this.sightedAt.set(at, [what.id]);
    else if (!here.includes(what.id)) here.push(what.id);
  }
}
