// Stateful search: every state that any schedule can reach, each once, breadth first.
//
// Breadth first, because then the first path to anything is a shortest one. Nothing is left out: two states are one only if
// memory is equal and each thread is in an equal local state (local_state.ts). Departures from a textbook's search:
// threads are observation trees, so no thread runs while the search does; memory contents are numbered apart from states.

import {enabled, holds_what_it_releases, perform, type Transition} from "../sim/index.ts";
import {ObservationTree, type Edge, type Event, type Node} from "./observation_tree.ts";
import type {Ending, Failure, Monitor, Program} from "./program.ts";
import {MemoryTable, mix, RowTable} from "./state_table.ts";

export type Budget = {
  readonly maxStates: number;
  readonly maxSeconds: number;
  /** Steps of one thread in one run. */
  readonly maxSteps: number;
  /** Called now and then; answers false to stop. */
  readonly onProgress?: (progress: Progress) => boolean;
};

export type Progress = {readonly states: number; readonly transitions: number; readonly seconds: number};

/** Something went wrong when `thread` made its step in `state`; or in the state itself, if `thread` is -1. */
export type Sighting = {
  readonly id: string;
  readonly invariant: string;
  readonly message: string;
  readonly function: string;
  /** Where it was seen: state and thread. The first one is on a shortest path. */
  readonly places: {readonly state: number; readonly thread: number}[];
};

export type Explored = {
  readonly complete: boolean;
  readonly sightings: readonly Sighting[];
  readonly outcomes: ReadonlySet<string>;
  readonly states: number;
  readonly transitions: number;
  readonly asks: number;
  readonly bytes: number;
  readonly graph: Graph;
};

/** The states that were reached and how. */
export type Graph = {
  readonly threads: number;
  /** `successors[state * threads + thread]`: the state after that thread's step; see below for what is no state. */
  readonly successors: Int32Array;
  /** The state and the thread through which a state was reached first. */
  readonly parent: Int32Array;
  readonly by: Int8Array;
};

/** The thread has finished, or it waits, or the run ends with its step. */
export const FINISHED = -1;
export const BLOCKED = -2;
export const ENDS = -3;

export function search(program: Program, budget: Budget): Explored {
  return new Search(program, budget).run();
}

class Search {
  private readonly program: Program;
  private readonly budget: Budget;
  private readonly trees: ObservationTree[];
  private readonly halves: Int32Array;
  private readonly memories: MemoryTable;
  private readonly states: RowTable;
  private readonly row: Int32Array;
  private readonly ghosts: readonly number[];

  private parent = new Int32Array(1 << 10);
  private by = new Int8Array(1 << 10);
  private successors = new Int32Array(1 << 11);
  private transitions = 0;
  private readonly sightings = new Map<string, Sighting>();
  private readonly outcomes = new Set<string>();
  private readonly started = performance.now();

  constructor(program: Program, budget: Budget) {
    const {machine, monitors, interrupts} = program;
    const {memory} = machine;
    this.program = program;
    this.budget = budget;
    this.ghosts = monitors.flatMap((monitor) => monitor.ghosts.map((c) => memory.half(c.address)));
    const options = {monitors, interrupts, keepResults: true, maxDepth: budget.maxSteps};
    this.trees = program.threads.map((thread, i) => new ObservationTree(thread, i, memory, options));
    this.halves = memory.halves;
    this.memories = new MemoryTable(this.halves);
    this.ghosts.forEach((half) => this.memories.track(half));
    this.row = new Int32Array(1 + this.trees.length);
    this.states = new RowTable(this.row.length);
  }

  run(): Explored {
    const stopped = this.start() && this.loop();
    return {
      complete: !stopped,
      sightings: [...this.sightings.values()],
      outcomes: this.outcomes,
      states: this.states.count,
      transitions: this.transitions,
      asks: this.trees.reduce((sum, tree) => sum + tree.asks, 0),
      bytes: this.states.bytes + this.memories.bytes + this.parent.byteLength * 2 + this.successors.byteLength,
      graph: {
        threads: this.trees.length,
        successors: this.successors,
        parent: this.parent,
        by: this.by,
      },
    };
  }

