// Small random programs, and what they can do according to somebody who shares no code with the explorer: an interpreter
// of its own and a search over all schedules with nothing left out.

import type {Program, Thread} from "../../src/explore/index.ts";
import {cell, cell_name, type Op} from "../../src/sim/index.ts";
import {boot} from "../support.ts";

/** What a thread does next. Words and locks are numbers. */
export type Item =
  | {readonly do: "load"; readonly word: number}
  | {readonly do: "store" | "add"; readonly word: number; readonly value: number}
  | {
      readonly do: "cmpxchg";
      readonly word: number;
      readonly expected: number;
      readonly value: number;
    }
  /** Adds to another word, but only if the exchange failed: what follows depends on what was seen. */
  | {
      readonly do: "retry";
      readonly word: number;
      readonly expected: number;
      readonly value: number;
      readonly other: number;
    }
  /** Two loads in a function that answers only the parity of their sum: the rest may be forgotten. */
  | {readonly do: "parity"; readonly word: number; readonly other: number}
  /** A load in a function that answers nothing, but leaves the parity in a list that it was given. */
  | {readonly do: "collect"; readonly word: number}
  | {readonly do: "lock" | "unlock"; readonly lock: number};

export type Plan = {
  readonly words: number;
  readonly locks: number;
  readonly threads: readonly (readonly Item[])[];
};

