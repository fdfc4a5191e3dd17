// Runs a plan step by step: what the explorer's machine, observation trees and schedules come to, written down a second time
// in the shortest way. Every state is a value of its own, nothing is remembered and nothing is undone.

import {effectOf, type Effect, type Refusal} from "./functions.ts";
import {accessesOf, type Access, type Item, type Place, type Plan} from "./plan.ts";

/** A thread: the item it is at and the access within it, what that item has seen so far, what it has noted, and its locks. */
type Runner = {
  readonly item: number;
  readonly part: number;
  readonly sum: number;
  readonly seen: readonly number[];
  readonly held: readonly string[];
};

export type State = {
  /** 32 bits each, as signed numbers. */
  readonly words: readonly number[];
  readonly runners: readonly Runner[];
};

/** A step that was made. */
export type Made = {
  /** Null if the run ends with it. */
  readonly state: State | null;
  /** The words it reads or writes. */
  readonly touches: readonly number[];
  readonly writes: boolean;
  /** Names of what was found at it. */
  readonly found: readonly string[];
  /** What came out, if the run ends with it. */
  readonly outcome: string | null;
};

const TWO_32 = 2 ** 32;

/** The words of a place. */
const WORDS: Readonly<Record<Place, readonly number[]>> = {
  w0: [0],
  w1: [1],
  wide: [0, 1],
  w2: [2],
  byte: [2],
  spinA: [3],
  spinB: [4],
  sem: [5],
};
const NUMBER_OF_WORDS = 6;

export function startOf({first, threads}: Plan): State {
  const words = Array.from({length: NUMBER_OF_WORDS}, (_, i) => first[i] ?? 0);
  const runner = {item: 0, part: 0, sum: 0, seen: [], held: []};
  return {words, runners: threads.map((items) => follow(items, runner).runner)};
}

/** The step that `thread` makes in `state`; or that it waits, or has no more to make. */
export function step(plan: Plan, state: State, thread: number): Made | "waits" | "finished" {
  const access = nextAccess(plan, state, thread);
  if (!access) return "finished";
  const effect = effectIn(state, access, thread);
  if (effect === "waits") return "waits";
  const touches = WORDS[access.at];
  if (effect === "not held") {
    const where = functionOf(plan, state, thread);
    const id = `${access.call} of shared.${access.at}, which T${thread} does not hold${where ? ` in ${where}` : ""}`;
    return {state: null, touches, writes: true, found: [id], outcome: null};
  }
  const words = [...state.words];
  write(words, access.at, effect.now);
  const arrived = follow(
    plan.threads[thread],
    advance(plan, state.runners[thread], thread, effect),
  );
  const runners = state.runners.map((runner, t) => (t === thread ? arrived.runner : runner));
  const {writes} = effect;
  if (!arrived.bug) {
    return {state: {words, runners}, touches, writes, found: arrived.warnings, outcome: null};
  }
  const {value, dumps} = arrived.bug;
  const id = `BUG ${value}${dumps ? ` of ${dumps}` : ""}`;
  const outcome = dumps ? `${id}: ${read(words, dumps)}` : id;
  return {state: null, touches, writes, found: [...arrived.warnings, id], outcome};
}

/** Of a state in which nobody can make a step: what is found there, and what came out. */
export function endOf(plan: Plan, state: State): Pick<Made, "found" | "outcome"> {
  const waits = plan.threads.flatMap((_, thread) => {
    const access = nextAccess(plan, state, thread);
    return access ? [sayWaiting(plan, state, thread, access)] : [];
  });
  if (waits.length > 0) {
    const cause = "(a missing unlock, or locks taken in two orders?)";
    return {found: [`no thread can run: ${waits.join("; ")} ${cause}`], outcome: null};
  }
  const kept = state.runners.flatMap(({held}, thread) =>
    held.map((lock) => `T${thread} has finished and still holds ${lock} (a missing unlock?)`),
  );
  const odd = state.words[0] % 2 === 0 ? [] : [`shared.w0 is ${state.words[0]}`];
  const results = state.runners.map(({seen}) => seen);
  return {
    found: [...new Set([...odd, ...kept])],
    outcome: JSON.stringify({words: state.words, results}),
  };
}

/** Two threads that are about to access the same bytes: one would write, and one is plain. Who waits is not about to. */
export function dataRacesIn(plan: Plan, state: State): string[] {
  const standing = state.runners.flatMap((_, thread) => {
    const access = nextAccess(plan, state, thread);
    return access ? [{thread, access}] : [];
  });
  return standing.flatMap((a, i) =>
    standing.slice(i + 1).flatMap((b) => {
      const plain = isPlain(a.access) || isPlain(b.access);
      if (!plain || !overlap(a.access.at, b.access.at)) return [];
      const effects = [a, b].map(({access, thread}) => effectIn(state, access, thread));
      if (effects.includes("waits")) return [];
      if (!effects.some((effect) => typeof effect === "string" || effect.writes)) return [];
      const both = [a, b].map(({access, thread}) => sayAccess(plan, state, thread, access));
      return [`data race: ${both.sort().join(" and ")}`];
    }),
  );
}

function isPlain({call}: Access): boolean {
  return call === "load" || call === "store";
}

