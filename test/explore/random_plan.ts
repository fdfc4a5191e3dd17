// Small random plans: two to four threads on a few words that they fight over.

import type {Function} from "./functions.ts";
import type {Access, Item, Place, Plan} from "./plan.ts";
import {randomNumbers} from "./random_numbers.ts";

const ON_WORDS: readonly Function[] = [
  "load",
  "store",
  "READ_ONCE",
  "WRITE_ONCE",
  "xchg",
  "cmpxchg",
  "atomic_read",
  "atomic_set",
  "atomic_add",
  "atomic_sub",
  "atomic_inc",
  "atomic_dec",
  "atomic_add_return",
  "atomic_inc_and_test",
  "atomic_dec_and_test",
  "atomic_sub_and_test",
  "atomic_add_negative",
  "atomic_add_unless",
  "atomic_inc_not_zero",
  "atomic_xchg",
  "atomic_cmpxchg",
  "atomic_try_cmpxchg",
  "test_bit",
  "set_bit",
  "clear_bit",
  "test_and_set_bit",
  "test_and_clear_bit",
];
const ON_8_BYTES: readonly Function[] = ["READ_ONCE", "WRITE_ONCE", "xchg", "cmpxchg"];
const ON_A_BYTE: readonly Function[] = ["READ_ONCE", "WRITE_ONCE"];

/** Values of an 8-byte word: in its low half, its high half, both. */
const WIDE_VALUES = [0, 1, 2 ** 32, 2 ** 32 + 1, -1];

/** How to lock and how to unlock. A bit of a word that others use for something else is a lock too. */
const LOCKS = [
  {take: "spin_lock", drop: "spin_unlock", at: "spinA", value: 0},
  {take: "spin_lock", drop: "spin_unlock", at: "spinB", value: 0},
  {take: "spin_trylock", drop: "spin_unlock", at: "spinA", value: 0},
  {take: "spin_trylock", drop: "spin_unlock", at: "spinB", value: 0},
  {take: "down_read", drop: "up_read", at: "sem", value: 0},
  {take: "down_read", drop: "up_read", at: "sem", value: 0},
  {take: "down_write", drop: "up_write", at: "sem", value: 0},
  {take: "wait_on_bit_lock", drop: "clear_bit_unlock", at: "w2", value: 0},
  {take: "wait_on_bit_lock", drop: "clear_bit_unlock", at: "w2", value: 1},
] as const satisfies readonly {take: Function; drop: Function; at: Place; value: number}[];

type Below = (n: number) => number;

const oneOf = <T>(below: Below, all: readonly T[]): T => all[below(all.length)];

export function randomPlan(seed: number): Plan {
  const below = randomNumbers(seed);
  const count = 2 + below(3);
  const [mostItems, mostLocks] = [
    [4, 2],
    [3, 2],
    [2, 1],
  ][count - 2];
  // Most threads meet at one word.
  const hot = oneOf<Place>(below, ["w0", "w1", "w2", "wide"]);
  const breaksRules = below(6) === 0;
  const complains = below(3) === 0;
  const threads = Array.from({length: count}, () => {
    let items = Array.from({length: 1 + below(mostItems)}, () => randomItem(below, hot));
    for (let locks = below(mostLocks + 1); locks > 0; locks--) items = locked(below, items);
    if (complains) items = watched(below, items);
    if (below(4) === 0) items = inserted(items, 1 + below(items.length), randomSkip(below));
    return breaksRules ? broken(below, items) : items;
  });
  return {first: [below(3), below(3), below(3)], threads};
}

function randomItem(below: Below, hot: Place): Item {
  const access = () => randomAccess(below, hot);
  switch (below(8)) {
    case 0:
      return {do: "parity", accesses: [access(), access()]};
    case 1:
      return {do: "collect", accesses: [access()]};
    default:
      return {do: "access", access: access()};
  }
}

function randomAccess(below: Below, hot: Place): Access {
  const at = below(2) ? hot : oneOf<Place>(below, ["w0", "w1", "w2", "wide", "byte", "spinA"]);
  if (at === "spinA") return {call: "READ_ONCE", at, value: 0, expected: 0};
  if (at === "byte") return {call: oneOf(below, ON_A_BYTE), at, value: below(3), expected: 0};
  if (at === "wide") {
    const [value, expected] = [oneOf(below, WIDE_VALUES), oneOf(below, WIDE_VALUES)];
    return {call: oneOf(below, ON_8_BYTES), at, value, expected};
  }
  return {call: oneOf(below, ON_WORDS), at, value: below(3), expected: below(3)};
}

const access = (call: Function, at: Place, value: number): Item => ({
  do: "access",
  access: {call, at, value, expected: 0},
});

/** Some of the items between a lock and its unlock; passed over where a trylock fails. */
function locked(below: Below, items: readonly Item[]): Item[] {
  const from = below(items.length);
  const to = from + 1 + below(items.length - from);
  const {take, drop, at, value} = oneOf(below, LOCKS);
  const skip: Item = {do: "skip", ifZero: true, count: to - from + 1};
  return [
    ...items.slice(0, from),
    access(take, at, value),
    ...(take === "spin_trylock" ? [skip] : []),
    ...items.slice(from, to),
    access(drop, at, value),
    ...items.slice(to),
  ];
}

function randomSkip(below: Below): Item {
  return {do: "skip", ifZero: below(2) === 0, count: 1 + below(2)};
}

/** Somewhere a BUG or a WARN, if a certain value was seen. */
function watched(below: Below, items: readonly Item[]): Item[] {
  const value = below(3);
  const dumps = oneOf<Place | null>(below, ["w0", "w1", "w2", "wide", null]);
  const complaint: Item = below(3) ? {do: "bug", value, dumps} : {do: "warn", value};
  return inserted(items, 1 + below(items.length), complaint);
}

/** Somewhere an unlock too many, or one too few. */
function broken(below: Below, items: readonly Item[]): Item[] {
  const {drop, at, value} = oneOf(below, LOCKS);
  if (below(2)) return inserted(items, below(items.length + 1), access(drop, at, value));
  const unlock = items.findIndex((item) => item.do === "access" && item.access.call === drop);
  return items.filter((_, i) => i !== unlock);
}

function inserted(items: readonly Item[], at: number, item: Item): Item[] {
  return [...items.slice(0, at), item, ...items.slice(at)];
}
