// Points in words, and as a share of all points.

import type {Results} from "./results.ts";

/** `1 point`, `3 points`. */
export function sayPoints(points: number): string {
  return sayCount(points, "point");
}

export function sayCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** From 0 to 1. Where there are no points to be had, all or nothing; and nothing for a file that is of no assignment. */
export function shareOf({score, maxScore, properties}: Results): number {
  if (maxScore > 0) return score / maxScore;
  return properties.length > 0 && properties.every(({status}) => status === "pass") ? 1 : 0;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
