// Who can make a step: a thread, or a store buffer, of which a store reaches memory.
//
// Both are numbers. A thread is its own. The first store that could leave the buffer of a thread's CPU is that number and the number of
// letters there are for threads in a schedule, the second once more that number, and so on: so what a number means does not depend
// on how many threads there are.

export const LETTERS = 26;

export function isThread(mover: number): boolean {
  return mover < LETTERS;
}

/** The thread, or the one on whose CPU the buffer is. */
export function threadOf(mover: number): number {
  return mover % LETTERS;
}

/** Which of the stores that could leave the buffer, from 0; -1 for a thread. */
export function nthStoreOf(mover: number): number {
  return Math.floor(mover / LETTERS) - 1;
}

export function drainOf(thread: number, nth: number): number {
  return thread + LETTERS * (nth + 1);
}
