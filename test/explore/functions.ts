// What each of the kernel's functions does to its word, said once more by somebody who shares no code with the machine.

/** A step that can be made: what the word holds then, and what the thread sees of it (null: nothing). */
export type Effect = {
  readonly now: number;
  readonly seen: number | null;
  /** False for a load, and for a conditional access whose condition is not met. */
  readonly writes: boolean;
};

/** Not yet; or never: this thread may not unlock. */
export type Refusal = "waits" | "not held";

type Rule = (old: number, value: number, expected: number) => Effect | Refusal;

const truth = (condition: boolean): number => (condition ? 1 : 0);

const reads = (old: number, seen = old): Effect => ({now: old, seen, writes: false});
const writes = (now: number, seen: number | null = null): Effect => ({now, seen, writes: true});
/** Writes if there is anything to be changed. */
const changes = (old: number, now: number, seen: number): Effect => ({
  now,
  seen,
  writes: now !== old,
});

const bitOf = (word: number, bit: number): number => (word >> bit) & 1;
const withBit = (word: number, bit: number): number => word | (1 << bit);
const withoutBit = (word: number, bit: number): number => word & ~(1 << bit);

const RULES = {
  READ_ONCE: (old) => reads(old),
  WRITE_ONCE: (_old, value) => writes(value),
  load: (old) => reads(old),
  store: (_old, value) => writes(value),
  xchg: (old, value) => writes(value, old),
  cmpxchg: (old, value, expected) => changes(old, old === expected ? value : old, old),

  atomic_read: (old) => reads(old),
  atomic_set: (_old, value) => writes(value),
  atomic_add: (old, value) => writes(old + value),
  atomic_sub: (old, value) => writes(old - value),
  atomic_inc: (old) => writes(old + 1),
  atomic_dec: (old) => writes(old - 1),
  atomic_add_return: (old, value) => writes(old + value, old + value),
  atomic_inc_and_test: (old) => writes(old + 1, truth(old === -1)),
  atomic_dec_and_test: (old) => writes(old - 1, truth(old === 1)),
  atomic_sub_and_test: (old, value) => writes(old - value, truth(old === value)),
  atomic_add_negative: (old, value) => writes(old + value, truth(old + value < 0)),
  atomic_add_unless: (old, value, unless) =>
    changes(old, old === unless ? old : old + value, truth(old !== unless)),
  atomic_inc_not_zero: (old) => changes(old, old === 0 ? 0 : old + 1, truth(old !== 0)),
  atomic_xchg: (old, value) => writes(value, old),
  atomic_cmpxchg: (old, value, expected) => changes(old, old === expected ? value : old, old),
  atomic_try_cmpxchg: (old, value, expected) =>
    changes(old, old === expected ? value : old, truth(old === expected)),

  test_bit: (old, bit) => reads(old, bitOf(old, bit)),
  set_bit: (old, bit) => writes(withBit(old, bit)),
  clear_bit: (old, bit) => writes(withoutBit(old, bit)),
  test_and_set_bit: (old, bit) => changes(old, withBit(old, bit), bitOf(old, bit)),
  test_and_clear_bit: (old, bit) => changes(old, withoutBit(old, bit), bitOf(old, bit)),

  spin_lock: (old) => (old === 0 ? writes(1) : "waits"),
  spin_unlock: () => writes(0),
  spin_trylock: (old) => changes(old, old === 0 ? 1 : old, truth(old === 0)),
  down_read: (old) => (old >= 0 ? writes(old + 1) : "waits"),
  up_read: (old) => writes(old - 1),
  down_write: (old) => (old === 0 ? writes(-1) : "waits"),
  up_write: () => writes(0),
  wait_on_bit_lock: (old, bit) => (bitOf(old, bit) ? "waits" : writes(withBit(old, bit))),
  clear_bit_unlock: (old, bit) => (bitOf(old, bit) ? writes(withoutBit(old, bit)) : "not held"),
} as const satisfies Readonly<Record<string, Rule>>;

export type Function = keyof typeof RULES;

/** What `call` does to a word that holds `old`. */
export function effectOf(
  call: Function,
  old: number,
  value: number,
  expected: number,
): Effect | Refusal {
  const rule: Rule = RULES[call];
  return rule(old, value, expected);
}
