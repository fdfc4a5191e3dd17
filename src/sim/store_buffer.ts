// Store buffers: what a CPU has stored waits here until it is in memory, and until then only that CPU sees it.
//
// Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, "x86-TSO: A Rigorous and Usable Programmer's Model for x86 Multiprocessors", CACM
// 2010: one queue a CPU, first in, first out. Under pso (after SPARC's Partial Store Order) a store may leave before an earlier one to
// another word. Everybody sees a store at the same time, in memory. Leaves out: loads that are made early, speculation, and
// machines on which some CPUs see a store before others.
//
// A buffer is memory that no thread can address, so it is a part of the state as any other word. What orders what is in ordering.ts.

import {high_half, type Memory} from "./memory.ts";
import type {MemoryModel} from "./memory_model.ts";
import {FULL_FENCE, NO_FENCE, STORE_FENCE, type Fence, type Ordering} from "./ordering.ts";
import {enabled, perform, succeeds, type Transition} from "./perform.ts";

/** A step of a CPU, and the barriers that stand directly before it. */
export type OrderedStep = {
  /** Null where the thread only waits for a change. */
  readonly transition: Transition | null;
  readonly ordering: Ordering | null;
  readonly fence: Fence;
};

/** A store that is in a buffer: the halves that it will write. */
export type Buffered = Pick<Transition, "half" | "bytes" | "shift">;

// An entry is four halves: the half that it writes, counted from 1 (0: no entry), or that it is the mark of an smp_wmb(); its
// bytes, their position and whether it is a release; and the value.
const ENTRY = 4;
const MARK = -1;
const SHIFT_AT = 4;
const RELEASE = 1 << 10;

/** About as many as a real CPU has. A store that finds no room waits for some, and then it is said that not everything was looked at. */
export const MOST_ENTRIES = 64;

export class StoreBuffers {
  readonly model: MemoryModel;
  /** A store had to wait for room: not everything that could be was looked at. */
  hasWaitedForRoom = false;
  /** The first half of all that is in buffers: what threads share lies before it. */
  readonly begin: number;
  private readonly memory: Memory;
  /** By CPU: the first half of its buffer, and the word of its interrupts. */
  private readonly first: readonly number[];
  private readonly flags: readonly number[];
  /** What overlay() has put aside. */
  private readonly aside: number[] = [];

  /** `flags` are the halves of the interrupt flags, one a CPU. */
  constructor(memory: Memory, flags: readonly number[], model: MemoryModel) {
    this.memory = memory;
    this.model = model;
    this.flags = flags;
    this.begin = memory.length;
    this.first = flags.map(() => memory.reserve(MOST_ENTRIES * ENTRY));
  }

  isEmpty(cpu: number): boolean {
    return this.memory.halves[this.first[cpu]] === 0;
  }

  get areEmpty(): boolean {
    return this.first.every((_, cpu) => this.isEmpty(cpu));
  }

  // What a CPU sees

  /** Brings memory to what `cpu` sees of it, until restore(). */
  overlay(cpu: number): void {
    const {halves} = this.memory;
    for (let at = this.first[cpu]; this.holds(cpu, at); at += ENTRY) {
      const half = halves[at] - 1;
      if (half < 0) continue;
      this.aside.push(half, halves[half], halves[half + 1]);
      this.write(at);
    }
  }

  restore(): void {
    const {aside, memory} = this;
    while (aside.length > 0) {
      const high = aside.pop()!;
      const low = aside.pop()!;
      const half = aside.pop()!;
      memory.halves[half] = low;
      memory.halves[half + 1] = high;
    }
  }

  // Steps

  /** Can `cpu` make this step now? Of one that only waits for a change whoever asks knows more. */
  allows(cpu: number, step: OrderedStep): boolean {
    const {transition, ordering, fence} = step;
    if (!this.isEmpty(cpu) && !this.lets(cpu, step)) return false;
    if (!transition) return true;
    switch (ordering!.does) {
      case "read":
        return this.canRead(cpu, transition);
      case "store":
        return this.hasRoom(cpu, fence);
      case "interrupt":
        return this.isAnswered(transition);
      default:
        return enabled(transition, this.memory.halves);
    }
  }

  private canRead(cpu: number, t: Transition): boolean {
    this.overlay(cpu);
    const can = enabled(t, this.memory.halves);
    this.restore();
    return can;
  }