/** mulberry32: the same numbers on every machine. */
export function randomNumbers(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** 2 or 3 threads of 2 to 4 operations on 2 or 3 words; some operations stand between a lock and its unlock. */
export function randomPlan(seed: number): Plan {
  const below = randomNumbers(seed);
  const words = 2 + below(2);
  const threads = Array.from({length: 2 + below(2)}, () => {
    const items = Array.from({length: 2 + below(3)}, () => randomItem(below, words));
    const order = below(2) ? [0, 1] : [1, 0];
    const locks = order.slice(0, Math.min(2, below(4)));
    return locks.reduce((all, lock) => locked(below, all, lock), items);
  });
  return {words, locks: 2, threads};
}

function randomItem(below: (n: number) => number, words: number): Item {
  const word = below(words);
  const other = below(words);
  const value = 1 + below(3);
  const expected = below(2);
  const kinds: Item[] = [
    {do: "load", word},
    {do: "store", word, value},
    {do: "add", word, value},
    {do: "cmpxchg", word, expected, value},
    {do: "retry", word, expected, value, other},
    {do: "parity", word, other},
    {do: "collect", word},
  ];
  return kinds[below(kinds.length)];
}

/** Some of the items between a lock and its unlock. */
function locked(below: (n: number) => number, items: readonly Item[], lock: number): Item[] {
  const from = below(2);
  const to = from + 1 + below(items.length - from);
  return [
    ...items.slice(0, from),
    {do: "lock", lock},
    ...items.slice(from, to),
    {do: "unlock", lock},
    ...items.slice(to),
  ];
}

export const ODD = "the first word is even";

/** The plan as a program for the explorer, on a machine of its own. */
export function programOf({words, locks, threads}: Plan): Program {
  const {kernel, machine} = boot();
  const make = (name: string, n: number) =>
    Array.from({length: n}, (_, i) =>
      cell("shared", `${name}${i}`, machine.memory.allocate(4), 4),
    );
  const word = make("word", words);
  const lock = make("lock", locks);

  const parity = kernel.marked("parity", function* (one: number, other: number): Op<number> {
    const a = yield* kernel.load(word[one]);
    const b = yield* kernel.load(word[other]);
    return (a + b) & 1;
  });

  const collect = kernel.marked("collect", function* (i: number, into: number[]): Op<void> {
    const value = yield* kernel.load(word[i]);
    into.push(value & 1);
  });

  function* perform(item: Item, seen: number[]): Op<number | null> {
    switch (item.do) {
      case "load":
        return yield* kernel.load(word[item.word]);
      case "store":
        yield* kernel.store(word[item.word], item.value);
        return null;
      case "add":
        yield* kernel.atomic_add(word[item.word], item.value);
        return null;
      case "cmpxchg":
        return (yield* kernel.atomic_try_cmpxchg(word[item.word], item.expected, item.value))
          ? 1
          : 0;
      case "retry": {
        const done = yield* kernel.atomic_try_cmpxchg(
          word[item.word],
          item.expected,
          item.value,
        );
        if (!done) yield* kernel.atomic_inc(word[item.other]);
        return null;
      }
      case "parity":
        return yield* parity(item.word, item.other);
      case "collect":
        yield* collect(item.word, seen);
        return null;
      case "lock":
        yield* kernel.spin_lock(lock[item.lock]);
        return null;
      case "unlock":
        yield* kernel.spin_unlock(lock[item.lock]);
        return null;
    }
  }

  const thread = (items: readonly Item[], i: number): Thread => ({
    name: `T${i}`,
    *run() {
      const seen: number[] = [];
      for (const item of items) {
        const answer = yield* perform(item, seen);
        if (answer !== null) seen.push(answer);
      }
      return seen;
    },
  });

  return {
    race: "random",
    parameters: {},
    livepatches: [],
    code: "00000000",
    machine,
    threads: threads.map(thread),
    interrupts: threads.map((_, i) =>
      cell(`CPU ${i}`, "interrupts off", machine.memory.allocate(4), 4),
    ),
    invariants: [
      {
        name: ODD,
        check(memory) {
          const value = memory.read(word[0]);
          return value % 2 === 0 ? null : `${cell_name(word[0])} is ${value}`;
        },
      },
    ],
    monitors: [],
    outcome: ({memory, results}) =>
      JSON.stringify({words: word.map((c) => memory.read(c)), results}),
    shows: [],
    print: (_cell, value) => String(value),
    place: () => null,
  };
}

/** One thread of the interpreter: the steps left to make, what it has noted, and the sum it is at. */
type Runner = {
  readonly at: number;
  readonly half: number | null;
  readonly seen: readonly number[];
};
type State = {
  readonly words: readonly number[];
  readonly locks: readonly number[];
  readonly runners: readonly Runner[];
};

/** The state after `thread`'s next step; null if it has none or waits. */
function step(plan: Plan, state: State, thread: number): State | null {
  const item = plan.threads[thread][state.runners[thread].at] as Item | undefined;
  if (!item) return null;
  const words = [...state.words];
  const locks = [...state.locks];
  const runner = state.runners[thread];
  const next = (
    seen: readonly number[] = runner.seen,
    half: number | null = null,
    at = runner.at + 1,
  ): State => ({
    words,
    locks,
    runners: state.runners.map((r, i) => (i === thread ? {at, half, seen} : r)),
  });
  switch (item.do) {
    case "load":
      return next([...runner.seen, words[item.word]]);
    case "store":
      words[item.word] = item.value;
      return next();
    case "add":
      words[item.word] += item.value;
      return next();
    case "cmpxchg": {
      const same = words[item.word] === item.expected;
      if (same) words[item.word] = item.value;
      return next([...runner.seen, same ? 1 : 0]);
    }
    case "retry":
      if (runner.half !== null) {
        words[item.other]++;
        return next();
      }
      if (words[item.word] !== item.expected) return next(runner.seen, 0, runner.at);
      words[item.word] = item.value;
      return next();
    case "parity":
      if (runner.half === null) return next(runner.seen, words[item.word], runner.at);
      return next([...runner.seen, (runner.half + words[item.other]) & 1]);
    case "collect":
      return next([...runner.seen, words[item.word] & 1]);
    case "lock":
      if (locks[item.lock] !== 0) return null;
      locks[item.lock] = thread + 1;
      return next();
    case "unlock":
      locks[item.lock] = 0;
      return next();
  }
}

function start(plan: Plan): State {
  return {
    words: Array<number>(plan.words).fill(0),
    locks: Array<number>(plan.locks).fill(0),
    runners: plan.threads.map(() => ({at: 0, half: null, seen: []})),
  };
}

function waitsFor(plan: Plan, state: State): string[] {
  return state.runners.flatMap(({at}, thread) => {
    const item = plan.threads[thread][at] as Item | undefined;
    return item?.do === "lock" ? [`T${thread} waits for shared.lock${item.lock}`] : [];
  });
}

export type Truth = {
  readonly outcomes: ReadonlySet<string>;
  readonly deadlocks: ReadonlySet<string>;
  /** What is wrong at the end of some run, by message: the fewest steps and the fewest preemptions to it. */
  readonly wrong: ReadonlyMap<string, {readonly steps: number; readonly preemptions: number}>;
};

/** Everything that the plan can do: all states, each with the thread that moved last. */
export function everySchedule(plan: Plan): Truth {
  const outcomes = new Set<string>();
  const deadlocks = new Set<string>();
  const wrong = new Map<string, {steps: number; preemptions: number}>();
  const cheapest = new Map<string, number>();
  const note = (message: string, steps: number, preemptions: number): void => {
    const known = wrong.get(message) ?? {steps: Infinity, preemptions: Infinity};
    wrong.set(message, {
      steps: Math.min(known.steps, steps),
      preemptions: Math.min(known.preemptions, preemptions),
    });
  };

  const visit = (state: State, last: number, steps: number, preemptions: number): void => {
    // The number of steps is part of the state: a step is never undone.
    const key = JSON.stringify([state, last, steps]);
    if ((cheapest.get(key) ?? Infinity) <= preemptions) return;
    cheapest.set(key, preemptions);
    const nexts = plan.threads.map((_, thread) => step(plan, state, thread));
    if (nexts.every((next) => next === null)) {
      const waits = waitsFor(plan, state);
      if (waits.length > 0) {
        deadlocks.add(waits.join("; "));
        note(waits.join("; "), steps, preemptions);
      } else {
        outcomes.add(
          JSON.stringify({words: state.words, results: state.runners.map(({seen}) => seen)}),
        );
        if (state.words[0] % 2 !== 0)
          note(`shared.word0 is ${state.words[0]}`, steps, preemptions);
      }
      return;
    }
    nexts.forEach((next, thread) => {
      const preempts = last >= 0 && thread !== last && nexts[last] !== null;
      if (next) visit(next, thread, steps + 1, preemptions + (preempts ? 1 : 0));
    });
  };
  visit(start(plan), -1, 0, 0);
  return {outcomes, deadlocks, wrong};
}
