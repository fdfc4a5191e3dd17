// A part of the random sequences, one after the other, until one fails: that is made as small as it can be.

import fc from "fast-check";
import type {LinkedKernel} from "../../src/livepatch/index.ts";
import {failureOf, type Failure} from "./run.ts";
import {sequences, type Size} from "./sequences.ts";

export type Part = {
  readonly size: Size;
  readonly runs: number;
  readonly seed: number;
  /** Operations at the most, beside the first few. */
  readonly most: number;
};

export type Found = {
  readonly size: Size;
  readonly sequences: number;
  readonly operations: number;
  readonly failure: Failure | null;
};

/** `onSequence` is called before each, also while one that has failed is made smaller. */
export function hunt(
  linked: LinkedKernel,
  {size, runs, seed, most}: Part,
  onSequence: () => void = () => {},
): Found {
  let operations = 0;
  const property = fc.property(sequences(size, most), (ops) => {
    onSequence();
    operations += ops.length;
    return failureOf(linked, size, ops) === null;
  });
  const {counterexample, numRuns} = fc.check(property, {numRuns: runs, seed});
  const failure = counterexample && failureOf(linked, size, counterexample[0]);
  return {size, sequences: numRuns, operations, failure};
}

/**
 * How so many sequences are divided up: most run on machines whose huge pages are as small as they can be, where everything is near a border, and a
 * few on one like that which was recorded.
 */
export function parts(runs: number, seed: number): Part[] {
  const large = Math.ceil(runs / 500);
  const middle = Math.floor((runs - large) / 3);
  const small = runs - large - middle;
  const all: Part[] = [
    {size: {pages: 4, pmds: 4}, runs: small, seed, most: 24},
    {size: {pages: 8, pmds: 3}, runs: middle, seed, most: 24},
    {size: {pages: 512, pmds: 2}, runs: large, seed, most: 12},
  ];
  return all.filter((part) => part.runs > 0);
}