  /** Does what is in the buffer let this step be made? */
  private lets(cpu: number, {transition: t, ordering, fence}: OrderedStep): boolean {
    const {halves} = this.memory;
    if (fence === FULL_FENCE) return false;
    if (fence === STORE_FENCE && !this.hasRoom(cpu, fence)) return false;
    if (!t) return true;
    switch (ordering!.does) {
      case "read":
      case "store":
        return true;
      case "interrupt":
        return false;
      case "switch interrupts":
        // Whoever has interrupted this CPU is answered now, and that is a release.
        return !(t.operand === 0 && halves[t.half] > 1);
      case "conditional":
        return this.fails(cpu, t) || this.mayUpdate(cpu, t, ordering!, fence);
      case "update":
        return this.mayUpdate(cpu, t, ordering!, fence);
    }
  }

  /** Of a read-modify-write: is everything in memory that has to be there before? */
  private mayUpdate(cpu: number, t: Transition, {strength}: Ordering, fence: Fence): boolean {
    // A read-modify-write of x86 is locked, whatever the kernel calls it; and in a queue nothing passes.
    if (this.model === "tso" || strength !== "relaxed" || fence !== NO_FENCE) return false;
    for (let at = this.first[cpu]; this.holds(cpu, at); at += ENTRY) {
      if (this.isMark(at) || this.touches(at, t)) return false;
    }
    return true;
  }

  /** Is it a conditional operation whose condition does not hold, as `cpu` sees memory? */
  private fails(cpu: number, t: Transition): boolean {
    this.overlay(cpu);
    const fails = !succeeds(t, this.memory.halves);
    this.restore();
    return fails;
  }

  /**
   * Who is interrupted with interrupts on answers at once. Answering is a release, so it is put off until the buffer of that CPU is
   * empty; one that has interrupts off answers later, when it has them on.
   */
  private isAnswered({half}: Transition): boolean {
    const cpu = this.flags.indexOf(half);
    return cpu < 0 || this.memory.halves[half] !== 0 || this.isEmpty(cpu);
  }

  /** Makes a step that is allowed; answers what the CPU observes. */
  perform(cpu: number, {transition: t, ordering, fence}: OrderedStep): number {
    if (this.isEmpty(cpu)) {
      if (ordering?.does === "store") return this.append(cpu, t!, ordering);
      return t ? perform(t, this.memory.halves) : 0;
    }
    if (fence === STORE_FENCE) this.mark(cpu);
    if (!t) return 0;
    if (ordering!.does === "store") return this.append(cpu, t, ordering!);
    const reads = ordering!.does === "read";
    const isLoad = reads || (ordering!.does === "conditional" && this.fails(cpu, t));
    return isLoad ? this.load(cpu, t) : perform(t, this.memory.halves);
  }

  private load(cpu: number, t: Transition): number {
    this.overlay(cpu);
    const observed = perform(t, this.memory.halves);
    this.restore();
    return observed;
  }

  /** Visits the halves of the buffer that a step of `cpu`, or of the buffer itself, may change. */
  each_half(cpu: number, visit: (half: number) => void): void {
    const start = this.first[cpu];
    const end = Math.min(start + (this.length(cpu) + 2) * ENTRY, this.end(cpu));
    for (let half = start; half < end; half++) visit(half);
  }

  // What is in a buffer, and how it gets out

  /** Visits what is in the buffer, the oldest first. */
  each(cpu: number, visit: (store: Buffered) => void): void {
    for (let at = this.first[cpu]; this.holds(cpu, at); at += ENTRY)
      if (!this.isMark(at)) visit(this.entry(at));
  }

  /** How many of the stores in the buffer could reach memory next. */
  drainable(cpu: number): number {
    return this.ready(cpu).length;
  }

  /** The `nth` of them, from 0. */
  nthDrainable(cpu: number, nth: number): Buffered {
    return this.entry(this.ready(cpu)[nth]);
  }

  /** The `nth` of them reaches memory. */
  drain(cpu: number, nth: number): void {
    const at = this.ready(cpu)[nth];
    this.write(at);
    this.remove(cpu, at);
    while (this.holds(cpu, this.first[cpu]) && this.isMark(this.first[cpu]))
      this.remove(cpu, this.first[cpu]);
    this.sort(cpu);
  }

  /** Where those stand that could reach memory next. */
  private ready(cpu: number): number[] {
    const start = this.first[cpu];
    if (!this.holds(cpu, start)) return [];
    if (this.model === "tso") return [start];
    const found: number[] = [];
    for (let at = start; this.holds(cpu, at) && !this.isMark(at); at += ENTRY)
      if (this.canLeave(start, at)) found.push(at);
    return found;
  }

