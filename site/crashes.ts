// What real kernels said, in numbers: for the sentences that quote them.

export type Crashes = {
  /** Boots of a kernel in which one thread split huge pages and another read. */
  readonly boots: number;
  /** Those that ended in the BUG. */
  readonly crashes: number;
  readonly throughSmaps: number;
  /** The page that was dumped was the former head. */
  readonly ofTheHead: number;
};

export {crashes} from "virtual:crashes";
