// What a step does, by the node that its thread is at and the content of memory that it is made in: the node and the content
// after it. Contents of memory are few, a few hundred where there are a million states, so a step is performed once and
// looked up ever after.

import {
  compile,
  enabled,
  Journal,
  only_reads,
  perform,
  type Memory,
  type Transition,
} from "../sim/index.ts";
import {goesOtherwise, isBadUnlock} from "./carried.ts";
import {failed, named, unlockedByAnother, type Named} from "./findings.ts";
import type {Edge, Event, Node, ObservationTree} from "./observation_tree.ts";
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

  constructor(program: Program, trees: readonly ObservationTree[], gates: Gates | null) {
    this.gates = gates;
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

  get bytes(): number {
    const {memoryAfter, nodeAfter, known, memories} = this;
    return memoryAfter.byteLength + nodeAfter.byteLength + known.bytes + memories.bytes;
  }

  private make(thread: number, node: Node, m: number): number {
    const {halves, memories, journal} = this;
    memories.load(m);
    if (!canGoOn(node, halves)) return CANNOT;
    const gate = this.gates?.of(node);
    if (gate && !isOpen(gate, halves)) return this.add(m, NODE_ELSEWHERE, null);
    if (isBadUnlock(node.frame.carried, node, halves)) {
      const {program} = this;
      const sighted = [unlockedByAnother(program, thread, node.watched!, node.functions)];
      return this.add(m, NO_NODE, {sighted, printed: [], end: null});
    }
    const sighted: Named[] = [];
    const transition = this.transitionOf(node, thread);
    this.remember(node, transition);
    for (const monitor of node.watchers) {
      const step = {operation: node.watched!, functions: node.functions, thread};
      const message = monitor.before(step, this.memory);
      if (message !== null) sighted.push(named(monitor.name, message, node.functions[0]));
    }
    const observed = transition ? perform(transition, halves) : 0;
    if (gate) pass(gate, halves);
    const edge = this.trees[thread].edge(node, observed);
    const news = this.hear(edge, thread, sighted);
    const after = journal.changed ? memories.intern(this.hashNow()) : m;
    journal.undo();
    return this.add(after, edge.node.kind === "bug" ? NO_NODE : edge.node.id, news);
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

  /** A step changes the halves of its word and the ghosts of the monitors. */
  private remember(node: Node, transition: Transition | null): void {
    const {watchers} = node;
    this.journal.begin();
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

/** Is the node's step one that can be made now? */
export function canGoOn({kind, transition, frame}: Node, halves: Int32Array): boolean {
  return kind === "await" ? goesOtherwise(frame.carried, halves) : enabled(transition!, halves);
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
