// How fast this machine is at the moment: a rented processor that others use as well can be twice as slow for minutes, and no figure of the system says so.

const TIMES = 5;
const ROUNDS = 10_000_000;

/** The fastest so far, in ms. */
let best = Infinity;

/** What the processor does now of the most it has done since the start: 0 to 1, of one computation that is always the same. Takes about 0.1 s. */
export function pace(): number {
  const now = Math.min(...Array.from({length: TIMES}, computationMs));
  best = Math.min(best, now);
  return best / now;
}

/** Small random numbers by shifts (Marsaglia's xorshift32), which no compiler can leave out: they end where they must. */
function computationMs(): number {
  const begin = performance.now();
  let state = 1;
  for (let round = 0; round < ROUNDS; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  if (state === 0) throw new Error("xorshift never comes to zero");
  return performance.now() - begin;
}
