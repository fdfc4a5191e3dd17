// What a step does, by the node that its thread is at and the content of memory that it is made in: the node and the content
// after it. Contents of memory are few, a few hundred where there are a million states, so a step is performed once and
// looked up ever after.

import {
  compile,
  halves_touched,
  Journal,
  only_reads,
  type Memory,
  type StoreBuffers,
  type Transition,
} from "../sim/index.ts";
import {isBadUnlock} from "./carried.ts";
import {failed, named, unlockedByAnother, type Named} from "./findings.ts";
import {drainOf, nthStoreOf, threadOf} from "./movers.ts";
import type {Edge, Event, Node, ObservationTree} from "./observation_tree.ts";
import {asSeenBy, canMake, makeStep} from "./ordered.ts";
import type {Failure, Program} from "./program.ts";
import {isOpen, pass, type Gates} from "./gates.ts";
import {MemoryTable, PairTable} from "./state_table.ts";

/** The step cannot be made in this content of memory. */
export const CANNOT = -1;

/** In place of the node after a step: the run ends with it; the step is made in another part of the search. */
export const NO_NODE = -1;
export const NODE_ELSEWHERE = -2;

/** What there is to tell of a step, whatever the other threads were doing. */
export type News = {
  readonly sighted: readonly Named[];
  /** What a thread that has finished prints. */
  readonly printed: readonly string[];
  /** The run ends here, at this BUG if it is one. */
  readonly end: {readonly bug: Failure | null} | null;
};

export class Moves {
  /** By the number of the move. */
  memoryAfter = new Int32Array(1 << 10);
  nodeAfter = new Int32Array(1 << 10);
  readonly news = new Map<number, News>();
  readonly memories: MemoryTable;

  private count = 0;
  private readonly known = new PairTable();
  /** By mover and content of memory: the content after a store has left its buffer. */
  private readonly drained = new PairTable();
  /** By content of memory: who may move. */
  private readonly movers: (readonly number[])[] = [];
  private readonly sameMovers = new Map<string, readonly number[]>();
  private readonly everybody: readonly number[];
  private readonly buffers: StoreBuffers | null;
  private readonly program: Program;
  /** Where only a part of all schedules is looked at. */
  private readonly gates: Gates | null;
  private readonly trees: readonly ObservationTree[];
  private readonly memory: Memory;
  private readonly halves: Int32Array;
  /** Halves in which monitors keep what they remember. */
  private readonly ghosts: readonly number[];
  /** What the step that is being made changes. */
  private readonly journal: Journal;

  constructor(
    program: Program,
    trees: readonly ObservationTree[],
    gates: Gates | null,
    buffers: StoreBuffers | null,
  ) {
    this.gates = gates;
    this.buffers = buffers;
    this.everybody = trees.map((_, thread) => thread);
    this.program = program;
    this.trees = trees;
    this.memory = program.machine.memory;
    this.halves = this.memory.halves;
    this.memories = new MemoryTable(this.halves);
    this.ghosts = program.monitors.flatMap(({ghosts}) =>
      ghosts.map((c) => this.memory.half(c.address)),
    );
    for (const half of this.ghosts) this.memories.track(half);
    this.journal = new Journal(this.halves);
  }

  /** The number of `node`'s step in memory `m`, or CANNOT. The node is one that has a step. */
  of(thread: number, node: Node, m: number): number {
    const key = node.number * this.trees.length + thread;
    const known = this.known.get(key, m);
    if (known !== undefined) return known;
    const move = this.make(thread, node, m);
    this.known.set(key, m, move);
    return move;
  }

  /** Who may be able to move in memory `m`: the threads, and then the stores that could leave their buffers. */
  moversIn(m: number): readonly number[] {
    return this.buffers
      ? (this.movers[m] ??= this.findMovers(m, this.buffers))
      : this.everybody;
  }

  private findMovers(m: number, buffers: StoreBuffers): readonly number[] {
    this.memories.load(m);
    const counts = this.everybody.map((cpu) => buffers.drainable(cpu));
    const key = counts.join();
    let movers = this.sameMovers.get(key);
    if (!movers) {
      const drains = counts.flatMap((count, cpu) =>
        Array.from({length: count}, (_, nth) => drainOf(cpu, nth)),
      );
      this.sameMovers.set(key, (movers = [...this.everybody, ...drains]));
    }
    return movers;
  }

  /** The content of memory after this store has left its buffer; CANNOT if there is none. */
  afterDrain(mover: number, m: number): number {
    const known = this.drained.get(mover, m);
    if (known !== undefined) return known;
    const after = this.moversIn(m).includes(mover) ? this.drain(mover, m) : CANNOT;
    this.drained.set(mover, m, after);
    return after;
  }

  private drain(mover: number, m: number): number {
    const {journal, memories} = this;
    const buffers = this.buffers!;
    const [cpu, nth] = [threadOf(mover), nthStoreOf(mover)];
    memories.load(m);
    journal.begin();
    for (const half of halves_touched(buffers.nthDrainable(cpu, nth))) this.touch(half);
    buffers.each_half(cpu, (own) => this.touch(own));
    buffers.drain(cpu, nth);
    const after = memories.intern(this.hashNow());
    journal.undo();
    return after;
  }

