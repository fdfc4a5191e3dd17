// Who may go next: at every step of a run each CPU stands before a step of its own. Some can make it, some have to wait for
// a lock, some are done. And on a machine with store buffers a store that waits may reach memory. Choosing is running the schedule up
// to here, and one step more.

import {drainableAt} from "../src/explore/buffered_steps.ts";
import {threadOf} from "../src/explore/movers.ts";
import {formatSchedule, parseSchedule} from "../src/explore/schedule.ts";
import type {Step, Trace, Wait} from "../src/explore/trace.ts";
import {cpuName} from "./timeline-words.ts";

export type Choice = {
  readonly thread: number;
  /** Who makes the step, in a schedule: the thread, or the buffer of its CPU (movers.ts). */
  readonly mover: number;
  /** The step it stands before, `spin_lock(mm0.ptl)`, empty where it has none; of a buffer what is written, `page[1].flags = locked`. */
  readonly does: string;
  /** Why it cannot go, or null: `waits for mm0.ptl, held by CPU 1`. */
  readonly why: string | null;
  /** The step of this trace that it is, or -1 where the trace goes on otherwise. */
  readonly isStep: number;
};

/** A choice for each CPU once step `at` has been made; -1 is before the first. */
export function choices(trace: Trace, at: number): Choice[] {
  const following = followingStep(trace, at);
  return trace.threads.map((_, thread) => ({
    thread,
    mover: thread,
    does: pendingStep(trace, at, thread),
    why: whyNot(trace, at, thread),
    isStep: following >= 0 && isStepOf(trace.steps[following], thread) ? following : -1,
  }));
}

/** And a choice for each store that could reach memory then. */
export function drainChoices(trace: Trace, at: number): Choice[] {
  if (hasBroken(trace, at)) return [];
  const following = followingStep(trace, at);
  return drainableAt(trace, at).map(({step, mover}) => ({
    thread: threadOf(mover),
    mover,
    does: trace.steps[step].buffered!.store,
    why: null,
    isStep: trace.steps[following]?.drains === step ? following : -1,
  }));
}

function followingStep({steps}: Trace, at: number): number {
  return steps.findIndex(({shared}, i) => i > at && shared);
}

/** Made by the thread itself, and not by the buffer of its CPU. */
function isStepOf({shared, thread, drains}: Step, of: number): boolean {
  return shared && thread === of && drains === undefined;
}

/** A BUG has ended the run for all. */
function hasBroken({steps, ended, finished}: Trace, at: number): boolean {
  return at >= steps.length - 1 && ended && !finished;
}

function pendingStep(trace: Trace, at: number, thread: number): string {
  const later = trace.steps.find((step, i) => i > at && isStepOf(step, thread));
  if (!later) return trace.next[thread]?.text ?? "";
  const word = trace.words[later.word]?.name;
  return word === undefined ? later.kind : `${later.kind}(${word})`;
}

function whyNot(trace: Trace, at: number, thread: number): string | null {
  if (hasBroken(trace, at)) return "the run has ended";
  if (pendingStep(trace, at, thread) === "") return "has finished";
  const wait = waitAt(trace, at, thread);
  return wait && sayWait(wait);
}

export function waitAt({waits}: Trace, at: number, thread: number): Wait | null {
  const covers = (wait: Wait): boolean =>
    wait.thread === thread && wait.from <= at && at < wait.to;
  return waits.find(covers) ?? null;
}

export function sayWait({what, loops, holders}: Wait): string {
  const names = what.join(" or ");
  if (loops) return `goes round until ${names} changes`;
  const by = holders.map(cpuName).join(" and ");
  return `waits for ${names}${by ? `, held by ${by}` : ""}`;
}

/** The schedule of a trace up to step `at`, and then a step of `mover`. */
export function branchOff(trace: Trace, at: number, mover: number): string {
  const made = trace.steps.slice(0, at + 1).filter(({shared}) => shared).length;
  const schedule = parseSchedule(trace.schedule)!;
  return formatSchedule({...schedule, threads: [...schedule.threads.slice(0, made), mover]});
}

/** In which order CPUs go on behind step `at`: as they come up in the trace from there, then those that do not. */
export function orderBehind(trace: Trace, at: number): number[] {
  const later = trace.steps.slice(at + 1).map(({thread}) => thread);
  return [...new Set([...later, ...trace.threads.keys()])];
}
