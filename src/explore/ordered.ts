// A step that a thread stands before, on a machine with store buffers or without: whether it can be made, whether it writes, and
// what memory is for whoever makes it.

import {enabled, perform, StoreBuffers, writes_now, type OrderedStep} from "../sim/index.ts";
import {goesOtherwise, type Carried} from "./carried.ts";
import type {Ending, Program} from "./program.ts";

/** Before a step, and what the thread carries. */
export type Standing = OrderedStep & {readonly frame: {readonly carried: Carried}};

/** The store buffers of a program's CPUs, as words of its memory; null under sequential consistency. */
export function buffersOf({
  machine,
  interrupts,
  memoryModel = "sc",
}: Program): StoreBuffers | null {
  if (memoryModel === "sc") return null;
  const {memory} = machine;
  const flags = interrupts.map(({address}) => memory.half(address));
  return new StoreBuffers(memory, flags, memoryModel);
}

/** Can the step be made now? `step` says what it does if another thread than the first of equal ones makes it. */
export function canMake(
  buffers: StoreBuffers | null,
  thread: number,
  {transition, ordering, fence, frame}: Standing,
  halves: Int32Array,
): boolean {
  if (!buffers)
    return transition ? enabled(transition, halves) : goesOtherwise(frame.carried, halves);
  const wants = (): boolean => transition !== null || goesOtherwise(frame.carried, halves);
  return (
    buffers.allows(thread, {transition, ordering, fence}) && asSeenBy(buffers, thread, wants)
  );
}

/** Makes a step that can be made; answers what the thread observes. */
export function makeStep(
  buffers: StoreBuffers | null,
  thread: number,
  {transition, ordering, fence}: OrderedStep,
  halves: Int32Array,
): number {
  if (buffers) return buffers.perform(thread, {transition, ordering, fence});
  return transition ? perform(transition, halves) : 0;
}

/** Does the step wait for nothing but that what its CPU has stored gets to memory? */
export function waitsForBuffer(
  buffers: StoreBuffers | null,
  thread: number,
  step: Standing,
  halves: Int32Array,
): boolean {
  if (!buffers || buffers.isEmpty(thread)) return false;
  return asSeenBy(buffers, thread, () => canMake(null, thread, step, halves));
}

/** Would it write if it were made now? */
export function wouldWrite(
  buffers: StoreBuffers | null,
  thread: number,
  {transition}: Pick<Standing, "transition">,
  halves: Int32Array,
): boolean {
  return asSeenBy(buffers, thread, () => writes_now(transition!, halves));
}

/** Memory is, for as long as `look` takes, what the CPU of this thread sees. */
export function asSeenBy<T>(buffers: StoreBuffers | null, thread: number, look: () => T): T {
  if (!buffers || buffers.isEmpty(thread)) return look();
  buffers.overlay(thread);
  const answer = look();
  buffers.restore();
  return answer;
}

/** What comes out of a run. Whoever has hit a BUG dumps what its CPU sees. */
export function outcomeOf(
  program: Program,
  buffers: StoreBuffers | null,
  ending: Ending,
): string | null {
  const say = (): string | null => program.outcome(ending);
  return ending.bug ? asSeenBy(buffers, ending.bug.thread, say) : say();
}