  /** Enters the first state. False if the run ends there: a thread's first act is a BUG. */
  private start(): boolean {
    this.trees.forEach((tree, thread) => {
      this.row[1 + thread] = tree.root.id;
      for (const event of tree.rootEvents) this.hear(event, 0, thread);
    });
    this.add(-1, -1);
    const dead = this.trees.findIndex((tree) => tree.root.kind === "bug");
    if (dead >= 0) this.fail(this.trees[dead].root.failure!, 0, dead);
    return dead < 0;
  }

  /** True if it was stopped before all was seen. */
  private loop(): boolean {
    for (let state = 0; state < this.states.count; state++) {
      if (state % 1024 === 0 && this.overBudget()) return true;
      this.expand(state);
    }
    return false;
  }

  private overBudget(): boolean {
    const {maxStates, maxSeconds, onProgress} = this.budget;
    const seconds = (performance.now() - this.started) / 1000;
    const progress = {states: this.states.count, transitions: this.transitions, seconds};
    if (onProgress && !onProgress(progress)) return true;
    return this.states.count > maxStates || seconds > maxSeconds;
  }

  /** Makes every step that is possible in `state`. */
  private expand(state: number): void {
    const {trees, states, memories} = this;
    memories.load(states.rows[state * states.width]);
    let possible = 0;
    let finished = 0;
    for (let thread = 0; thread < trees.length; thread++) {
      const node = trees[thread].nodes[states.rows[state * states.width + 1 + thread]];
      const at = state * trees.length + thread;
      if (node.kind === "finished") {
        finished++;
        this.successors[at] = FINISHED;
      } else if (enabled(node.transition!, this.halves)) {
        possible++;
        this.successors[at] = this.step(state, thread, node);
      } else {
        this.successors[at] = BLOCKED;
      }
    }
    if (finished === trees.length) this.end(state);
    else if (possible === 0) this.deadlock(state);
  }

  /** Makes one step, answers the state it leads to, and takes it back. */
  private step(state: number, thread: number, node: Node): number {
    this.transitions++;
    const transition = node.transition!;
    if (!holds_what_it_releases(transition, this.halves)) return this.badUnlock(state, thread, node);
    const saved = this.save(transition, node);

    for (const monitor of node.watchers) {
      if (node.operation!.act === "interrupts") continue;
      monitor.before(node.operation!, thread, this.program.machine.memory);
    }
    const observed = perform(transition, this.halves);
    const edge = this.trees[thread].edge(node, observed);
    for (const event of edge.events) this.hear(event, state, thread);
    const next = this.successor(state, thread, edge, saved);

    this.restore(saved);
    return next;
  }

  private successor(state: number, thread: number, edge: Edge, saved: Saved): number {
    const {node} = edge;
    if (node.kind === "bug") {
      this.fail(node.failure!, state, thread);
      this.report(state, thread, node.failure);
      return ENDS;
    }
    const {states, row} = this;
    const start = state * states.width;
    for (let i = 0; i < row.length; i++) row[i] = states.rows[start + i];
    row[1 + thread] = node.id;
    const hash = this.hashAfter(saved);
    if (hash !== null) row[0] = this.memories.intern(hash);
    return this.add(state, thread);
  }

  /** The number of the state in `row`, entered if it is new. */
  private add(parent: number, by: number): number {
    const known = this.states.count;
    let hash = 0;
    for (let i = 0; i < this.row.length; i++) hash = (hash + mix(i, this.row[i])) | 0;
    const id = this.states.intern(this.row, hash);
    if (id === known) {
      this.makeRoom(id);
      this.parent[id] = parent;
      this.by[id] = by;
    }
    return id;
  }

  private makeRoom(id: number): void {
    if (id < this.parent.length) return;
    this.parent = grown(this.parent, new Int32Array(id * 2));
    this.by = grown(this.by, new Int8Array(id * 2));
    this.successors = grown(this.successors, new Int32Array(id * 2 * this.trees.length));
  }

  // What a step may change: the halves of its word, and the ghosts of the monitors that see it.

