// The state space of a program: states as integers, and the steps between them, made when somebody asks for them.
//
// A state is a content of memory and, for each thread, the node of its observation tree. Two states are one only if memory is
// equal and each thread is in an equal local state (local_state.ts). Strategies decide which steps to ask for.

import {MOST_ENTRIES, type Memory, type StoreBuffers, type Transition} from "../sim/index.ts";
import {couldRace, DataRaces, type Racing} from "./data_races.ts";
import type {Node, ObservationTree} from "./observation_tree.ts";
import {leftLocked, named, stuck, type Named} from "./findings.ts";
import type {Gates} from "./gates.ts";
import {isThread, LETTERS, nthStoreOf, threadOf} from "./movers.ts";
import {CANNOT, Moves, NO_NODE, NODE_ELSEWHERE, type News} from "./moves.ts";
import {buffersOf, outcomeOf, waitsForBuffer} from "./ordered.ts";
import type {Ending, Failure, Program} from "./program.ts";
import {plant} from "./plant.ts";
import {mix, RowTable} from "./state_table.ts";

/**
 * In place of a successor: in this state the step is made in another part of the search (sharding.ts); it has not been made
 * yet; the thread has finished; it waits; the run ends with the step.
 */
export const ELSEWHERE = -5;
export const UNKNOWN = -4;
export const FINISHED = -3;
export const BLOCKED = -2;
export const ENDS = -1;

/** Something went wrong when `thread`, or a store buffer, made its step in `state`, or in the state itself where `thread` is -1. */
export type Place = {readonly state: number; readonly thread: number};

export function placeKey(space: Pick<Space, "movers">, {state, thread}: Place): number {
  return thread < 0 ? -1 - state : state * space.movers + thread;
}

/** A part of all schedules: the trees as they are known already, and what keeps the parts apart. */
export type Part = Pick<Space, "trees" | "gates">;

export class Space {
  readonly program: Program;
  readonly maxSteps: number;
  /** One a thread; threads that run the same code share one. */
  readonly trees: readonly ObservationTree[];
  private readonly distinctTrees: readonly ObservationTree[];
  /** Where only a part of all schedules is looked at. */
  readonly gates: Gates | null;
  readonly threads: number;
  /** The store buffers of the threads' CPUs: null under sequential consistency. */
  readonly buffers: StoreBuffers | null;
  /** No mover (movers.ts) has a number as large as this. */
  readonly movers: number;
  transitions = 0;
  readonly sightings = new Map<string, Named>();
  /** What was sighted at a step: by `state * movers + mover`, and by `-1 - state` what was sighted in the state. */
  readonly sightedAt = new Map<number, string[]>();
  /** What came out, and where it came out first. */
  readonly outcomes = new Map<string, Place>();
  readonly dataRaces: DataRaces;

  /** A thread's first act is a BUG: there is no run to explore. */
  private isOver = false;
  private readonly memory: Memory;
  private readonly moves: Moves;
  private readonly states: RowTable;
  private readonly row: Int32Array;
  private successors: Int32Array;
  /** The state through which each state was reached first, and the thread. */
  private parents = new Int32Array(1 << 10);
  private by: Int8Array | Int16Array;
  private readonly firstPlace = new Map<string, Place>();
  private readonly judged = new Set<number>();

  constructor(program: Program, maxSteps: number, part: Partial<Part> = {}) {
    this.program = program;
    this.maxSteps = maxSteps;
    this.memory = program.machine.memory;
    this.buffers = buffersOf(program);
    this.dataRaces = new DataRaces(this.buffers);
    this.gates = part.gates ?? null;
    this.trees = part.trees ?? plant(program, maxSteps, "shared");
    this.distinctTrees = [...new Set(this.trees)];
    this.threads = this.trees.length;
    this.movers = this.buffers ? LETTERS * (MOST_ENTRIES + 1) : this.threads;
    this.by = this.buffers ? new Int16Array(1 << 10) : new Int8Array(1 << 10);
    this.successors = new Int32Array(this.parents.length * this.threads).fill(UNKNOWN);
    this.moves = new Moves(program, this.trees, this.gates, this.buffers);

    this.row = new Int32Array(1 + this.threads);
    this.states = new RowTable(this.row.length);
    this.enterFirstState();
  }

