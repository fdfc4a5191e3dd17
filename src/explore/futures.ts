// What a thread may still do: for each node of its observation tree, all accesses that lie behind it.
//
// A step that conflicts with nothing that any other thread may still do commutes with all of it, so it may be made first and
// the other threads' steps in this state need not be tried: the step alone is a persistent set (Godefroid, "Partial-Order
// Methods for the Verification of Concurrent Systems", 1996). Histories only grow, so the graph has no cycles and no step
// is put off for ever; but for a loop whose turns leave traces, and then nothing is left out at all. The trees are not known
// before the search; stateful.ts says how that is dealt with.
//
// Where CPUs have store buffers, what may still be done also stands in the buffers of the other CPUs, and that a store leaves one is
// a step of its own. Then these commute, and nothing else is made alone:
// - A store that is only put into a buffer: nobody else can tell, and the CPU's own buffer is emptied at its other end. Two can tell
//   all the same: who interrupts this CPU, for it answers when its buffer is empty (so a store reads the word of its own interrupts),
//   and who makes a plain access to the same word, since a data race is between accesses as they are made (so a plain store is taken
//   to be made in memory, and any other to conflict with plain accesses). Nor is one alone that a monitor looks at.
// - A load, if no other CPU may still write there or has written there in its buffer. What leaves the own buffer meanwhile does not
//   change what the CPU sees: memory under the buffer's stores is the same before and after. That is why monitors, and whoever dumps
//   words, see what the CPU sees (ordered.ts).
// - A read-modify-write likewise, if no other CPU may still access that word. It can be made only if nothing that it must wait for is in
//   the own buffer, and that stays so.
// - That a store leaves its buffer, if no other CPU may still access that word or has written there in its buffer. The CPU's own
//   steps commute with it: loads see the same before and after; later stores are put in behind; what waits for the buffer to be
//   empty cannot come before. Other stores that could leave the same buffer are to other words, and can leave it before and after.
// Each store that leaves a buffer was put there by a step, so there are no more cycles than without.
//
// Accesses are sets of atoms: a half of memory, or one bit of it where some thread reads or writes single bits. Additions whose
// answer nobody hears commute with each other, and so do readers of a semaphore.

import {
  halves_touched,
  is_on_bit,
  only_reads,
  type Cell,
  type StoreBuffers,
  type Transition,
} from "../sim/index.ts";
import {isThread, nthStoreOf, threadOf} from "./movers.ts";
import type {Node, ObservationTree} from "./observation_tree.ts";
import type {Space} from "./space.ts";

type Access = {
  readonly reads: Uint32Array;
  readonly writes: Uint32Array;
  /** What is only added to. */
  readonly adds: Uint32Array;
  /** Where there are store buffers: plain accesses, and stores that are marked and only put into a buffer. */
  readonly plain: Uint32Array;
  readonly quiet: Uint32Array;
};

/** A thread that stands at one of its nodes. */
export type Standing = {readonly thread: number; readonly node: number};

/** For a node of one thread and a node of another: what is known of the first's step and the second's future. */
const COMMUTE = 1;
const CONFLICT = 2;

export class Futures {
  private readonly space: Space;
  /** The first atom of each half, and whether its bits are atoms of their own. */
  private readonly atomOf: Int32Array;
  private readonly byBits: Uint8Array;
  private readonly buffers: StoreBuffers | null;
  /** Sets of all atoms of a half, made when they are first asked for. */
  private readonly atomsOf = new Map<number, Uint32Array>();
  private readonly words: number;
  private readonly own: Access[][];
  /** The same for a step that is made first: with store buffers it may be more private than it will be. */
  private readonly first: Access[][];
  private readonly all: Access[][];
  /** By thread, other thread, node: an entry for each node of the other, made when it is first asked for. */
  private readonly known: (Uint8Array | undefined)[][][];
  /** A thread may go round for ever: nothing can be put off. */
  private readonly hasCycles: boolean;

  /** Of the trees as they are now. Nodes that they get later are taken to do nothing. */
  constructor(space: Space) {
    this.space = space;
    this.buffers = space.buffers;
    const halves = this.buffers?.begin ?? space.program.machine.memory.length;
    this.byBits = new Uint8Array(halves);
    for (const tree of space.trees) for (const node of tree.nodes) this.noteBits(node);
    this.atomOf = new Int32Array(halves);
    let atoms = 0;
    for (let half = 0; half < halves; half++) {
      this.atomOf[half] = atoms;
      atoms += this.byBits[half] ? 32 : 1;
    }
    this.words = Math.ceil(atoms / 32);
    this.own = space.trees.map((tree, t) => tree.nodes.map((node) => this.accessOf(node, t)));
    this.first = this.buffers
      ? space.trees.map((tree, t) => tree.nodes.map((node) => this.asFirst(node, t)))
      : this.own;
    this.all = space.trees.map((tree, t) => this.accumulate(tree, this.own[t]));
    this.known = space.trees.map((tree) => space.trees.map(() => new Array(tree.nodes.length)));
    this.hasCycles = space.hasCycles;
  }

