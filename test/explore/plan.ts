// A small program as data: what threads do to a handful of words. It can be run by the explorer (plan_program.ts), by an
// interpreter that shares no code with it (interpreter.ts), cut down (shrink.ts) and printed.

import type {Function} from "./functions.ts";

/** Where an access goes: a word, an 8-byte word, a byte within a word, or a lock. */
export type Place =
  | "w0"
  | "w1"
  /** The two words above, as one. */
  | "wide"
  | "w2"
  /** The second byte of w2. */
  | "byte"
  | "spinA"
  | "spinB"
  | "sem";

/** One access to shared memory, by the kernel's function for it. */
export type Access = {
  readonly call: Function;
  readonly at: Place;
  /** The value that is stored or added, the number of the bit. */
  readonly value: number;
  /** What a compare-and-swap expects, and what add_unless avoids. */
  readonly expected: number;
};

/** What a thread does next. "Seen" is what the access before it answered. */
export type Item =
  | {readonly do: "access"; readonly access: Access}
  /** In a function that answers only the parity of what it has seen: the rest may be forgotten. */
  | {readonly do: "parity"; readonly accesses: readonly Access[]}
  /** In a function that answers nothing, but leaves the parity in a list that it was given. */
  | {readonly do: "collect"; readonly accesses: readonly Access[]}
  /** Passes over the next `count` items if 0 was seen, or if anything else was. */
  | {readonly do: "skip"; readonly ifZero: boolean; readonly count: number}
  /** A BUG that dumps a word, or a WARN, if `value` was seen. */
  | {readonly do: "bug"; readonly value: number; readonly dumps: Place | null}
  | {readonly do: "warn"; readonly value: number};

export type Plan = {
  /** What w0, w1 and w2 hold at first. Locks are free. */
  readonly first: readonly number[];
  readonly threads: readonly (readonly Item[])[];
};

export function accessesOf(item: Item): readonly Access[] {
  if (item.do === "access") return [item.access];
  return item.do === "parity" || item.do === "collect" ? item.accesses : [];
}

/** In how many orders its accesses could come, if nobody waited and nothing were passed over: no plan has more schedules. */
export function ordersOf({threads}: Plan): number {
  let steps = 0;
  let orders = 1;
  for (const items of threads) {
    const own = items.flatMap(accessesOf).length;
    for (let i = 1; i <= own; i++) orders *= ++steps / i;
  }
  return Math.round(orders);
}

// A plan as text, a line a thread: "spin_trylock spinA; bug 1 w1; xchg w0 2; parity{load w0, load w1}; skip 2 if 0". What a test
// that fails prints can stand in a test as it is.

export function sayPlan({first, threads}: Plan): string {
  return JSON.stringify({
    first,
    threads: threads.map((items) => items.map(sayItem).join("; ")),
  });
}

export function planOf(threads: readonly string[], first: readonly number[] = [0, 0, 0]): Plan {
  return {first, threads: threads.map((line) => line.split("; ").map(readItem))};
}

function sayItem(item: Item): string {
  switch (item.do) {
    case "access":
      return sayAccess(item.access);
    case "parity":
    case "collect":
      return `${item.do}{${item.accesses.map(sayAccess).join(", ")}}`;
    case "skip":
      return `skip ${item.count} ${item.ifZero ? "if" : "unless"} 0`;
    case "bug":
      return `bug ${item.value} ${item.dumps ?? ""}`.trim();
    case "warn":
      return `warn ${item.value}`;
  }
}

function readItem(text: string): Item {
  const call = /^(parity|collect)\{(.*)\}$/.exec(text);
  if (call) {
    const accesses = call[2].split(", ").map(readAccess);
    return {do: call[1] as "parity" | "collect", accesses};
  }
  const [what, value, more = null] = text.split(" ");
  switch (what) {
    case "skip":
      return {do: "skip", ifZero: more === "if", count: Number(value)};
    case "bug":
      return {do: "bug", value: Number(value), dumps: more as Place | null};
    case "warn":
      return {do: "warn", value: Number(value)};
    default:
      return {do: "access", access: readAccess(text)};
  }
}

function sayAccess({call, at, value, expected}: Access): string {
  return `${call} ${at} ${value} ${expected}`;
}

function readAccess(text: string): Access {
  const [call, at, value = 0, expected = 0] = text.split(" ");
  return {
    call: call as Function,
    at: at as Place,
    value: Number(value),
    expected: Number(expected),
  };
}
