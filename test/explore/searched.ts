// A whole search of a program under a memory model, and nothing but the search.

import {
  runToEnd,
  search,
  Space,
  under,
  type MemoryModel,
  type Program,
} from "../../src/explore/index.ts";
import {expect} from "vitest";

export const NO_LIMIT = {maxStates: Infinity, maxSeconds: Infinity};

/** Nothing has been asked of it yet. */
export function spaceOf(fresh: () => Program, model: MemoryModel): Space {
  return new Space(under(model, fresh()), 20_000);
}

/** The space, of which all is known, and how many states it took. */
export function searched(fresh: () => Program, model: MemoryModel) {
  const space = spaceOf(fresh, model);
  const {complete, states} = runToEnd(search(space, NO_LIMIT));
  expect(complete).toBe(true);
  return {space, states};
}
