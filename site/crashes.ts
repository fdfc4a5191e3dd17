// What real kernels said, in numbers: for the sentences that quote them.

import {crashes as counted} from "virtual:crashes";

export type Crashes = {
  /** Boots of a kernel in which one thread split huge pages and another read. */
  readonly boots: number;
  /** Those that ended in the BUG. */
  readonly crashes: number;
  readonly throughSmaps: number;
  /** The page that was dumped was the former head. */
  readonly ofTheHead: number;
  /** Which part of the huge page was dumped, 0 to 511, once for each crash, in order. */
  readonly subpages: readonly number[];
  /** Huge pages that had been split before, in the middle one of the crashes. */
  readonly splits: number;
  /** From the start of the reading to the crash, in the middle one. */
  readonly seconds: number;
};

export const crashes: Crashes = counted;
