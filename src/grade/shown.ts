// What students may see of results. Of hidden properties they learn how many there are and what these give together: neither a title nor a
// message, which would say what is looked at, and never a counterexample.

import {sayCount, sayPoints, sum} from "./points.ts";
import type {PropertyResult, Results} from "./results.ts";

export function shownOf({properties}: Results): readonly PropertyResult[] {
  return properties.filter(({hidden}) => !hidden);
}

/** The hidden properties of one assignment, together. */
export type Hidden = {
  readonly count: number;
  readonly points: number;
  readonly earned: number;
  /** Each of them. */
  readonly passed: boolean;
};

/** Null where there are none. */
export function hiddenOf({properties}: Results): Hidden | null {
  const hidden = properties.filter((property) => property.hidden);
  if (hidden.length === 0) return null;
  return {
    count: hidden.length,
    points: sum(hidden.map(({points}) => points)),
    earned: sum(hidden.map(({earned}) => earned)),
    passed: hidden.every(({status}) => status === "pass"),
  };
}

/** `2 hidden checks, worth 3 points` */
export function nameHidden({count, points}: Hidden): string {
  return `${sayCount(count, "hidden check")}, worth ${sayPoints(points)}`;
}