  /** Does the step of `thread`, or of a store buffer, in `state` commute with whatever the others may still do? */
  commutes(state: number, thread: number): boolean {
    if (this.hasCycles) return false;
    if (!isThread(thread)) return this.drainCommutes(state, thread);
    const {space, own} = this;
    const node = space.nodeId(state, thread);
    if (node >= own[thread].length) return true;
    const others = this.known[thread];
    for (let other = 0; other < space.threads; other++) {
      if (other === thread) continue;
      const there = space.nodeId(state, other);
      const known = others[other][node]?.[there] ?? 0;
      if (known === CONFLICT) return false;
      if (known !== COMMUTE && this.clash(thread, node, other, there)) return false;
    }
    return !this.buffers || this.isNotBuffered(state, thread, this.first[thread][node]);
  }

  /** Is nothing that the step touches in the buffer of another CPU? */
  private isNotBuffered(state: number, thread: number, access: Access): boolean {
    const {space} = this;
    if (space.moversIn(state).length === space.threads) return true;
    return !this.isInOtherBuffer(state, thread, (half) => this.touches(access, half));
  }

  private drainCommutes(state: number, mover: number): boolean {
    const {space, all} = this;
    const cpu = threadOf(mover);
    space.load(state);
    const store = this.buffers!.nthDrainable(cpu, nthStoreOf(mover));
    const halves = halves_touched(store);
    for (let other = 0; other < space.threads; other++) {
      const there = space.nodeId(state, other);
      if (other === cpu || there >= all[other].length) continue;
      if (halves.some((half) => this.touches(all[other][there], half))) return false;
    }
    return !this.isInOtherBuffer(state, cpu, (half) => halves.includes(half));
  }

  private isInOtherBuffer(
    state: number,
    cpu: number,
    isMeant: (half: number) => boolean,
  ): boolean {
    const {space} = this;
    space.load(state);
    let found = false;
    for (let other = 0; other < space.threads; other++) {
      if (other === cpu) continue;
      this.buffers!.each(other, (store) => (found ||= halves_touched(store).some(isMeant)));
    }
    return found;
  }

  private touches({reads, writes, adds}: Access, half: number): boolean {
    let atoms = this.atomsOf.get(half);
    if (!atoms) {
      this.atomsOf.set(half, (atoms = new Uint32Array(this.words)));
      this.addHalf(atoms, half);
    }
    return atoms.some((some, i) => (some & (reads[i] | writes[i] | adds[i])) !== 0);
  }

  /** Do the steps at these nodes of two threads conflict? */
  conflicting(a: Standing, b: Standing): boolean {
    return conflict(this.own[a.thread][a.node], this.own[b.thread][b.node]);
  }

  private clash(thread: number, node: number, other: number, there: number): boolean {
    const future = this.all[other];
    if (there >= future.length) return false;
    const known = (this.known[thread][other][node] ??= new Uint8Array(future.length));
    const step = this.first[thread][node];
    known[there] = conflict(step, future[there]) ? CONFLICT : COMMUTE;
    return known[there] === CONFLICT;
  }

  private noteBits({transition}: Node): void {
    if (transition && is_on_bit(transition)) this.byBits[transition.half] = 1;
  }

  private accessOf(node: Node, thread: number): Access {
    const access = this.nothing();
    const {operation, transition, turn, watched} = node;
    for (const {step} of turn?.seen ?? []) {
      for (const half of halves_touched(step)) this.addHalf(access.reads, half);
    }
    if (!transition) return access;
    if (operation?.act === "interrupts") {
      this.addCell(access.writes, this.space.program.interrupts[thread]);
      return access;
    }
    if (this.buffers) this.addForBuffers(access, node, thread);
    if (is_on_bit(transition)) {
      const atom = this.atomOf[transition.half] + transition.shift;
      add(access.reads, atom);
      if (!only_reads(transition)) add(access.writes, atom);
    } else {
      this.addHalves(access, transition);
    }
    for (const monitor of node.watchers) {
      for (const cell of monitor.looksAt(watched!, node.functions))
        this.addCell(access.reads, cell);
    }
    // A dump is part of the story: it is made in the step that hits the BUG.
    for (const {node: next} of node.edges.values()) {
      for (const cell of next.failure?.dump ?? []) this.addCell(access.reads, cell);
    }
    return access;
  }