  get size(): number {
    return this.states.count;
  }

  /** Bytes that the states take, and what is remembered of their steps. */
  get bytes(): number {
    const {states, moves, successors, parents, by} = this;
    return (
      states.bytes + moves.bytes + successors.byteLength + parents.byteLength + by.byteLength
    );
  }

  get asks(): number {
    return this.distinctTrees.reduce((sum, tree) => sum + tree.asks, 0);
  }

  /** Where `thread` is in `state`: the number of its node. */
  nodeId(state: number, thread: number): number {
    return this.states.rows[state * this.states.width + 1 + thread];
  }

  node(state: number, thread: number): Node {
    return this.trees[thread].nodes[this.nodeId(state, thread)];
  }

  memoryOf(state: number): number {
    return this.states.rows[state * this.states.width];
  }

  /** Can `mover` make a step in `state`? */
  isEnabled(state: number, mover: number): boolean {
    if (!isThread(mover)) return this.successor(state, mover) !== BLOCKED;
    if (mover >= this.threads) return false;
    const node = this.node(state, mover);
    if (node.kind === "finished" || node.kind === "bug" || this.isOver) return false;
    const mayWait = node.blocks || this.buffers !== null;
    return !mayWait || this.moves.of(mover, node, this.memoryOf(state)) !== CANNOT;
  }

  /** Can `thread` make a step in `state`, or could it as soon as what its CPU has stored is in memory? Then it is not waiting for anybody. */
  couldGoOn(state: number, thread: number): boolean {
    if (this.isEnabled(state, thread)) return true;
    if (!this.buffers || this.node(state, thread).operation === null) return false;
    this.load(state);
    return waitsForBuffer(this.buffers, thread, this.node(state, thread), this.memory.halves);
  }

  /** Who may be able to make a step in `state`: all threads, and the stores that could leave their buffers. */
  moversIn(state: number): readonly number[] {
    return this.moves.moversIn(this.memoryOf(state));
  }

  /** What the next step of a thread does to memory, or a store that leaves its buffer. */
  transitionOf(state: number, mover: number): Transition | null {
    if (isThread(mover)) return this.node(state, mover).transition;
    this.load(state);
    const store = this.buffers!.nthDrainable(threadOf(mover), nthStoreOf(mover));
    return {...store, act: "store", answer: "nothing", operand: 0, expected: 0};
  }

  /** Some thread may go round a loop for ever, leaving traces: a state may be reached again from itself. */
  get hasCycles(): boolean {
    return this.trees.some((tree) => tree.goesRound);
  }

  /** The threads that can make a step in `state`, and the buffers. */
  enabledThreads(state: number): number[] {
    return this.moversIn(state).filter((mover) => this.isEnabled(state, mover));
  }

  /** The state after the step of `thread`, or of a buffer, in `state`; or ENDS, BLOCKED, FINISHED. */
  successor(state: number, thread: number): number {
    if (this.isOver) return ENDS;
    if (!isThread(thread)) return this.afterDrain(state, thread);
    const at = state * this.threads + thread;
    const known = this.successors[at];
    if (known !== UNKNOWN) return known;
    const next = this.make(state, thread);
    this.successors[at] = next;
    return next;
  }

  /** Times a thread was left although it could have gone on. That a store reaches memory meanwhile interrupts nobody. */
  preemptions(schedule: readonly number[]): number {
    let state = 0;
    let count = 0;
    let last = -1;
    for (const mover of schedule) {
      if (isThread(mover)) {
        if (last >= 0 && mover !== last && this.couldGoOn(state, last)) count++;
        last = mover;
      }
      state = this.successor(state, mover);
    }
    return count;
  }

