// The comparison: every fix on every race where it applies. What is to be explored is known before, so that several can be explored
// at once; what comes out is the same in any order.

import {link, type LinkedKernel, type Livepatch, type SourceFile} from "../livepatch/index.ts";
import {prepare} from "../livepatch/prepare.ts";
import type {Parameters} from "../races/index.ts";
import {verdictOf, type Answer, type Verdict} from "./cells.ts";
import {families, type Arena} from "./plan.ts";

/** The kernel as it was. */
export const NOTHING = "nothing";

export type Cell = {
  readonly fix: string;
  readonly race: string;
  readonly parameters: Parameters;
} & Answer;

/** A fix on a race, and the code that this makes of it. */
export type Pairing = {
  readonly fix: string;
  readonly race: string;
  readonly parameters: Parameters;
  /** Hash of what the race's threads can reach. */
  readonly code: string;
};

export type Comparison = {
  readonly fixes: readonly string[];
  readonly races: readonly string[];
  readonly cells: readonly Cell[];
  /** What was explored: pairings with equal code on equal parameters once. */
  readonly explored: readonly (Pairing & Pick<Verdict, "states" | "complete">)[];
};

/** One exploration. */
export type Task = {readonly fix: string; readonly arena: Arena};

export type Plan = {
  readonly pairings: readonly (Pairing & {readonly arena: Arena})[];
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
    const pairings = families().flatMap(({arenas}) =>
      [NOTHING, ...this.fixes.keys()]
        .filter((fix) => fix === NOTHING || arenas.some((arena) => this.changes(fix, arena)))
        .flatMap((fix) => arenas.map((arena) => this.pairing(fix, arena))),
    );
    const firsts = new Map([...pairings].reverse().map((pairing) => [keyOf(pairing), pairing]));
    const tasks = pairings.filter((pairing) => firsts.get(keyOf(pairing)) === pairing);
    return {pairings, tasks: tasks.map(({fix, arena}) => ({fix, arena}))};
  }

  explore({fix, arena}: Task): Verdict {
    return verdictOf(this.link(fix), arena);
  }

  private changes(fix: string, arena: Arena): boolean {
    return this.codeOf(fix, arena) !== this.codeOf(NOTHING, arena);
  }

  private pairing(fix: string, arena: Arena): Pairing & {arena: Arena} {
    const {race, parameters} = arena;
    return {fix, race: race.name, parameters, code: this.codeOf(fix, arena), arena};
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
export function comparisonOf(
  {pairings, tasks}: Plan,
  verdicts: readonly Verdict[],
): Comparison {
  const byKey = new Map<string, Verdict>();
  tasks.forEach(({fix, arena}, i) => {
    const pairing = pairings.find((p) => p.fix === fix && p.arena === arena)!;
    byKey.set(keyOf(pairing), verdicts[i]);
  });
  const all = pairings.map(({arena: _, ...pairing}) => ({
    pairing,
    verdict: byKey.get(keyOf(pairing))!,
  }));
  return {
    fixes: [...new Set(pairings.map(({fix}) => fix))],
    races: [...new Set(pairings.map(({race}) => race))],
    cells: all.flatMap(({pairing: {fix, race, parameters}, verdict}) =>
      verdict.answers.map((answer) => ({fix, race, parameters, ...answer})),
    ),
    explored: all.map(({pairing, verdict: {states, complete}}) => ({
      ...pairing,
      states,
      complete,
    })),
  };
}