  private nothing(): Access {
    const none = () => new Uint32Array(this.words);
    const noneWith = () => (this.buffers ? none() : NO_ATOMS);
    return {
      reads: none(),
      writes: none(),
      adds: none(),
      plain: noneWith(),
      quiet: noneWith(),
    };
  }

  private addForBuffers(access: Access, {watched, ordering, transition}: Node, thread: number) {
    if (ordering?.does === "store")
      this.addCell(access.reads, this.space.program.interrupts[thread]);
    if (watched?.plain)
      for (const half of halves_touched(transition!)) this.addHalf(access.plain, half);
  }

  /** What the step at `node` does if it is made before all others. */
  private asFirst(node: Node, thread: number): Access {
    const {ordering, watched, watchers, transition} = node;
    const isQuiet = ordering?.does === "store" && watchers.length === 0 && !watched!.plain;
    if (!isQuiet) return this.own[thread][node.id];
    const access = this.nothing();
    this.addCell(access.reads, this.space.program.interrupts[thread]);
    for (const half of halves_touched(transition!)) this.addHalf(access.quiet, half);
    return access;
  }

  private addHalves(access: Access, transition: Transition): void {
    for (const half of halves_touched(transition)) {
      if (onlyAdds(transition)) {
        this.addHalf(access.adds, half);
        continue;
      }
      if (transition.act !== "store") this.addHalf(access.reads, half);
      if (!only_reads(transition)) this.addHalf(access.writes, half);
    }
  }

  private addHalf(set: Uint32Array, half: number): void {
    const atoms = this.byBits[half] ? 32 : 1;
    for (let i = 0; i < atoms; i++) add(set, this.atomOf[half] + i);
  }

  private addCell(set: Uint32Array, cell: Cell): void {
    const {memory} = this.space.program.machine;
    for (const half of memory.halves_of(cell)) this.addHalf(set, half);
  }

  /** Each node's accesses and those of all nodes behind it. */
  private accumulate(tree: ObservationTree, own: Access[]): Access[] {
    const all = own.map(({reads, writes, adds, plain, quiet}) => ({
      reads: reads.slice(),
      writes: writes.slice(),
      adds: adds.slice(),
      plain: plain.slice(),
      quiet,
    }));
    const order = postOrder(tree);
    // A waiting loop leads back: then what lies behind is not all known the first time.
    for (let grown = true; grown;) {
      grown = false;
      for (const node of order) {
        for (const {node: next} of node.edges.values()) {
          if (unite(all[node.id], all[next.id]) && next.id <= node.id) grown = true;
        }
      }
    }
    return all;
  }
}

/** Every node after all that lie behind it. */
function postOrder(tree: ObservationTree): Node[] {
  const order: Node[] = [];
  const seen = new Uint8Array(tree.nodes.length);
  const stack: {node: Node; next: Iterator<{node: Node}>}[] = [];
  const push = (node: Node): void => {
    seen[node.id] = 1;
    stack.push({node, next: node.edges.values()});
  };
  push(tree.root);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const {done, value} = top.next.next();
    if (done) {
      order.push(top.node);
      stack.pop();
    } else if (!seen[value.node.id]) {
      push(value.node);
    }
  }
  return order;
}

/** Under sequential consistency. */
const NO_ATOMS = new Uint32Array(0);

function add(set: Uint32Array, atom: number): void {
  set[atom >>> 5] |= 1 << (atom & 31);
}

/** Adds `from` to `into`; true if that made it larger. */
function unite(into: Access, from: Access): boolean {
  const reads = uniteSets(into.reads, from.reads);
  const writes = uniteSets(into.writes, from.writes);
  const adds = uniteSets(into.adds, from.adds);
  const plain = uniteSets(into.plain, from.plain);
  return reads || writes || adds || plain;
}

function uniteSets(into: Uint32Array, from: Uint32Array): boolean {
  let grown = false;
  for (let i = 0; i < into.length; i++) {
    if ((from[i] & ~into[i]) !== 0) grown = true;
    into[i] |= from[i];
  }
  return grown;
}

function onlyAdds({act, answer, bytes}: Transition): boolean {
  if (act === "lock_read" || act === "unlock_read") return true;
  return act === "add" && answer === "nothing" && bytes !== 1;
}

function conflict(a: Access, b: Access): boolean {
  for (let i = 0; i < a.reads.length; i++) {
    const read = a.reads[i] | b.reads[i];
    const written = a.writes[i] | b.writes[i];
    const added = a.adds[i] | b.adds[i];
    // In both, and changed by one of them; not only added to by both.
    const both =
      (a.reads[i] | a.writes[i] | a.adds[i]) & (b.reads[i] | b.writes[i] | b.adds[i]);
    if (both & (written | (added & read))) return true;
  }
  return a.quiet.some((atoms, i) => (atoms & b.plain[i]) !== 0);
}
