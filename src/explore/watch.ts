// What a search may cost, and who wants to know how far it is.
//
// A search stops now and then to say how far it is, and is told whether to go on: so whoever runs it can show progress,
// stop it, or let a page breathe between two slices of it.

import type {Space} from "./space.ts";

export type Budget = {
  readonly maxStates: number;
  readonly maxSeconds: number;
  /** Of memory, for states; see Space.bytes. */
  readonly maxMegabytes?: number;
};

export type Progress = {
  readonly states: number;
  readonly transitions: number;
  /** Runs to an end, where the strategy makes such. */
  readonly executions: number;
  readonly seconds: number;
  /** Of memory, for states. */
  readonly bytes: number;
  /** How much is left, if anything can be said of that. */
  readonly left: Estimate | null;
};

/**
 * What is left: at least `from`, and at most `to`, or null where that cannot be told: how many states lie behind those that
 * wait, or how many races an execution will show, is not known before.
 */
export type Estimate = {
  readonly unit: "states" | "executions";
  readonly done: number;
  readonly from: number;
  readonly to: number | null;
};

/** Ends with a T. After each progress it is told whether to go on; if not, it ends soon. */
export type Search<T> = Generator<Progress, T, boolean>;

/** Looks at the clock and at the size of the space. */
export class Watch {
  private readonly space: Space;
  private readonly budget: Budget;
  private readonly started = performance.now();

  constructor(space: Space, budget: Budget) {
    this.space = space;
    this.budget = budget;
  }

  /** Says how far the search is; false if it is to stop. */
  *mayGoOn({
    executions = 0,
    left = null,
  }: Partial<Pick<Progress, "executions" | "left">> = {}): Search<boolean> {
    const {space, budget} = this;
    const seconds = (performance.now() - this.started) / 1000;
    const {size: states, transitions, bytes} = space;
    const wanted = yield {states, transitions, executions, seconds, bytes, left};
    return (
      wanted &&
      states <= budget.maxStates &&
      seconds <= budget.maxSeconds &&
      bytes <= (budget.maxMegabytes ?? Infinity) * 2 ** 20
    );
  }
}

/** Runs a search to its end; `onProgress` answers false to stop it. */
export function runToEnd<T>(
  search: Search<T>,
  onProgress: (progress: Progress) => boolean = () => true,
): T {
  let step = search.next(true);
  while (!step.done) step = search.next(onProgress(step.value));
  return step.value;
}