  get bytes(): number {
    const {memoryAfter, nodeAfter, known, memories, drained, movers} = this;
    return (
      memoryAfter.byteLength +
      nodeAfter.byteLength +
      known.bytes +
      memories.bytes +
      (this.buffers ? drained.bytes + movers.length * 8 : 0)
    );
  }

  private make(thread: number, node: Node, m: number): number {
    const {halves, memories, journal, buffers} = this;
    memories.load(m);
    const transition = this.transitionOf(node, thread);
    const {ordering, fence, frame} = node;
    if (!canMake(buffers, thread, {transition, ordering, fence, frame}, halves)) return CANNOT;
    const gate = this.gates?.of(node);
    if (gate && !isOpen(gate, halves)) return this.add(m, NODE_ELSEWHERE, null);
    if (isBadUnlock(node.frame.carried, node, halves)) {
      const {program} = this;
      const sighted = [unlockedByAnother(program, thread, node.watched!, node.functions)];
      return this.add(m, NO_NODE, {sighted, printed: [], end: null});
    }
    const sighted: Named[] = [];
    this.remember(node, thread, transition);
    if (node.watchers.length > 0) this.letMonitorsLook(node, thread, sighted);
    const observed = makeStep(buffers, thread, {transition, ordering, fence}, halves);
    if (gate) pass(gate, halves);
    const edge = this.trees[thread].edge(node, observed);
    const news = this.hear(edge, thread, sighted);
    const after = journal.changed ? memories.intern(this.hashNow()) : m;
    journal.undo();
    return this.add(after, edge.node.kind === "bug" ? NO_NODE : edge.node.id, news);
  }

  /** They see what the CPU sees that makes the step. */
  private letMonitorsLook(node: Node, thread: number, sighted: Named[]): void {
    const step = {operation: node.watched!, functions: node.functions, thread};
    const look = (): void => {
      for (const monitor of node.watchers) {
        const message = monitor.before(step, this.memory);
        if (message !== null) sighted.push(named(monitor.name, message, node.functions[0]));
      }
    };
    asSeenBy(this.buffers, thread, look);
  }

  /** Threads that share a tree have each their own interrupt flag. */
  private transitionOf({operation, transition}: Node, thread: number): Transition | null {
    if (operation?.act !== "interrupts") return transition;
    return compile(operation, this.memory, thread, this.program.interrupts);
  }

  private add(memoryAfter: number, nodeAfter: number, news: News | null): number {
    const move = this.count++;
    if (move === this.nodeAfter.length) {
      this.memoryAfter = doubled(this.memoryAfter);
      this.nodeAfter = doubled(this.nodeAfter);
    }
    this.memoryAfter[move] = memoryAfter;
    this.nodeAfter[move] = nodeAfter;
    if (news) this.news.set(move, news);
    return move;
  }

  /** A step changes the halves of its word, or the buffer, and the ghosts of the monitors. */
  private remember(node: Node, thread: number, transition: Transition | null): void {
    const {watchers} = node;
    this.journal.begin();
    if (this.buffers && (node.fence || node.ordering?.does === "store"))
      this.buffers.each_half(thread, (half) => this.touch(half));
    if (this.gates?.of(node)) this.touch(this.gates.half);
    if (transition && !only_reads(transition)) {
      this.touch(transition.half);
      if (transition.bytes === 8) this.touch(transition.half + 1);
    }
    // A thread that has answered or finished is judged as well: every step may be the last before that.
    if (watchers.length > 0 || this.ghosts.length > 0)
      this.ghosts.forEach((g) => this.touch(g));
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

  /** The content of memory `m` with these halves exchanged. */
  withExchanged(m: number, a: readonly number[], b: readonly number[]): number {
    const {halves, journal, memories} = this;
    memories.load(m);
    journal.begin();
    for (const half of [...a, ...b]) this.touch(half);
    a.forEach((half, i) => {
      const value = halves[half];
      halves[half] = halves[b[i]];
      halves[b[i]] = value;
    });
    const after = journal.changed ? memories.intern(this.hashNow()) : m;
    journal.undo();
    return after;
  }

  /** What there is to tell of the way to the next node; null if nothing. */
  hear({node, events}: Edge, thread: number, sighted: Named[] = []): News | null {
    const printed: string[] = [];
    for (const event of events) this.hearOne(event, thread, sighted, printed);
    const bug = node.kind === "bug" ? {...node.failure!, thread} : null;
    if (bug) sighted.push(failed(bug.message, bug.functions, bug.about));
    if (sighted.length === 0 && printed.length === 0) return null;
    return {sighted, printed, end: bug && {bug}};
  }

  private hearOne(event: Event, thread: number, sighted: Named[], printed: string[]): void {
    if (event.kind === "warn") {
      const {message, functions, about} = event.failure;
      sighted.push(failed(message, functions, about));
    } else if (event.kind === "answered") {
      const {monitor, value, functions} = event;
      const message = monitor.answered!(value, functions, thread, this.memory);
      if (message !== null) sighted.push(named(monitor.name, message, functions[0]));
    } else {
      const print = this.program.threads[thread].prints?.(event.result) ?? null;
      if (print !== null) printed.push(print);
      for (const monitor of this.program.monitors) {
        const message = monitor.finished?.(thread, this.memory) ?? null;
        if (message !== null) sighted.push(named(monitor.name, message));
      }
    }
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