  /** A release leaves behind everything that was stored before, any other store behind those to the same word. */
  private canLeave(start: number, at: number): boolean {
    if (this.isRelease(at)) return at === start;
    for (let before = start; before < at; before += ENTRY)
      if (this.overlap(before, at)) return false;
    return true;
  }

  private append(cpu: number, t: Transition, {strength}: Ordering): number {
    const {halves} = this.memory;
    const at = this.first[cpu] + this.length(cpu) * ENTRY;
    const value = t.act === "unlock" ? 0 : t.operand;
    const isRelease = this.model === "pso" && strength === "release";
    halves[at] = t.half + 1;
    halves[at + 1] =
      t.bytes | ((t.bytes === 1 ? t.shift : 0) << SHIFT_AT) | (isRelease ? RELEASE : 0);
    halves[at + 2] = t.bytes === 1 ? value & 0xff : value | 0;
    halves[at + 3] = t.bytes === 8 ? high_half(value) : 0;
    this.sort(cpu);
    return 0;
  }

  /** An smp_wmb() with something in front of it: no store passes it. */
  private mark(cpu: number): void {
    const at = this.first[cpu] + this.length(cpu) * ENTRY;
    if (!this.isMark(at - ENTRY)) this.memory.halves[at] = MARK;
  }

  private hasRoom(cpu: number, fence: Fence): boolean {
    const needed = fence === STORE_FENCE ? 2 : 1;
    const hasRoom = this.length(cpu) + needed <= MOST_ENTRIES;
    if (!hasRoom) this.hasWaitedForRoom = true;
    return hasRoom;
  }

  /**
   * Stores that may pass each other stand in the order of their words, so that buffers between which nobody could tell are equal. A
   * release stays where it is among the others: it waits for those before it, and those behind it do not wait.
   */
  private sort(cpu: number): void {
    if (this.model !== "pso") return;
    let start = this.first[cpu];
    for (let at = start; this.holds(cpu, at); at += ENTRY) {
      if (this.isMark(at) || this.isRelease(at)) start = at + ENTRY;
      else this.sink(start, at);
    }
  }

  /** Brings the entry at `at` as far forward as it can get, past those of larger words with which it does not overlap. */
  private sink(start: number, at: number): void {
    const {halves} = this.memory;
    let to = at;
    for (let place = at - ENTRY; place >= start && !this.overlap(place, at); place -= ENTRY)
      if (halves[place] > halves[at]) to = place;
    const moved = halves.slice(at, at + ENTRY);
    halves.copyWithin(to + ENTRY, to, at);
    halves.set(moved, to);
  }

  private remove(cpu: number, at: number): void {
    const {halves} = this.memory;
    const end = this.first[cpu] + this.length(cpu) * ENTRY;
    halves.copyWithin(at, at + ENTRY, end);
    halves.fill(0, end - ENTRY, end);
  }

  /** Writes an entry into memory. */
  private write(at: number): void {
    const {halves} = this.memory;
    const {half, bytes, shift} = this.entry(at);
    if (bytes === 1) {
      halves[half] = (halves[half] & ~(0xff << shift)) | (halves[at + 2] << shift);
      return;
    }
    halves[half] = halves[at + 2];
    if (bytes === 8) halves[half + 1] = halves[at + 3];
  }

  private entry(at: number): Buffered {
    const {halves} = this.memory;
    const shape = halves[at + 1];
    const bytes = (shape & 0xf) as Buffered["bytes"];
    return {half: halves[at] - 1, bytes, shift: (shape >> SHIFT_AT) & 0x1f};
  }

  private length(cpu: number): number {
    let at = this.first[cpu];
    while (this.holds(cpu, at)) at += ENTRY;
    return (at - this.first[cpu]) / ENTRY;
  }

  private holds(cpu: number, at: number): boolean {
    return at < this.end(cpu) && this.memory.halves[at] !== 0;
  }

  private end(cpu: number): number {
    return this.first[cpu] + MOST_ENTRIES * ENTRY;
  }

  private isMark(at: number): boolean {
    return this.memory.halves[at] === MARK;
  }

  private isRelease(at: number): boolean {
    return (this.memory.halves[at + 1] & RELEASE) !== 0;
  }

  private overlap(a: number, b: number): boolean {
    return this.isMark(a) || this.touches(a, this.entry(b));
  }

  private touches(at: number, {half, bytes}: Pick<Transition, "half" | "bytes">): boolean {
    const own = this.entry(at);
    const last = ({half: h, bytes: b}: typeof own) => (b === 8 ? h + 1 : h);
    return own.half <= (bytes === 8 ? half + 1 : half) && half <= last(own);
  }
}