function overlap(a: Place, b: Place): boolean {
  return WORDS[a].some((word) => WORDS[b].includes(word));
}

function sayAccess(plan: Plan, state: State, thread: number, access: Access): string {
  const where = functionOf(plan, state, thread);
  const plain = isPlain(access) ? "plain " : "";
  return `${plain}${access.call} of shared.${access.at}${where ? ` in ${where}()` : ""}`;
}

function sayWaiting(plan: Plan, state: State, thread: number, access: Access): string {
  const where = functionOf(plan, state, thread);
  const holders = state.runners.flatMap(({held}, t) =>
    held.includes(lockOf(access)) ? [`T${t}`] : [],
  );
  const by = holders.length > 0 ? `, held by ${holders.join(" and ")}` : "";
  return `T${thread} waits for shared.${access.at}${where ? ` in ${where}()` : ""}${by}`;
}

function nextAccess({threads}: Plan, {runners}: State, thread: number): Access | undefined {
  const {item, part} = runners[thread];
  const items = threads[thread];
  return item < items.length ? accessesOf(items[item])[part] : undefined;
}

function functionOf({threads}: Plan, {runners}: State, thread: number): string {
  const item = threads[thread][runners[thread].item] as Item | undefined;
  return item && item.do !== "access" ? item.do : "";
}

function effectIn({words, runners}: State, access: Access, thread: number): Effect | Refusal {
  const {call, at, value, expected} = access;
  // A semaphore does not know its readers, but they do.
  const releases = call === "spin_unlock" || call === "up_read" || call === "up_write";
  if (releases && !runners[thread].held.includes(lockOf(access))) return "not held";
  return effectOf(call, read(words, at), value, expected);
}

/** The lock that an access is about, by name: a word, or a bit of one. */
function lockOf({call, at, value}: Access): string {
  return call.includes("bit") ? `bit ${value} of shared.${at}` : `shared.${at}`;
}

/** The locks of a thread after it has made an access. */
function heldAfter(held: readonly string[], access: Access, {seen}: Effect): readonly string[] {
  switch (access.call) {
    case "spin_trylock":
      return seen === 1 ? [...held, lockOf(access)] : held;
    case "spin_lock":
    case "down_read":
    case "down_write":
    case "wait_on_bit_lock":
      return [...held, lockOf(access)];
    case "spin_unlock":
    case "up_read":
    case "up_write":
    case "clear_bit_unlock": {
      const at = held.lastIndexOf(lockOf(access));
      return held.filter((_, i) => i !== at);
    }
    default:
      return held;
  }
}

function read(words: readonly number[], at: Place): number {
  const [low, high] = WORDS[at].map((word) => words[word]);
  if (at === "byte") return (low >> 8) & 0xff;
  return at === "wide" ? high * TWO_32 + unsigned(low) : low;
}

function write(words: number[], at: Place, value: number): void {
  const [low, high] = WORDS[at];
  if (at === "byte") words[low] += ((value & 0xff) - ((words[low] >> 8) & 0xff)) * 256;
  else words[low] = signed(value);
  if (at === "wide") words[high] = signed(Math.floor(value / TWO_32));
}

function unsigned(word: number): number {
  return word < 0 ? word + TWO_32 : word;
}

/** The lowest 32 bits. */
function signed(value: number): number {
  const rest = ((value % TWO_32) + TWO_32) % TWO_32;
  return rest < TWO_32 / 2 ? rest : rest - TWO_32;
}

/** The thread after its access, before it has gone on to the next. */
function advance({threads}: Plan, runner: Runner, thread: number, effect: Effect): Runner {
  const item = threads[thread][runner.item];
  const {seen} = effect;
  const held = heldAfter(runner.held, accessesOf(item)[runner.part], effect);
  const next = {...runner, item: runner.item + 1, part: 0, sum: 0, held};
  if (item.do === "access") return {...next, seen: noted(runner, seen)};
  const sum = runner.sum + (seen ?? 0);
  if (runner.part + 1 < accessesOf(item).length)
    return {...runner, part: runner.part + 1, sum, held};
  return {...next, seen: noted(runner, sum & 1)};
}

function noted({seen}: Runner, value: number | null): readonly number[] {
  return value === null ? seen : [...seen, value];
}

type Arrived = {
  readonly runner: Runner;
  readonly warnings: readonly string[];
  readonly bug: (Item & {do: "bug"}) | null;
};

/** Goes on to the next access, through all that nobody else can see. */
function follow(items: readonly Item[], runner: Runner): Arrived {
  const warnings: string[] = [];
  const last = runner.seen.at(-1);
  let at = runner.item;
  // Only where an item has just ended: the accesses of one item follow each other.
  for (; runner.part === 0 && at < items.length; at++) {
    const item = items[at];
    if (item.do === "skip") at += (last === 0) === item.ifZero ? item.count : 0;
    else if (item.do === "warn") {
      if (last === item.value) warnings.push(`WARN_ON_ONCE(saw ${item.value})`);
    } else if (item.do === "bug") {
      if (last === item.value) return {runner: {...runner, item: at}, warnings, bug: item};
    } else break;
  }
  return {runner: {...runner, item: at}, warnings, bug: null};
}
