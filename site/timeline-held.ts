// Who holds what, and from which step to which: locks, interrupts off, and pages whose _refcount is frozen.
// Read off the steps alone, by the names that the kernel gives to taking and releasing.

import {isBuffered} from "../src/explore/buffered_steps.ts";
import type {Step, Trace, Word} from "../src/explore/trace.ts";

/** Held by `thread` after step `from` and until step `to`, the one that let go; the last one if none did. */
export type Held = {
  readonly thread: number;
  readonly what: "lock" | "frozen" | "irqs";
  readonly name: string;
  /** What it belongs to: `page[0]` of a page lock; empty for interrupts. */
  readonly group: string;
  readonly from: number;
  readonly to: number;
  /** False where the trace ends before it is released. */
  readonly released: boolean;
};

type Taking = Pick<Held, "what" | "name" | "group"> & {readonly key: string};
type Event = {readonly taking: Taking; readonly taken: boolean};

const releases = /unlock|^up_(read|write)|^local_irq_(enable|restore)/;
const takes = /lock(_|$)|^down_(read|write)|^local_irq_(disable|save)/;
const lockName = /(lock|ptl|rwsem|mutex|sem)$/;

/** `lock_page` waits on a bit of the flags; `trylock_page` is a plain test_and_set_bit of it. */
function takesBit({kind, places}: Step): boolean {
  const trylock = places.some((place) => place.function === "trylock_page");
  return /_bit_lock|^(try)?lock_page/.test(kind) || (trylock && /set_bit/.test(kind));
}

function releasesBit({kind}: Step): boolean {
  return /_bit_unlock|^unlock_page/.test(kind);
}

function lockOf(word: Word, kind: string): Taking {
  const mode = /^down_(read|write)/.exec(kind)?.[1];
  const name = mode
    ? `${word.name}, for ${mode === "read" ? "reading" : "writing"}`
    : word.name;
  return {what: "lock", name, group: word.group, key: word.name};
}

/** The lock that a step takes or releases: by its kind, or by the change of a word that is named as a lock. */
function lockEvent(trace: Trace, step: Step): Event | null {
  const {kind} = step;
  // An unlock that waits in a buffer has let nobody in yet.
  if (isBuffered(step)) return null;
  const changed = step.changes.find((each) => each.word === step.word);
  if (kind.startsWith("local_irq_")) {
    const taking: Taking = {what: "irqs", name: "interrupts off", group: "", key: "irqs"};
    return {taking, taken: !releases.test(kind)};
  }

  const word = trace.words[step.word];
  if (!word) return null;
  if (takesBit(step) || releasesBit(step)) {
    const {group} = word;
    const taking: Taking = {what: "lock", name: `${group} lock`, group, key: `${group} lock`};
    if (releasesBit(step)) return {taking, taken: false};
    // A trylock that changed nothing took nothing.
    return changed ? {taking, taken: true} : null;
  }

  const taking = lockOf(word, kind);
  if (releases.test(kind)) return {taking, taken: false};
  if (takes.test(kind)) return changed ? {taking, taken: true} : null;
  return changed && lockName.test(word.name) ? {taking, taken: changed.value !== 0} : null;
}

/** `page_ref_freeze` brings a count to 0; whoever makes it another number again ends that. */
function freezeEvents(trace: Trace, step: Step): Event[] {
  const freezes = step.places.some((place) => place.function === "page_ref_freeze");
  return step.changes.flatMap(({word, value}) => {
    const {group = "", field = ""} = trace.words[word] ?? {};
    if (field !== "_refcount" || (value === 0 && !freezes)) return [];
    const taking: Taking = {
      what: "frozen",
      name: `${group} frozen`,
      group,
      key: `${group} frozen`,
    };
    return [{taking, taken: value === 0}];
  });
}

/** Everything that is held at some time of the trace, in the order in which it was taken. */
export function held(trace: Trace): Held[] {
  const found: (Held & {readonly key: string})[] = [];
  const last = trace.steps.length - 1;

  for (const [i, step] of trace.steps.entries()) {
    const {thread} = step;
    const lock = lockEvent(trace, step);
    const events = [...(lock ? [lock] : []), ...freezeEvents(trace, step)];
    for (const {taking, taken} of events) {
      if (taken) {
        found.push({...taking, thread, from: i, to: last, released: false});
        continue;
      }
      // Whose it was does not matter for a frozen page; a lock is released by its holder.
      const open = found.findLastIndex(
        (each) =>
          each.key === taking.key &&
          !each.released &&
          (each.what === "frozen" || each.thread === thread),
      );
      if (open >= 0) found[open] = {...found[open], to: i, released: true};
    }
  }
  return found.map(({key: _, ...each}) => each);
}

/** What is held once step `at` has been taken. */
export function heldAt(all: readonly Held[], at: number): Held[] {
  return all.filter(({from, to, released}) => from <= at && (at < to || !released));
}

/** A row for each bar of a lane, so that no two bars of a row overlap; the first row is 0. */
export function rows(bars: readonly Held[]): number[] {
  const ends: number[] = [];
  return bars.map(({from, to}) => {
    const free = ends.findIndex((end) => end < from);
    const row = free < 0 ? ends.length : free;
    ends[row] = to;
    return row;
  });
}