  /** Some schedule, not a shortest one, to where this was sighted first. */
  scheduleTo(id: string): number[] {
    return this.scheduleOf(this.firstPlace.get(id)!);
  }

  /** Some schedule to this place. */
  scheduleOf({state, thread}: Place): number[] {
    return [...this.pathTo(state), ...(thread < 0 ? [] : [thread])];
  }

  /** The schedule on which `state` was reached first. */
  pathTo(state: number): number[] {
    const schedule: number[] = [];
    for (let s = state; s > 0; s = this.parents[s]) schedule.push(this.by[s]);
    return schedule.reverse();
  }

  /** What a thread did that it should not have been able to: answer differently when asked twice. */
  nondeterminism(): string | null {
    this.program.renew?.();
    for (const tree of this.distinctTrees) tree.verify();
    const sentences = this.trees.map((tree) => tree.nondeterministic);
    return sentences.find((sentence) => sentence !== null) ?? null;
  }

  /** Nobody has a step to make: the end of a run, or a deadlock. */
  judgeEnd(state: number): void {
    if (this.isOver || this.judged.has(state)) return;
    this.judged.add(state);
    const waiting = this.trees.filter((_, t) => this.node(state, t).kind !== "finished");
    if (waiting.length > 0) this.stuck(state);
    else this.end(state);
  }

  private enterFirstState(): void {
    this.trees.forEach((tree, thread) => (this.row[1 + thread] = tree.root.id));
    this.add(-1, -1, 0);
    this.trees.forEach((tree, thread) => {
      const news = this.moves.hear({node: tree.root, events: tree.rootEvents}, thread);
      if (news) this.tell(news, 0, thread, this.memoryOf(0));
      if (news?.end) this.isOver = true;
    });
  }

  /** The content of memory in which two threads have exchanged these halves. */
  memoryWithExchanged(memory: number, a: readonly number[], b: readonly number[]): number {
    return this.moves.withExchanged(memory, a, b);
  }

  /** Brings memory to what it is in `state`. */
  load(state: number): void {
    this.moves.memories.load(this.memoryOf(state));
  }

  private make(state: number, thread: number): number {
    const node = this.node(state, thread);
    if (node.kind === "finished") return FINISHED;
    if (node.kind === "bug") return ENDS;
    const {moves, row, states} = this;
    const move = moves.of(thread, node, this.memoryOf(state));
    if (move === CANNOT) return BLOCKED;
    this.transitions++;
    if (moves.news.size > 0) {
      const news = moves.news.get(move);
      if (news) this.tell(news, state, thread, moves.memoryAfter[move]);
    }
    if (moves.nodeAfter[move] === NO_NODE) return ENDS;
    if (moves.nodeAfter[move] === NODE_ELSEWHERE) return ELSEWHERE;
    const {rows, width} = states;
    for (let i = 0, from = state * width; i < width; i++, from++) row[i] = rows[from];
    const memory = moves.memoryAfter[move];
    const after = moves.nodeAfter[move];
    const hash =
      states.hashes[state] -
      mix(0, row[0]) -
      mix(1 + thread, row[1 + thread]) +
      mix(0, memory) +
      mix(1 + thread, after);
    row[0] = memory;
    row[1 + thread] = after;
    return this.add(state, thread, hash | 0);
  }

  private afterDrain(state: number, mover: number): number {
    const {moves, row, states} = this;
    const memory = moves.afterDrain(mover, this.memoryOf(state));
    if (memory === CANNOT) return BLOCKED;
    this.transitions++;
    const {rows, width} = states;
    for (let i = 0, from = state * width; i < width; i++, from++) row[i] = rows[from];
    const hash = states.hashes[state] - mix(0, row[0]) + mix(0, memory);
    row[0] = memory;
    return this.add(state, mover, hash | 0);
  }

  /** The number of the state in `row`; a new one if it is. */
  private add(parent: number, by: number, hash: number): number {
    const id = this.states.intern(this.row, hash);
    if (id === this.known) this.enter(id, parent, by);
    return id;
  }

  /** States that have been entered: all of them, but for one that is just being added. */
  private known = 0;