  private save(transition: Transition, node: Node): Saved {
    const {half, bytes} = transition;
    const changes = transition.act !== "load";
    if (changes) {
      this.memories.track(half);
      if (bytes === 8) this.memories.track(half + 1);
    }
    const halves = changes ? (bytes === 8 ? [half, half + 1] : [half]) : [];
    const all = node.watchers.length > 0 || this.ghosts.length > 0 ? [...halves, ...this.ghosts] : halves;
    return {halves: all, old: all.map((h) => this.halves[h])};
  }

  /** The hash of memory now, or null if nothing has changed. */
  private hashAfter({halves, old}: Saved): number | null {
    let hash = this.memories.hash;
    let changed = false;
    for (let i = 0; i < halves.length; i++) {
      if (this.halves[halves[i]] === old[i]) continue;
      changed = true;
      hash = this.memories.rehash(hash, halves[i], old[i]);
    }
    return changed ? hash : null;
  }

  private restore({halves, old}: Saved): void {
    for (let i = 0; i < halves.length; i++) this.halves[halves[i]] = old[i];
  }

  // What goes wrong

  private hear(event: Event, state: number, thread: number): void {
    if (event.kind === "warn") return this.fail(event.failure, state, thread);
    const {monitor, value, functions} = event;
    const message = monitor.answered(value, functions, thread, this.program.machine.memory);
    if (message !== null) this.violate(monitor, message, functions[0] ?? "", state, thread);
  }

  private violate(monitor: Monitor, message: string, where: string, state: number, thread: number): void {
    const id = `${monitor.name}: ${message} (${where})`;
    this.sight({id, invariant: monitor.name, message, function: where}, state, thread);
  }

  private fail(failure: Failure, state: number, thread: number): void {
    const {message, functions, about} = failure;
    const where = functions[0] ?? "";
    const id = `${message} in ${where}${about ? ` of ${about}` : ""}`;
    this.sight({id, invariant: "no BUG", message, function: where}, state, thread);
  }

  private badUnlock(state: number, thread: number, node: Node): number {
    const where = node.functions[0] ?? "";
    const cell = node.operation!.act === "interrupts" ? "" : ` ${node.operation!.cell.group}.${node.operation!.cell.field}`;
    const message = `${node.operation!.kind} of${cell}, which ${this.program.threads[thread].name} does not hold`;
    const id = `${message} (${where})`;
    this.sight({id, invariant: "locks are released by their holder", message, function: where}, state, thread);
    return ENDS;
  }

  private deadlock(state: number): void {
    const {trees, states, program} = this;
    const waiting: string[] = [];
    trees.forEach((tree, thread) => {
      const node = tree.nodes[states.rows[state * states.width + 1 + thread]];
      if (node.kind === "finished" || node.operation!.act === "interrupts") return;
      const {group, field} = node.operation!.cell;
      waiting.push(`${program.threads[thread].name} waits for ${group}.${field} in ${node.functions[0] ?? "its first step"}`);
    });
    const message = `no thread can run: ${waiting.join("; ")} (a missing unlock, or locks taken in two orders?)`;
    this.sight({id: message, invariant: "no deadlock", message, function: ""}, state, -1);
  }

  private end(state: number): void {
    const {memory} = this.program.machine;
    for (const invariant of this.program.invariants) {
      const message = invariant.check(memory);
      if (message === null) continue;
      const id = `${invariant.name}: ${message}`;
      this.sight({id, invariant: invariant.name, message, function: ""}, state, -1);
    }
    this.report(state, -1, null);
  }

  /** Notes the result of a run that ends here. */
  private report(state: number, thread: number, bug: Failure | null): void {
    const {trees, states, program} = this;
    const results = trees.map((tree, t) => {
      const node = tree.nodes[states.rows[state * states.width + 1 + t]];
      return t === thread || node.kind !== "finished" ? undefined : node.result;
    });
    const ending: Ending = {memory: program.machine.memory, results, bug};
    const outcome = program.outcome(ending);
    if (outcome !== null) this.outcomes.add(outcome);
  }

  private sight(what: Omit<Sighting, "places">, state: number, thread: number): void {
    const known = this.sightings.get(what.id);
    if (known) known.places.push({state, thread});
    else this.sightings.set(what.id, {...what, places: [{state, thread}]});
  }
}

type Saved = {readonly halves: readonly number[]; readonly old: readonly number[]};

function grown<A extends Int32Array | Int8Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
