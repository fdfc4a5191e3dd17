// The comparison: every fix on every race where it applies. What is to be explored is known before, so that several can be explored
// at once; what comes out is the same in any order.

import {link, type LinkedKernel, type Livepatch, type SourceFile} from "../livepatch/index.ts";
import {prepare} from "../livepatch/prepare.ts";
import {verdictOf, type Verdict} from "./cells.ts";
import {keyOf, NOTHING, type Pairing} from "./comparison.ts";
import {families, type Arena} from "./plan.ts";

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
    return families().flatMap(({arenas, mendable = true}) =>
      [NOTHING, ...(mendable ? this.fixes.keys() : [])]
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