  private enter(id: number, parent: number, by: number): void {
    this.known++;
    if (id === this.parents.length) {
      this.parents = enlarged(this.parents, new Int32Array(id * 2));
      this.by = enlarged(
        this.by,
        this.buffers ? new Int16Array(id * 2) : new Int8Array(id * 2),
      );
      const room = new Int32Array(id * 2 * this.threads).fill(UNKNOWN);
      this.successors = enlarged(this.successors, room);
    }
    this.parents[id] = parent;
    this.by[id] = by;
    this.lookForDataRaces(id, parent, by);
  }

  /**
   * Two threads stand before steps that conflict, and one of them is plain. Whoever moved last is one of the two, unless it
   * has changed memory: that can make a conditional access write.
   */
  private lookForDataRaces(state: number, parent: number, by: number): void {
    const changed = parent < 0 || this.memoryOf(state) !== this.memoryOf(parent);
    for (let t = 0; t < this.threads; t++) {
      if (!changed && t !== by) this.lookAtPair(state, by, t);
      if (changed) for (let u = 0; u < t; u++) this.lookAtPair(state, u, t);
    }
  }

  /** Are the steps that threads `a` and `b` stand before in `state` a data race? */
  lookAtPair(state: number, a: number, b: number): void {
    const first = this.node(state, a);
    const second = this.node(state, b);
    if (!couldRace(first, second)) return;
    const standing = (node: Node, thread: number) => ({
      node,
      thread: this.program.threads[thread].name,
      cpu: thread,
    });
    this.dataRaces.look(standing(first, a), standing(second, b), state, () => {
      this.load(state);
      return this.memory.halves;
    });
  }

  /** From now on this data race is something that goes wrong. */
  sightRace({id, state}: Racing): void {
    this.sight(named("no data race", id), {state, thread: -1});
  }

  // What goes wrong, and what comes out

  private tell(
    {sighted, printed, end}: News,
    state: number,
    thread: number,
    memory: number,
  ): void {
    for (const what of sighted) this.sight(what, {state, thread});
    for (const text of printed) this.noteOutcome(text, {state, thread});
    if (end) this.report(state, thread, memory, end.bug);
  }

  private stuck(state: number): void {
    const nodes = this.trees.map((_, thread) => this.node(state, thread));
    const waiting = nodes.flatMap(({operation, functions}, thread) =>
      operation ? [{thread, operation, functions}] : [],
    );
    const carried = nodes.map(({frame}) => frame.carried);
    this.sight(stuck(this.program, waiting, carried), {state, thread: -1});
  }

  private end(state: number): void {
    this.load(state);
    for (const invariant of this.program.invariants) {
      const message = invariant.check(this.memory);
      if (message !== null) this.sight(named(invariant.name, message), {state, thread: -1});
    }
    this.trees.forEach((_, thread) => {
      const {held} = this.node(state, thread).frame.carried;
      for (const lock of held) {
        this.sight(leftLocked(this.program, thread, lock), {state, thread: -1});
      }
    });
    this.report(state, -1, this.memoryOf(state), null);
  }

  /** Notes the result of a run that ends here. */
  private report(state: number, thread: number, memory: number, bug: Failure | null): void {
    this.moves.memories.load(memory);
    const results = this.trees.map((_, t) => {
      const node = this.node(state, t);
      return t === thread || node.kind !== "finished" ? undefined : node.result;
    });
    const ending: Ending = {memory: this.memory, results, bug};
    const outcome = outcomeOf(this.program, this.buffers, ending);
    if (outcome !== null) this.noteOutcome(outcome, {state, thread});
  }

  private noteOutcome(text: string, place: Place): void {
    if (!this.outcomes.has(text)) this.outcomes.set(text, place);
  }

  /** Notes that this goes wrong, and where. */
  sight(what: Named, place: Place): void {
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

function enlarged<A extends Int32Array | Int16Array | Int8Array>(array: A, room: A): A {
  room.set(array);
  return room;
}
