// What an atomic operation costs on this very machine: alone, and with another CPU that wants the same word. Measured with JavaScript's own
// atomics, which are the processor's: an increment is one locked instruction, a little slower for the loop around it.

/** One measurement; `both`: two CPUs at the same time. */
export type Trial = {
  readonly name: string;
  readonly operation: "load" | "add";
  readonly both: boolean;
  /** Both on one word, or each in a cache line of its own. */
  readonly sameWord: boolean;
};

export const TRIALS: readonly Trial[] = [
  {name: "a load, alone", operation: "load", both: false, sameWord: true},
  {name: "an increment, alone", operation: "add", both: false, sameWord: true},
  {
    name: "an increment, each on a line of its own",
    operation: "add",
    both: true,
    sameWord: false,
  },
  {name: "an increment, both on one word", operation: "add", both: true, sameWord: true},
];

/** Operations of a trial, and trials of which the fastest counts: the others were disturbed. */
export const TIMES = 2_000_000;
export const ROUNDS = 5;

/** Words of 4 bytes in a shared buffer: how many have begun, and far from it and from each other what is worked on. */
const BEGUN = 0;
const WORK = 64;
const FAR = 64;
export const BUFFER_BYTES = 4 * (WORK + 2 * FAR);

/** What one CPU is told; `number` is 0 or 1. */
export type Turn = {
  readonly buffer: SharedArrayBuffer;
  readonly trial: Trial;
  readonly number: number;
};

/** Nanoseconds for each operation. With `both` it begins when the other has come, too. */
export function takeTurn({buffer, trial, number}: Turn): number {
  const words = new Int32Array(buffer);
  const at = WORK + (trial.sameWord ? 0 : FAR * number);
  const others = trial.both ? 2 : 1;
  Atomics.add(words, BEGUN, 1);
  while (Atomics.load(words, BEGUN) < others) {
    // Whoever slept would come late.
  }
  const started = performance.now();
  if (trial.operation === "add") for (let i = 0; i < TIMES; i++) Atomics.add(words, at, 1);
  else for (let i = 0; i < TIMES; i++) Atomics.load(words, at);
  return ((performance.now() - started) * 1e6) / TIMES;
}

export type Measured = {readonly name: string; readonly nanoseconds: number};

/** `run` has a CPU of its own take a turn. One trial after the other. */
export async function measureAtomics(
  run: (turn: Turn) => Promise<number>,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const trial of TRIALS) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const buffer = new SharedArrayBuffer(BUFFER_BYTES);
      const numbers = trial.both ? [0, 1] : [0];
      const all = await Promise.all(numbers.map((number) => run({buffer, trial, number})));
      rounds.push(Math.max(...all));
    }
    measured.push({name: trial.name, nanoseconds: Math.min(...rounds)});
  }
  return measured;
}
