// What was measured, as plain data, and what of it must agree.

import type {Run} from "./child.ts";
import {nameOf, type Configuration} from "./configurations.ts";
import type {FirstFinding} from "./in_process.ts";
import type {Hunt} from "./hunt.ts";
import type {SpinFigures} from "./spin.ts";
import type {OurFigures} from "./tailpage.ts";

export type Machine = {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Programs that wanted a core when measuring began: with more than a few, only ratios mean something. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  readonly fastCheck: string;
  /** Null where SPIN is not installed. */
  readonly spin: string | null;
  readonly gcc: string | null;
};

/** Figures of each round, in the order of the rounds. */
export type Results = {
  readonly date: string;
  readonly machine: Machine;
  readonly spinIsMissing: string | null;
  /** Node with nothing to do. */
  readonly nodeAlone: readonly Pick<Run, "wallMs" | "peakKb">[];
  /** SPIN on the first configuration, compiled and run in every way that was tried. */
  readonly ways: readonly WayRow[];
  readonly wholeSpace: readonly WholeSpaceRow[];
  readonly toTheBug: readonly BugRow[];
  readonly everyTrace: readonly TraceRow[];
  readonly firstFinding: readonly FirstFinding[];
  readonly hunts: readonly {readonly who: string; readonly hunts: readonly Hunt[]}[];
};

export type WayRow = {readonly way: string; readonly spin: readonly SpinFigures[]};

export type WholeSpaceRow = {
  readonly configuration: Configuration;
  readonly ours: readonly OurFigures[];
  readonly spin: SpinThrice | null;
};

/** SPIN compiled and run in three ways. */
export type SpinThrice = {
  /** As it is usually done. */
  readonly usual: readonly SpinFigures[];
  /** As it is fastest from the model to the verdict. */
  readonly fastest: readonly SpinFigures[];
  /** As it is fastest once it is compiled. */
  readonly compiled: readonly SpinFigures[];
};

export type BugRow = {
  readonly configuration: Configuration;
  readonly ours: readonly OurFigures[];
  readonly spin: readonly SpinFigures[] | null;
};

export type TraceRow = {
  readonly configuration: Configuration;
  readonly dpor: readonly OurFigures[];
  readonly stateful: OurFigures;
};

/** Sentences; none if everybody says the same. */
export function disagreements(results: Results): string[] {
  const {wholeSpace, toTheBug, everyTrace, firstFinding} = results;
  return [
    ...wholeSpace.flatMap(({configuration, ours, spin}) => {
      const thrice = spin ? [...spin.usual, ...spin.fastest, ...spin.compiled] : [];
      return [
        ...compare(nameOf(configuration), "verdict", {
          ours: ours.map(({verdict}) => verdict),
          SPIN: thrice.map(({verdict}) => verdict),
        }),
        ...compare(nameOf(configuration), "number of states", {
          ours: ours.map(({counts}) => counts.states),
        }),
        ...compare(nameOf(configuration), "number of states", {
          SPIN: thrice.map(({states}) => states),
        }),
      ];
    }),
    ...toTheBug.flatMap(({configuration, ours, spin}) => [
      ...compare(nameOf(configuration), "verdict", {
        ours: ours.map(({verdict}) => verdict),
        SPIN: (spin ?? []).map(({verdict}) => verdict),
      }),
      ...compare(nameOf(configuration), "shortest schedule", {
        ours: ours.map(({steps}) => steps),
        SPIN: (spin ?? []).map(({steps}) => steps),
      }),
    ]),
    ...everyTrace.flatMap(({configuration, dpor, stateful}) =>
      compare(nameOf(configuration), "verdict", {
        dpor: dpor.map(({verdict}) => verdict),
        stateful: [stateful.verdict],
      }),
    ),
    ...compare("the first finding in process", "shortest schedule", {
      ours: firstFinding.map(({steps}) => steps),
    }),
  ];
}

/** A sentence if the values are not all one and the same. */
function compare(
  where: string,
  what: string,
  said: Readonly<Record<string, readonly unknown[]>>,
): string[] {
  const all = Object.values(said).flat();
  if (new Set(all).size <= 1) return [];
  const each = Object.entries(said).map(
    ([who, values]) => `${who} ${[...new Set(values)].join(" and ")}`,
  );
  return [`${where}: the ${what} is not the same: ${each.join(", ")}`];
}
