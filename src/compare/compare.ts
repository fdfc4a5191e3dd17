// The comparison: every fix on every race where it applies. What is to be explored is known before, so that several can be explored
// at once; what comes out is the same in any order.

import {link, type LinkedKernel, type Livepatch, type SourceFile} from "../livepatch/index.ts";
import {prepare} from "../livepatch/prepare.ts";
import type {Parameters} from "../races/index.ts";
import {verdictOf, type Answer, type Verdict} from "./cells.ts";
import {families, type Arena} from "./plan.ts";

/** The kernel as it was. */
export const NOTHING = "nothing";

/** A fix on a race in one size, and the code that this makes of it. */
export type Pairing = {
  readonly fix: string;
  readonly race: string;
  readonly parameters: Parameters;
  /** Hash of what the race's threads can reach: the same as with `nothing` where the fix changes none of it. */
  readonly code: string;
};

/** What every pairing comes to, in the order of the story. Pairings with equal code share a verdict. */
export type Comparison = readonly (Pairing & {readonly verdict: Verdict})[];

/** One answer about one fix on one race. */
export type Cell = Omit<Pairing, "code"> & Answer;

/** One exploration. */
export type Task = {readonly fix: string; readonly arena: Arena};

export type Plan = {
  readonly pairings: readonly Pairing[];
  /** One for each code and parameters that differ. */
  readonly tasks: readonly Task[];
};

export class Comparing {
  private readonly sources: readonly SourceFile[];
  private readonly fixes: ReadonlyMap<string, Livepatch>;
  private readonly linked = new Map<string, LinkedKernel>();

  /** Throws a UserError if one of the fixes cannot be linked. */
  constructor(sources: readonly SourceFile[], fixes: readonly Livepatch[]) {
    this.sources = sources;
    this.fixes = new Map(fixes.map((fix) => [fix.name, fix]));
    for (const name of this.fixes.keys()) this.link(name);
  }

  /** What there is to be explored. */
  plan(): Plan {
    const pairings: Pairing[] = [];
    const tasks: Task[] = [];
    const known = new Set<string>();
    for (const {fix, arena} of this.all()) {
      const {race, parameters} = arena;
      const pairing = {fix, race: race.name, parameters, code: this.codeOf(fix, arena)};
      pairings.push(pairing);
      if (known.has(keyOf(pairing))) continue;
      known.add(keyOf(pairing));
      tasks.push({fix, arena});
    }
    return {pairings, tasks};
  }

  explore({fix, arena}: Task): Verdict {
    return verdictOf(this.link(fix), arena);
  }

  private all(): Task[] {
    return families().flatMap(({arenas}) =>
      [NOTHING, ...this.fixes.keys()]
        .filter((fix) => fix === NOTHING || arenas.some((arena) => this.changes(fix, arena)))
        .flatMap((fix) => arenas.map((arena) => ({fix, arena}))),
    );
  }

  private changes(fix: string, arena: Arena): boolean {
    return this.codeOf(fix, arena) !== this.codeOf(NOTHING, arena);
  }

  private codeOf(fix: string, {race, parameters}: Arena): string {
    return this.link(fix).hashOf(race.roots(parameters));
  }

  private link(fix: string): LinkedKernel {
    const known = this.linked.get(fix);
    if (known) return known;
    const patches = fix === NOTHING ? [] : [this.fixes.get(fix)!];
    const linked = link(this.sources, prepare(this.sources, patches));
    this.linked.set(fix, linked);
    return linked;
  }
}

function keyOf({race, parameters, code}: Pairing): string {
  return JSON.stringify([race, parameters, code]);
}

/** `verdicts` are those of the plan's tasks, in their order. */
export function comparisonOf({pairings}: Plan, verdicts: readonly Verdict[]): Comparison {
  const byKey = new Map<string, Verdict>();
  return pairings.map((pairing) => {
    const key = keyOf(pairing);
    const verdict = byKey.get(key) ?? verdicts[byKey.size];
    byKey.set(key, verdict);
    return {...pairing, verdict};
  });
}

/** For a file: a verdict stands where it is first needed, and nowhere else. */
export type Packed = readonly (Pairing & {readonly verdict?: Verdict})[];

export function pack(comparison: Comparison): Packed {
  const known = new Set<Verdict>();
  return comparison.map(({verdict, ...pairing}) => {
    if (known.has(verdict)) return pairing;
    known.add(verdict);
    return {...pairing, verdict};
  });
}

export function unpack(packed: Packed): Comparison {
  const verdicts = packed.flatMap(({verdict}) => (verdict ? [verdict] : []));
  return comparisonOf({pairings: packed.map(({verdict: _, ...p}) => p), tasks: []}, verdicts);
}

/** All that can be asked of a comparison, an answer each: the JSON of `tailpage compare`. */
export function cellsOf(comparison: Comparison): {
  fixes: string[];
  races: string[];
  cells: Cell[];
} {
  return {
    fixes: [...new Set(comparison.map(({fix}) => fix))],
    races: [...new Set(comparison.map(({race}) => race))],
    cells: comparison.flatMap(({fix, race, parameters, verdict}) =>
      verdict.answers.map((answer) => ({fix, race, parameters, ...answer})),
    ),
  };
}
