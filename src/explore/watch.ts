// What a search may cost, and who wants to know how far it is.

import type {Space} from "./space.ts";

export type Budget = {
  readonly maxStates: number;
  readonly maxSeconds: number;
  /** Called now and then; answers false to stop. */
  readonly onProgress?: ((progress: Progress) => boolean) | undefined;
};

export type Progress = {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  /** Which repetition of the search this is, from 1. */
  readonly round: number;
};

/** Looks at the clock and at the size of the space. */
export class Watch {
  round = 1;
  private readonly space: Space;
  private readonly budget: Budget;
  private readonly started = performance.now();

  constructor(space: Space, budget: Budget) {
    this.space = space;
    this.budget = budget;
  }

  isOver(): boolean {
    const {space, budget, round} = this;
    const seconds = (performance.now() - this.started) / 1000;
    const {size: states, transitions} = space;
    if (budget.onProgress && !budget.onProgress({states, transitions, seconds, round}))
      return true;
    return states > budget.maxStates || seconds > budget.maxSeconds;
  }
}
